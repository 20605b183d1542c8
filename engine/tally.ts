import type { ErrorReport } from '../sdk/index.ts';
import type { StepState } from './run-state.ts';

/** What the steps of one node inside a container did, over many rounds: all that is kept of rounds that went well. */
export interface Tally {
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cancelled: number;
  readonly attempts: number;
  readonly in: number;
  readonly out: Readonly<Record<string, number>>;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** The first failure. */
  readonly error?: ErrorReport;
  /** For a container inside the container. */
  readonly rounds?: { readonly done: number; readonly total: number; readonly failed: number };
}

export function tallyOf(step: StepState): Tally {
  const is = (status: StepState['status']) => (step.status === status ? 1 : 0);
  const { startedAt, finishedAt, error, rounds } = step;
  return {
    succeeded: is('succeeded'),
    failed: is('failed'),
    skipped: is('skipped'),
    cancelled: is('cancelled'),
    attempts: step.attempts,
    in: step.in,
    out: Object.fromEntries(Object.entries(step.out).map(([port, { count }]) => [port, count])),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(error === undefined ? {} : { error }),
    ...(rounds === undefined
      ? {}
      : { rounds: { done: rounds.done, total: rounds.total ?? rounds.done, failed: rounds.failed } }),
  };
}

export function sumOf(a: Tally | undefined, b: Tally): Tally {
  if (a === undefined) return b;
  const out: Record<string, number> = { ...a.out };
  for (const [port, count] of Object.entries(b.out)) out[port] = (out[port] ?? 0) + count;
  const startedAt = least(a.startedAt, b.startedAt);
  const finishedAt = b.finishedAt === undefined ? a.finishedAt : Math.max(a.finishedAt ?? 0, b.finishedAt);
  const error = a.error ?? b.error;
  const rounds = a.rounds && b.rounds ? addRounds(a.rounds, b.rounds) : (a.rounds ?? b.rounds);
  return {
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    cancelled: a.cancelled + b.cancelled,
    attempts: a.attempts + b.attempts,
    in: a.in + b.in,
    out,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(error === undefined ? {} : { error }),
    ...(rounds === undefined ? {} : { rounds }),
  };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function addRounds(a: NonNullable<Tally['rounds']>, b: NonNullable<Tally['rounds']>): NonNullable<Tally['rounds']> {
  return { done: a.done + b.done, total: a.total + b.total, failed: a.failed + b.failed };
}

/** The tallies of several rounds or nodes, added up node by node. */
export function addTallies(
  sums: Readonly<Record<string, Tally>>,
  more: Readonly<Record<string, Tally>>,
): Record<string, Tally> {
  const added: Record<string, Tally> = { ...sums };
  for (const [node, tally] of Object.entries(more)) added[node] = sumOf(added[node], tally);
  return added;
}

/** Sums without some that were added before. Times stay as they were. */
export function lessTallies(
  sums: Readonly<Record<string, Tally>>,
  part: Readonly<Record<string, Tally>>,
): Record<string, Tally> {
  const left: Record<string, Tally> = { ...sums };
  for (const [node, tally] of Object.entries(part)) {
    const sum = left[node];
    if (sum) left[node] = lessOf(sum, tally);
  }
  return left;
}

function lessOf(sum: Tally, part: Tally): Tally {
  const out = Object.fromEntries(Object.entries(sum.out).map(([port, count]) => [port, count - (part.out[port] ?? 0)]));
  const failed = sum.failed - part.failed;
  const { error, rounds, ...rest } = sum;
  return {
    ...rest,
    succeeded: sum.succeeded - part.succeeded,
    failed,
    skipped: sum.skipped - part.skipped,
    cancelled: sum.cancelled - part.cancelled,
    attempts: sum.attempts - part.attempts,
    in: sum.in - part.in,
    out,
    ...(error && failed > 0 ? { error } : {}),
    ...(rounds ? { rounds: part.rounds ? lessRounds(rounds, part.rounds) : rounds } : {}),
  };
}

function lessRounds(sum: NonNullable<Tally['rounds']>, part: NonNullable<Tally['rounds']>) {
  return { done: sum.done - part.done, total: sum.total - part.total, failed: sum.failed - part.failed };
}
