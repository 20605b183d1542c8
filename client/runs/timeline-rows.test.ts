import { describe, expect, it } from 'vitest';
import type { StepView } from '../../spec/api/run.ts';
import { countWords, rowsOf } from './timeline-rows.ts';

const step = (node: string, more: Partial<StepView> = {}): StepView => ({
  node,
  name: node,
  type: 'no-op',
  status: 'succeeded',
  attempts: 1,
  in: 0,
  out: {},
  tries: [],
  ...more,
});

describe('the rows of the timeline', () => {
  it('stand in the order of their beginning, and what is inside a container right below it', () => {
    const steps = [
      step('after', { startedAt: 9 }),
      step('deep', { startedAt: 4, parent: 'inner' }),
      step('inner', { startedAt: 3, parent: 'loop' }),
      step('loop', { startedAt: 2 }),
      step('beside', { startedAt: 3 }),
      step('first', { startedAt: 2, parent: 'loop' }),
      step('never'),
      step('start', { startedAt: 5 }),
    ];
    expect(rowsOf({ steps, trigger: 'start' }).map(({ step: { node }, depth }) => [node, depth])).toEqual([
      ['start', 0],
      ['loop', 0],
      ['first', 1],
      ['inner', 1],
      ['deep', 2],
      ['beside', 0],
      ['after', 0],
      ['never', 0],
    ]);
  });

  it('say how many records came and went, and how many rounds a container made', () => {
    const loop = step('loop', { in: 5, out: { results: 16, rejected: 1 }, rounds: { done: 5, total: 5, failed: 1 } });
    expect(countWords(loop, true)).toBe('5 rounds, 1 failed, 16 out, 1 rejected');
    expect(countWords(loop, false)).toBe('5 in, 16 out, 1 rejected');
    expect(countWords(step('a', { in: 1200, out: { true: 0, false: 1200 } }), false)).toBe(
      '1,200 in, 0 true, 1,200 false',
    );
    expect(countWords(step('a', { status: 'pending' }), false)).toBe('Waiting its turn');
    expect(countWords(step('a', { startedAt: 1 }), false)).toBe('No records');
    expect(countWords(step('a', { progress: { done: 5, total: 1000 } }), false)).toBe('5 of 1,000 records');
  });
});
