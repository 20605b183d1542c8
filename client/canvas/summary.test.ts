import { describe, expect, it } from 'vitest';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { summaryText, valueWords } from './summary.ts';

const upsert = {
  type: 'sql.upsert',
  summary: 'Upsert into {table}, matching on {key}',
  params: {
    required: ['table', 'key'],
    properties: {
      table: { ui: { kind: 'choice', label: 'Table' } },
      key: { ui: { kind: 'field-names', label: 'Key' } },
    },
  },
} as unknown as NodeType;

const node = (params: Record<string, unknown>) => ({ id: 'n', type: 'sql.upsert', version: 1, name: 'N', params });

describe('summary of a node', () => {
  it('fills in parameters and says what is not set', () => {
    expect(summaryText(node({ table: 'accounts', key: ['id'] }), upsert)).toBe('Upsert into accounts, matching on id');
    expect(summaryText(node({ table: 'accounts' }), upsert)).toBe('Upsert into accounts, matching on (key not set)');
  });

  it('says so when the type is unknown', () => {
    expect(summaryText(node({}), undefined)).toBe('Unknown kind of step: sql.upsert');
  });

  it('shows references by their column', () => {
    expect(valueWords("=Hi {{ $('a').item.name }}")).toBe('Hi name');
    expect(valueWords('={{ round($json.score) }}')).toBe('round($json.score)');
  });

  it('counts what is too long to show', () => {
    expect(valueWords({ all: [{}, {}] })).toBe('2 conditions');
    expect(valueWords({ a: 1, b: 2, c: 3, d: 4 })).toBe('4 fields');
    expect(valueWords([{ field: 'a', order: 'asc' }])).toBe('a');
  });
});
