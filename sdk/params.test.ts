import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { NodeView, Scope } from '../spec/expression/scope.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { NodeError } from './errors.ts';
import { field } from './fields.ts';
import { compileParams } from './params.ts';

const nothing: NodeView = { item: () => undefined, first: () => undefined, last: () => undefined, all: () => [] };

function scope(json: DataRecord, more: Partial<Scope> = {}): Scope {
  return {
    json,
    itemIndex: 0,
    node: () => undefined,
    input: nothing,
    now: 0,
    zone: 'UTC',
    run: {},
    workflow: {},
    vars: {},
    ...more,
  };
}

function failure(act: () => unknown): NodeError {
  try {
    act();
  } catch (error) {
    if (error instanceof NodeError) return error;
    throw error;
  }
  throw new Error('It did not fail');
}

const amount = z.object({ amount: field.number({ label: 'Amount', min: 0 }) });

describe('compileParams', () => {
  it('gives the very same object for every record when nothing varies', () => {
    const params = compileParams(amount, { amount: 3 });
    expect(params.variesByRecord).toBe(false);
    expect(params.resolve(scope({ a: 1 }))).toBe(params.resolve(scope({ a: 2 })));
    expect(params.resolve(scope({}))).toEqual({ amount: 3 });
  });

  it('evaluates and checks what varies for each record', () => {
    const params = compileParams(amount, { amount: '={{ $json.x * 2 }}' });
    expect(params.variesByRecord).toBe(true);
    expect(params.resolve(scope({ x: 4 }))).toEqual({ amount: 8 });
    const error = failure(() => compileParams(amount, { amount: '={{ $json.x }}' }).resolve(scope({ x: 'abc' })));
    expect(error).toMatchObject({ class: 'bad-data', code: 'parameter-wrong', field: 'Amount' });
    expect(error.message).toBe("Amount must be a number; this record gives the text 'abc'.");
  });

  it('says when a record has nothing for a parameter', () => {
    const error = failure(() => compileParams(amount, { amount: '={{ $json.x }}' }).resolve(scope({})));
    expect(error).toMatchObject({ class: 'bad-data', code: 'parameter-missing' });
    expect(error.message).toBe('Amount is missing for this record.');
  });

  it('refuses a fixed value that does not fit as a fault of the set-up', () => {
    expect(failure(() => compileParams(amount, { amount: 'abc' }))).toMatchObject({
      class: 'config',
      message: "Amount must be a number; it is the text 'abc'.",
    });
    expect(failure(() => compileParams(amount, {}))).toMatchObject({ class: 'config', message: 'Amount is missing.' });
    expect(failure(() => compileParams(amount, { amount: -1 })).message).toBe(
      'Amount must be at least 0; it is the number -1.',
    );
  });

  it('names the field inside lists and groups', () => {
    const schema = z.object({
      rules: field.list(field.group({ most: field.number({ label: 'At most' }) }, { label: 'Rule' }), {
        label: 'Rules',
      }),
    });
    const error = failure(() => compileParams(schema, { rules: [{ most: 'x' }] }));
    expect(error.message).toBe("At most must be a number; it is the text 'x'.");
  });

  it('reads a field that a form left empty as not given', () => {
    const schema = z.object({
      thread: field.text({ label: 'Thread' }).optional(),
      max: field.number({ label: 'Max' }).default(5),
    });
    expect(compileParams(schema, { thread: '', max: null }).resolve(scope({}))).toEqual({ max: 5 });
    const varying = compileParams(schema, { thread: '={{ $json.t }}' });
    expect(varying.resolve(scope({ t: null })).thread).toBeUndefined();
  });

  it('evaluates what reads no record once', () => {
    const params = compileParams(z.object({ a: field.json({ label: 'A' }), b: field.json({ label: 'B' }) }), {
      a: '={{ { n: $vars.n } }}',
      b: '={{ $json.b }}',
    });
    const first = params.resolve(scope({ b: 1 }, { vars: { n: 1 } }));
    const second = params.resolve(scope({ b: 2 }, { vars: { n: 1 } }));
    expect(first).toEqual({ a: { n: 1 }, b: 1 });
    expect(second.a).toBe(first.a);
    expect(second.b).toBe(2);
    expect(params.fresh().resolve(scope({ b: 2 }, { vars: { n: 9 } })).a).toEqual({ n: 9 });
  });

  it('takes the whole output of a step as the same for every record, and its item as each record’s own', () => {
    const schema = z.object({ text: field.text({ label: 'Text' }) });
    const view: NodeView = { item: () => ({ n: 'own' }), first: () => ({ n: 1 }), last: () => ({}), all: () => [1, 2] };
    const more = { node: () => view, input: view };
    const whole = compileParams(schema, { text: "={{ $input.all().length }} of {{ $('a').first().n }}" });
    expect(whole.variesByRecord).toBe(false);
    expect(whole.resolveStep(scope({}, more)).text).toBe('2 of 1');
    const own = compileParams(schema, { text: "={{ $('a').item.n }}" });
    expect(own.variesByRecord).toBe(true);
    expect(failure(() => own.resolveStep(scope({}, more)).text).code).toBe('parameter-reads-record');
  });

  it('keeps the order of fields and turns what is missing into null', () => {
    const params = compileParams(z.object({ fields: field.keyValues({ label: 'Fields' }) }), {
      fields: { z: '={{ $json.gone }}', a: 1, m: ['={{ $json.x }}', 'x'] },
    });
    const { fields } = params.resolve(scope({ x: 7 }));
    expect(Object.entries(fields)).toEqual([
      ['z', null],
      ['a', 1],
      ['m', [7, 'x']],
    ]);
  });

  it('leaves literal and own parameters as they stand', () => {
    const schema = z.object({
      cron: field.cron({ label: 'Cron' }),
      fields: field.keyValues({ label: 'Fields', scope: 'own' }),
    });
    const params = compileParams(schema, { cron: '={{ x', fields: { n: '={{ $index }}' } });
    expect(params.resolve(scope({}))).toEqual({ cron: '={{ x', fields: { n: '={{ $index }}' } });
    expect(params.variesByRecord).toBe(false);
    expect(params.prepare({ n: '={{ $index }}' })(scope({}, { index: 4 }))).toEqual({ n: 4 });
  });

  it('refuses to read the record in a parameter that is one for the step, at any depth', () => {
    const schema = z.object({
      by: field.list(field.group({ field: field.fieldName({ label: 'Field' }) }, { label: 'Key' }), {
        label: 'Sort by',
      }),
    });
    expect(failure(() => compileParams(schema, { by: [{ field: '={{ $json.x }}' }] }))).toMatchObject({
      class: 'config',
      code: 'parameter-reads-record',
      field: 'Field',
    });
    expect(
      compileParams(schema, { by: [{ field: '={{ $vars.x }}' }] }).resolve(scope({}, { vars: { x: 'n' } })),
    ).toEqual({
      by: [{ field: 'n' }],
    });
  });

  it('gives the parameters of the step, and refuses those that need a record only when they are read', () => {
    const schema = z.object({ size: field.number({ label: 'Size' }), value: field.json({ label: 'Value' }) });
    const params = compileParams(schema, { size: 2, value: '={{ $json.x }}' }).resolveStep(scope({}));
    expect(params.size).toBe(2);
    expect(failure(() => params.value)).toMatchObject({ class: 'config', field: 'Value' });
  });

  it('says which parameter an expression failed in', () => {
    const schema = z.object({ value: field.json({ label: 'Value' }) });
    const error = failure(() => compileParams(schema, { value: '={{ $json.x - 1 }}' }).resolve(scope({ x: 'abc' })));
    expect(error).toMatchObject({ class: 'bad-data', field: 'Value' });
    expect(error.message).toMatch(/^Value: /);
  });

  it('tells what all templates read, those of own parameters included', () => {
    const schema = z.object({ a: field.json({ label: 'A' }), b: field.json({ label: 'B', scope: 'own' }) });
    const { reads } = compileParams(schema, { a: '={{ $json.x }}', b: ["={{ $('scores').item.y }}", '={{ $now }}'] });
    expect(reads).toMatchObject({ json: true, fields: ['x'], nodes: ['scores'], now: true });
  });

  it('refuses a setting that the node does not have when the schema is strict', () => {
    const error = failure(() => compileParams(z.strictObject({}), { tpyo: 1 }));
    expect(error.message).toContain('"tpyo"');
  });

  it('cannot be made to set a prototype', () => {
    const schema = z.object({ fields: field.keyValues({ label: 'Fields' }) });
    const raw = JSON.parse('{"fields":{"__proto__":"={{ $json }}"}}') as DataRecord;
    expect(failure(() => compileParams(schema, raw)).class).toBe('config');
  });

  it('keeps checks that concern several parameters together', () => {
    const schema = z
      .object({ min: field.number({ label: 'At least' }), max: field.number({ label: 'At most' }) })
      .refine(({ min, max }) => min <= max, { message: 'At most must not be less than At least', path: ['max'] });
    expect(failure(() => compileParams(schema, { min: 2, max: 1 }).resolve(scope({})))).toMatchObject({
      class: 'config',
      field: 'At most',
      remedy: 'At most must not be less than At least.',
    });
    const varying = compileParams(schema, { min: '={{ $json.n }}', max: 5 });
    expect(varying.resolve(scope({ n: 1 }))).toEqual({ min: 1, max: 5 });
    expect(failure(() => varying.resolve(scope({ n: 9 }))).class).toBe('bad-data');
  });
});
