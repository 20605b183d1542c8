import { describe, expect, it } from 'vitest';
import { type PreviewWorld, previewOf } from './preview.ts';
import type { StepData } from './step-data.ts';

const step = (id: string, records: Record<string, unknown>[]): StepData => ({
  id,
  name: `Step ${id}`,
  type: 'no-op',
  connector: 'flow',
  port: 'records',
  records,
  total: records.length,
  from: records.length > 0 ? 'run' : 'nothing',
  at: undefined,
  loading: false,
});

const rows = [
  { id: 1, name: 'Ada', note: '' },
  { id: 3, name: 'Grace', note: null },
];

const world: PreviewWorld = {
  row: rows[1],
  position: 1,
  rows,
  steps: [
    step('all', [
      { id: 1, city: 'Leeds' },
      { id: 2, city: 'York' },
      { id: 3, city: 'Bath' },
    ]),
    step('none', []),
  ],
  now: Date.UTC(2025, 0, 1),
  zone: 'UTC',
  workflow: { id: 'w', name: 'W' },
  vars: { region: 'EMEA' },
};

describe('preview of a field', () => {
  it('evaluates for the sample row', () => {
    expect(previewOf('=Hi {{ $json.name }}', world)).toEqual({ kind: 'value', text: 'Hi Grace' });
    expect(previewOf('={{ $vars.region }}', world)).toEqual({ kind: 'value', text: 'EMEA' });
  });

  it('finds the record of an earlier step that the row came from', () => {
    expect(previewOf("={{ $('all').item.city }}", world)).toEqual({ kind: 'value', text: 'Bath' });
    expect(previewOf("={{ $('Step all').first().city }}", world)).toEqual({ kind: 'value', text: 'Leeds' });
  });

  it('says when there is nothing for this row, and when there is no data at all', () => {
    expect(previewOf('={{ $json.note }}', world)).toEqual({ kind: 'empty' });
    expect(previewOf('={{ $json.missing }}', world)).toEqual({ kind: 'empty' });
    expect(previewOf("={{ $('none').item.x }}", world)).toEqual({ kind: 'no-data' });
    expect(previewOf('={{ $json.name }}', { ...world, row: undefined, rows: [] })).toEqual({ kind: 'no-data' });
  });

  it('says what is wrong and what to do', () => {
    expect(previewOf('={{ $json. }}', world)).toMatchObject({ kind: 'problem', message: expect.any(String) });
    expect(previewOf("={{ $('nowhere').item.x }}", world).kind).toBe('problem');
  });
});
