import type { RunView, StepView } from '../../spec/api/run.ts';
import type { Problem } from '../../spec/workflow/problem.ts';

/** What the commands print for a person. */

export function problemLines(problems: readonly Problem[]): string {
  return problems
    .map(({ message, remedy, code, nodeIds }) => {
      const where = nodeIds.length > 0 ? ` [${nodeIds.join(' -> ')}]` : '';
      return `  ✗ ${message}${where}\n    ${remedy} (${code})`;
    })
    .join('\n');
}

const marks: Record<string, string> = { succeeded: '✓', failed: '✗', skipped: '–', cancelled: '■' };

export function stepLine(step: StepView): string {
  const mark = marks[step.status] ?? '…';
  const out = Object.entries(step.out).map(([port, count]) => `${port} ${grouped(count)}`);
  const flow = step.status === 'skipped' ? 'skipped' : [`in ${grouped(step.in)}`, ...out].join(', ');
  const took = step.startedAt && step.finishedAt ? ` (${duration(step.finishedAt - step.startedAt)})` : '';
  const tries = step.attempts > 1 ? `, ${step.attempts} attempts` : '';
  const error = step.error ? `\n    ${step.error.message}\n    ${step.error.remedy}` : '';
  return `${mark} ${step.name}: ${flow}${tries}${took}${error}`;
}

export function runLines(run: RunView): string {
  const took = run.finishedAt === undefined ? '' : ` in ${duration(run.finishedAt - run.createdAt)}`;
  const error = run.error && !run.steps.some((step) => step.error) ? `\n${run.error.message}\n${run.error.remedy}` : '';
  return `${run.steps.map(stepLine).join('\n')}\n\n${run.workflowName}: ${run.status}${took}${error}`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}
