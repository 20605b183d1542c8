import { Text } from '@mantine/core';
import { Link } from 'react-router';
import type { RunSummary } from '../../spec/api/run.ts';
import { formatDateTime } from '../ui/format.ts';
import { StatusBadge, statusWord } from '../ui/StatusBadge.tsx';
import classes from './RunMarks.module.css';

/** The last runs as small marks, the newest at the right; each leads to its run. */
export function RunMarks({ runs }: { runs: readonly RunSummary[] }) {
  if (runs.length === 0) {
    return (
      <Text size="sm" c="dimmed" span>
        No runs yet
      </Text>
    );
  }
  return (
    <span className={classes.marks}>
      {[...runs].reverse().map((run) => {
        const words = `${statusWord(run.status)}, ${formatDateTime(run.startedAt ?? run.createdAt)}`;
        return (
          <Link key={run.id} to={`/runs/${run.id}`} className={classes.mark ?? ''} title={words} aria-label={words}>
            <StatusBadge status={run.status} compact />
          </Link>
        );
      })}
    </span>
  );
}
