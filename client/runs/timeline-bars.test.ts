import { describe, expect, it } from 'vitest';
import type { StepView } from '../../spec/api/run.ts';
import { stretchesOf, ticksOf } from './timeline-bars.ts';

const span = { from: 1000, to: 2000 };
const error = { class: 'transient', code: 'x', message: 'm', remedy: 'r' };
const step = (given: Partial<StepView>): StepView => ({
  node: 'a',
  name: 'A',
  type: 't',
  status: 'succeeded',
  attempts: 1,
  in: 0,
  out: {},
  tries: [],
  ...given,
});

describe('bars of the timeline', () => {
  it('draws nothing before a step has started', () => {
    expect(stretchesOf(step({ status: 'pending' }), span)).toEqual([]);
  });

  it('marks failed tries and the wait between them', () => {
    const tries = [
      { attempt: 1, startedAt: 1100, finishedAt: 1200, error },
      { attempt: 2, startedAt: 1500, finishedAt: 1600 },
    ];
    expect(stretchesOf(step({ startedAt: 1100, finishedAt: 1600, tries }), span)).toEqual([
      { kind: 'failed-try', from: 0.1, to: 0.2 },
      { kind: 'wait', from: 0.2, to: 0.5 },
      { kind: 'work', from: 0.5, to: 0.6 },
    ]);
  });

  it('lets a step that runs reach to now, and one that waits be hatched to now', () => {
    const tries = [{ attempt: 1, startedAt: 1500 }];
    expect(stretchesOf(step({ status: 'running', startedAt: 1500, tries }), span)).toEqual([
      { kind: 'work', from: 0.5, to: 1 },
    ]);
    expect(stretchesOf(step({ status: 'waiting', startedAt: 1500, tries }), span).at(-1)).toEqual({
      kind: 'wait',
      from: 0.5,
      to: 1,
    });
  });

  it('chooses round marks', () => {
    expect(ticksOf(4200, 5)).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(ticksOf(3_600_000, 4)).toEqual([0, 1_800_000, 3_600_000]);
    expect(ticksOf(10 * 86_400_000, 5).length).toBeLessThanOrEqual(6);
  });
});
