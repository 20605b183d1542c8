import type { StepView } from '../../spec/api/run.ts';

/** A stretch of a step's bar. Positions are parts of the whole, 0 to 1. */
export interface Stretch {
  readonly kind: 'work' | 'failed-try' | 'wait';
  readonly from: number;
  readonly to: number;
}

export interface Span {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** What the step did when: its tries, and the waiting between and after them. Empty before it has started. */
export function stretchesOf(step: StepView, { from, to }: Span): Stretch[] {
  if (step.startedAt === undefined) return [];
  const length = Math.max(1, to - from);
  const at = (time: number) => Math.min(1, Math.max(0, (time - from) / length));
  const end = step.finishedAt ?? to;
  const stretches: Stretch[] = [];
  let reached = step.startedAt;
  for (const one of step.tries) {
    if (one.startedAt > reached) stretches.push({ kind: 'wait', from: at(reached), to: at(one.startedAt) });
    const isWaiting = step.status === 'waiting' || step.status === 'needs-you' || step.status === 'retrying';
    const until = one.finishedAt ?? (isWaiting ? one.startedAt : end);
    const failed = one.error !== undefined && (one !== step.tries.at(-1) || step.status !== 'succeeded');
    stretches.push({ kind: failed ? 'failed-try' : 'work', from: at(one.startedAt), to: at(until) });
    reached = until;
  }
  if (step.tries.length === 0) return [{ kind: 'work', from: at(reached), to: at(end) }];
  if (end > reached) stretches.push({ kind: 'wait', from: at(reached), to: at(end) });
  return stretches;
}

const seconds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** Even marks in milliseconds from the start, at most `most` of them, beginning with zero. */
export function ticksOf(length: number, most: number): number[] {
  const days = Math.ceil(length / 86_400_000 / most) * 86_400;
  const step = 1000 * (seconds.find((one) => length / 1000 / one < most) ?? days);
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, position) => position * step);
}
