import type { RunSummary } from '../../spec/api/run.ts';

export interface FailedRuns {
  /** Nobody has restarted them, and nothing has gone through since. Newest first. */
  readonly open: readonly RunSummary[];
  /** A later run of the same workflow succeeded. */
  readonly overtaken: readonly RunSummary[];
}

/** The failed runs that may still need a person, out of the newest runs of all workflows. Tests of one step are left out. */
export function failedRuns(runs: readonly RunSummary[]): FailedRuns {
  const restarted = new Set(runs.flatMap(({ restartOf }) => restartOf ?? []));
  const lastSuccess = new Map<string, number>();
  for (const { workflowId, status, createdAt } of runs) {
    if (status === 'succeeded') lastSuccess.set(workflowId, Math.max(createdAt, lastSuccess.get(workflowId) ?? 0));
  }
  const failed = runs.filter(({ id, status, cause }) => status === 'failed' && cause !== 'test' && !restarted.has(id));
  const isOvertaken = (run: RunSummary) => (lastSuccess.get(run.workflowId) ?? 0) > run.createdAt;
  return { open: failed.filter((run) => !isOvertaken(run)), overtaken: failed.filter(isOvertaken) };
}
