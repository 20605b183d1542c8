import type { RunSummary } from '../spec/api/run.ts';
import type { RunHeader } from './journal.ts';
import type { RunStanding } from './run-state.ts';

/** What lists show of a run. */
export function summaryOf(state: RunStanding & { readonly header: RunHeader }): RunSummary {
  const { header } = state;
  return {
    id: header.id,
    workflowId: header.workflowId,
    workflowName: header.workflowName,
    version: header.version,
    draft: header.draft,
    status: state.status,
    trigger: header.trigger,
    cause: header.cause,
    createdAt: header.createdAt,
    ...(state.startedAt === undefined ? {} : { startedAt: state.startedAt }),
    ...(state.finishedAt === undefined ? {} : { finishedAt: state.finishedAt }),
    ...(state.error === undefined ? {} : { error: state.error }),
    ...(header.restartOf === undefined ? {} : { restartOf: header.restartOf }),
  };
}
