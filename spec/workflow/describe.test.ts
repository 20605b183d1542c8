import { describe, expect, it } from 'vitest';
import type { Conditions } from './conditions.ts';
import { describeConditions, describeNode } from './describe.ts';
import type { FieldUi, NodeType } from './node-type.ts';

describe('conditions in one line', () => {
  it.each<[Conditions, string]>([
    [{ all: [] }, ''],
    [
      {
        all: [
          { left: '={{ $json.score }}', is: 'greater-than', right: 50 },
          { left: '={{ $json.country }}', is: 'equals', right: 'DE' },
        ],
      },
      'score > 50 and country is DE',
    ],
    [
      {
        all: [
          { left: "={{ $('Accounts').item.tier }}", is: 'in', right: ['A', 'B'] },
          {
            any: [
              { left: '={{ $json.a }}', is: 'is-empty' },
              { left: '={{ round($json.b) }}', is: 'is-type', right: 'text' },
            ],
          },
        ],
      },
      'tier of Accounts is one of A, B and (a is empty or round($json.b) is of type text)',
    ],
    [{ any: [{ left: 'x', is: 'equals' }] }, 'x is …'],
  ])('%j', (conditions, text) => {
    expect(describeConditions(conditions)).toBe(text);
  });
});

describe('a node in one line', () => {
  const ui = (kind: FieldUi['kind'], more: Partial<FieldUi> = {}) => ({ ui: { kind, label: kind, ...more } });
  const type = (summary: string): NodeType => ({
    type: 't',
    version: 1,
    kind: 'action',
    category: 'data',
    title: 'T',
    summary,
    connector: 'c',
    keywords: [],
    credentials: [],
    params: {
      properties: {
        table: ui('text'),
        key: ui('field-names'),
        how: { ...ui('choice', { options: [{ value: 'left', label: 'all of the left' }] }), default: 'left' },
        code: ui('code', { scope: 'literal' }),
      },
    },
    inputs: [],
    outputs: [],
    effect: 'none',
    loads: [],
    preview: false,
    examples: [],
  });

  it.each([
    [
      'Upsert into {table}, matching on {key}',
      { table: 'accounts', key: ['id', 'region'] },
      'Upsert into accounts, matching on id, region',
    ],
    ['Upsert into {table}', {}, 'Upsert into …'],
    ['Write {table}', { table: '=sales_{{ $json.year }}' }, 'Write sales_year'],
    ['Join, {how}', {}, 'Join, all of the left'],
    ['Run {code}', { code: '=a\n  b' }, 'Run =a b'],
    ['Keep {table}', { table: { all: [{ left: 1, is: 'is-true' }] } }, 'Keep 1 is true'],
    ['Sort by {table}', { table: [{ field: 'a' }, { field: 'b' }] }, 'Sort by a, b'],
    ['Set {table}', { table: { x: 1, y: 2 } }, 'Set x, y'],
    ['Long {table}', { table: 'x'.repeat(100) }, `Long ${'x'.repeat(59)}…`],
  ])('%s with %j', (summary, params, text) => {
    expect(describeNode(type(summary), { params })).toBe(text);
  });
});
