import type { RunSummary, StepView } from '../../spec/api/run.ts';
import { formatDuration } from '../ui/format.ts';

const causes: Readonly<Record<RunSummary['cause'], string>> = {
  manual: 'Started by hand',
  schedule: 'Started by its schedule',
  webhook: 'Started by a webhook',
  poll: 'Started by a change that it watches for',
  workflow: 'Started by another workflow',
  restart: 'Restart of an earlier run',
  cli: 'Started from the command line',
  test: 'One step run by itself',
};

export function causeWords(run: Pick<RunSummary, 'cause'>): string {
  return causes[run.cause];
}

export function isOver({ status }: Pick<RunSummary, 'status'>): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** Whether trying the same again cannot help, since the workflow itself is to be repaired first. */
export function needsRepair(error: Pick<NonNullable<RunSummary['error']>, 'class'>): boolean {
  return error.class === 'config' || error.class === 'not-found';
}

/** "took 2 minutes 5 seconds", "for 12 seconds so far"; undefined before it has started. */
export function durationWords({ startedAt, finishedAt }: Pick<RunSummary, 'startedAt' | 'finishedAt'>, now: number) {
  if (startedAt === undefined) return undefined;
  const words = formatDuration(Math.max(0, (finishedAt ?? now) - startedAt));
  return finishedAt === undefined ? `for ${words} so far` : `took ${words}`;
}

/** How a step is shown: one whose rejected records made the run fail has failed, though it came to its end. */
export function shownStatus(
  run: Pick<RunSummary, 'error'> | undefined,
  { node, status }: StepView,
): StepView['status'] {
  return status === 'succeeded' && run?.error?.node === node ? 'failed' : status;
}

/** "Round 3"; of a container in a container "Each region: round 3, Each shop: round 1". */
export function roundWords(step: string, nameOf: (node: string) => string): string {
  const parts = step.split('/').slice(0, -1);
  const rounds = parts.flatMap((part, i) =>
    i % 2 === 1 ? [{ name: nameOf(parts[i - 1] ?? ''), round: Number(part) + 1 }] : [],
  );
  const [only] = rounds;
  if (rounds.length === 1 && only) return `Round ${only.round}`;
  return rounds.map(({ name, round }) => `${name}: round ${round}`).join(', ');
}

/** What is to be known of calls that were under way when their step ended. */
export function unsettledWords(calls: NonNullable<StepView['unsettled']>): string {
  const records = calls.map(({ start, count }) => (count === 1 ? `${start + 1}` : `${start + 1} to ${start + count}`));
  const isOne = calls.length === 1 && calls[0]?.count === 1;
  return `It was stopped while the call for ${isOne ? 'record' : 'records'} ${records.join(', ')} was under way. Whether that took effect is not known; a restart finds out or asks before it is done again.`;
}
