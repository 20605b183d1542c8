import { expect, test } from 'vitest';
import type { Trace } from '../../spec/api/trace.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { fieldChanges } from './record-changes.ts';
import { roundOf, stopBefore, stopsOf } from './trace-stops.ts';

const step = (node: string, ports: Trace['before'][number]['ports']) => ({
  node,
  step: node,
  name: node,
  type: 'set-fields',
  status: 'succeeded' as const,
  ports,
});
const one = (port: string, index: number) => ({ port, total: 9, count: 1, records: [{ index, record: { index } }] });

const trace: Trace = {
  here: {
    node: 'mid',
    step: 'mid',
    name: 'mid',
    type: 'filter',
    side: 'out',
    port: 'kept',
    total: 9,
    index: 4,
    record: { n: 4 },
  },
  before: [step('start', [one('records', 7)])],
  after: [step('split', [one('a', 1), one('b', 2)]), step('end', [])],
};

const document = {
  edges: [
    { from: 'start', to: 'mid' },
    { from: 'mid', output: 'kept', to: 'split' },
    { from: 'split', output: 'a', to: 'end' },
    { from: 'split', output: 'b', to: 'end' },
  ],
} as unknown as Workflow;

test('makes one line of stops, with one for each output and for a step that gave nothing', () => {
  expect(stopsOf(trace).map(({ key, where, count }) => [key, where, count])).toEqual([
    ['before start records', 'before', 1],
    ['here', 'here', 1],
    ['after split a', 'after', 1],
    ['after split b', 'after', 1],
    ['after end', 'after', 0],
  ]);
});

test('knows what a stop came straight from, unless it was several', () => {
  const stops = stopsOf(trace);
  const before = (key: string) => {
    const stop = stops.find((found) => found.key === key);
    return stop && stopBefore(stop, stops, document)?.key;
  };
  expect(before('here')).toBe('before start records');
  expect(before('after split b')).toBe('here');
  expect(before('after end')).toBeUndefined();
  expect(before('before start records')).toBeUndefined();
});

test('what a step gave is compared with what came into it, where that was picked', () => {
  const stops = stopsOf({
    ...trace,
    here: { ...trace.here, side: 'in', port: 'input' },
    after: [step('mid', [one('kept', 3)])],
  });
  expect(stopBefore(stops[2] as (typeof stops)[number], stops, document)?.key).toBe('here');
});

test('names the rounds that a step stands in', () => {
  expect(roundOf('read')).toBe('');
  expect(roundOf('loop/3/read')).toBe('Round 4');
  expect(roundOf('loop/0/inner/2/read')).toBe('Round 1, 3');
});

test('tells new, changed and lost fields apart', () => {
  const changes = fieldChanges({ a: 1, b: [1], c: null, d: 'x' }, { a: 1, b: [2], c: null, e: undefined });
  expect([...changes]).toEqual([
    ['b', 'changed'],
    ['e', 'new'],
    ['d', 'gone'],
  ]);
});
