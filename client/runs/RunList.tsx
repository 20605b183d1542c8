import { Link } from 'react-router';
import type { RunSummary } from '../../spec/api/run.ts';
import { Ago, useNow } from '../ui/Ago.tsx';
import { formatDuration } from '../ui/format.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import classes from './RunList.module.css';
import { causeWords, isOver } from './run-words.ts';

interface Props {
  readonly runs: readonly RunSummary[];
  readonly withWorkflow: boolean;
}

/** Runs one below the other; each line leads to its run. On a phone a line becomes a card. */
export function RunList({ runs, withWorkflow }: Props) {
  const now = useNow(
    1000,
    runs.some((run) => !isOver(run)),
  );
  return (
    <div className={classes.frame} data-with-workflow={withWorkflow || undefined}>
      <div className={classes.head} aria-hidden>
        <span>Status</span>
        {withWorkflow && <span>Workflow</span>}
        <span>Started</span>
        <span>Duration</span>
        <span>How, and what went wrong</span>
      </div>
      <ul className={classes.list}>
        {runs.map((run) => {
          const end = run.finishedAt ?? (isOver(run) ? run.startedAt : now);
          return (
            <li key={run.id}>
              <Link to={`/runs/${run.id}`} className={classes.row ?? ''}>
                <span className={classes.status}>
                  <StatusBadge status={run.status} />
                </span>
                {withWorkflow && (
                  <span className={classes.workflow} title={run.workflowName}>
                    {run.workflowName}
                  </span>
                )}
                <span className={classes.when}>
                  <Ago at={run.startedAt ?? run.createdAt} />
                </span>
                <span className={classes.duration}>
                  {run.startedAt === undefined || end === undefined
                    ? ''
                    : formatDuration(Math.max(0, end - run.startedAt))}
                </span>
                <span className={classes.how} title={run.error?.message}>
                  {run.error ? (
                    <span className={classes.error}>{run.error.message}</span>
                  ) : (
                    <>
                      {causeWords(run)}
                      {run.draft && ', draft'}
                    </>
                  )}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
