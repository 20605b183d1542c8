import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineCredential } from './credential.ts';
import { describeNode } from './describe.ts';
import { field } from './fields.ts';
import { defineNode, route } from './node.ts';
import { each } from './runners.ts';
import { defineTrigger } from './trigger.ts';

const account = defineCredential({
  type: 'crm',
  title: 'CRM',
  connector: 'crm',
  fields: z.strictObject({ token: field.text({ label: 'Token', secret: true }) }),
  test: async () => ({ message: 'Connected' }),
});

const make = () =>
  defineNode(
    {
      type: 'crm.write',
      version: 3,
      title: 'Write',
      summary: 'Write {object}',
      connector: 'crm',
      category: 'connector',
      keywords: ['save'],
      credential: account,
      params: z.strictObject({
        object: field.pick({ label: 'Object', load: 'objects' }),
        size: field.number({ label: 'Size', min: 1 }).default(200),
        note: field.text({ label: 'Note' }).optional(),
        when: field.conditions({ label: 'When', scope: 'own' }).optional(),
      }),
      outputs: ['records', route('other'), 'rejected'],
      effect: [{ when: { size: [1] }, effect: 'once' }, { effect: 'idempotent' }],
      verify: { needs: ['note'], ask: async () => ({ outcome: 'unknown', said: 'It cannot be told.' }) },
      upgrades: { 1: (params) => params, 2: (params) => params },
      load: { objects: () => [] },
    },
    each((record) => record),
  );

describe('describeNode', () => {
  it('tells all that the canvas needs, as plain JSON', () => {
    const type = describeNode(make() as never);
    expect(JSON.parse(JSON.stringify(type))).toStrictEqual(type);
    expect(type).toMatchObject({
      kind: 'action',
      category: 'connector',
      credentials: ['crm'],
      effect: [{ when: { size: [1] }, effect: 'once' }, { effect: 'idempotent' }],
      verify: { needs: ['note'] },
      loads: ['object'],
      preview: false,
      inputs: [{ name: 'input', many: true }],
      outputs: [
        { name: 'records', fires: 'always' },
        { name: 'other', fires: 'with-records' },
        { name: 'rejected', fires: 'with-records', mustBeTaken: true },
      ],
    });
    expect(type.params.required).toEqual(['object']);
    expect(type.params.properties).toMatchObject({
      object: { type: 'string', ui: { kind: 'choice', label: 'Object', load: 'objects', scope: 'step' } },
      size: { type: 'number', minimum: 1, default: 200, ui: { label: 'Size' } },
      note: { type: 'string', minLength: 1, ui: { kind: 'text' } },
      when: { ui: { kind: 'conditions', scope: 'own' } },
    });
  });

  it('says the same every time', () => {
    expect(JSON.stringify(describeNode(make() as never))).toBe(JSON.stringify(describeNode(make() as never)));
  });

  it('tells of triggers that they have no input and one output', () => {
    const type = describeNode(
      defineTrigger({
        type: 'tick',
        version: 1,
        title: 'Tick',
        summary: 'Tick',
        connector: 'tick',
        params: z.strictObject({}),
        source: () => ({ kind: 'manual', records: [] }),
      }),
    );
    expect(type).toMatchObject({
      kind: 'trigger',
      category: 'trigger',
      inputs: [],
      outputs: [{ name: 'records' }],
      credentials: [],
    });
  });
});
