import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { RunView } from '../../spec/api/run.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { nodeTypesQuery } from '../api/queries.ts';
import { useNow } from '../ui/Ago.tsx';
import { formatDateTime } from '../ui/format.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import classes from './RunFacts.module.css';
import { causeWords, durationWords, isOver } from './run-words.ts';

/** Status, cause, time and version of a run in one line; which trigger it was only where there are several. */
export function RunFacts({ run }: { run: RunView & { document: Workflow } }) {
  const now = useNow(1000, !isOver(run));
  const duration = durationWords(run, now);
  const types = useQuery(nodeTypesQuery).data;
  const triggers = run.document.nodes.filter(({ type }) => types?.get(type)?.kind === 'trigger');
  const trigger = triggers.length > 1 ? triggers.find(({ id }) => id === run.trigger)?.name : undefined;
  return (
    <div className={classes.facts}>
      <StatusBadge status={run.status} />
      <Text size="sm" span>
        {causeWords(run)}
        {trigger !== undefined && run.cause !== 'restart' && run.cause !== 'test' && ` (${trigger})`}
        {run.restartOf !== undefined && (
          <>
            {': '}
            <Anchor component={Link} to={`/runs/${run.restartOf}`} inherit underline="always">
              see that run
            </Anchor>
          </>
        )}
      </Text>
      <Text size="sm" c="dimmed" span>
        {formatDateTime(run.startedAt ?? run.createdAt)}
      </Text>
      {duration !== undefined && (
        <Text size="sm" c="dimmed" span className="tabular">
          {duration}
        </Text>
      )}
      <Text size="sm" c="dimmed" span title={`Version ${run.version}`}>
        {run.draft ? 'draft' : 'version'} {run.version.slice(0, 7)}
      </Text>
    </div>
  );
}
