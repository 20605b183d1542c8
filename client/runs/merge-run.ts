import type { RunSummary } from '../../spec/api/run.ts';

export interface RunFilter {
  readonly workflow?: string | undefined;
  readonly statuses?: readonly RunSummary['status'][] | undefined;
}

interface Page {
  readonly runs: RunSummary[];
}

/** Puts what an event says of a run into pages of runs, newest first: changed in place, added at the top, or taken out by the filter. */
export function mergeRun<P extends Page>(pages: readonly P[], run: RunSummary, filter: RunFilter): P[] {
  const wanted =
    (filter.workflow === undefined || filter.workflow === run.workflowId) &&
    (filter.statuses === undefined || filter.statuses.includes(run.status));
  const known = pages.some((page) => page.runs.some(({ id }) => id === run.id));
  return pages.map((page, position) => {
    if (known) {
      if (!page.runs.some(({ id }) => id === run.id)) return page;
      const runs = page.runs.flatMap((entry) => (entry.id === run.id ? (wanted ? [run] : []) : [entry]));
      return { ...page, runs };
    }
    const [newest] = page.runs;
    const isNew = position === 0 && wanted && (newest === undefined || run.createdAt >= newest.createdAt);
    return isNew ? { ...page, runs: [run, ...page.runs] } : page;
  });
}
