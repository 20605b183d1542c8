import type { RunView, StepView } from '../../spec/api/run.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { statusWord } from '../ui/StatusBadge.tsx';

export interface TimelineRow {
  readonly step: StepView;
  /** How many containers it stands in. */
  readonly depth: number;
}

/** The steps in the order in which they began, what stands in a container right after it. */
export function rowsOf({ steps, trigger }: Pick<RunView, 'steps' | 'trigger'>): TimelineRow[] {
  const order = ({ node, startedAt }: StepView) => (node === trigger ? 0 : (startedAt ?? Number.MAX_SAFE_INTEGER));
  const sorted = steps.toSorted((a, b) => order(a) - order(b));
  const rowsIn = (parent: string | undefined, depth: number): TimelineRow[] =>
    sorted
      .filter((step) => step.parent === parent)
      .flatMap((step) => [{ step, depth }, ...rowsIn(step.node, depth + 1)]);
  return rowsIn(undefined, 0);
}

/** "1,200 in, 1,180 out, 20 rejected"; of a container "5 rounds, 1 failed, 16 out" */
export function countWords(step: StepView, isContainer: boolean): string {
  const { progress, rounds } = step;
  if (progress && step.finishedAt === undefined) {
    return progress.total === undefined
      ? countOf(progress.done, 'record')
      : `${formatCount(progress.done)} of ${countOf(progress.total, 'record')}`;
  }
  const out = Object.entries(step.out);
  if (step.in === 0 && out.length === 0) return step.startedAt === undefined ? statusWord(step.status) : 'No records';
  const parts = out.filter(([, count], position) => position === 0 || count > 0);
  return [
    ...(isContainer && rounds ? roundCounts(rounds) : step.in > 0 ? [`${formatCount(step.in)} in`] : []),
    ...parts.map(([port, count]) => `${formatCount(count)} ${isMain(port) ? 'out' : port}`),
  ].join(', ');
}

function roundCounts({ done, failed }: NonNullable<StepView['rounds']>): string[] {
  return [countOf(done, 'round'), ...(failed > 0 ? [`${formatCount(failed)} failed`] : [])];
}

function isMain(port: string): boolean {
  return port === 'records' || port === 'results';
}
