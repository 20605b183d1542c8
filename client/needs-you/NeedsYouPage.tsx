import { Anchor, Center, Loader, Stack, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { needsYouQuery, runsQuery } from '../api/queries.ts';
import { useRunEvents } from '../api/use-run-events.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { countOf } from '../ui/format.ts';
import { Page } from '../ui/Page.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { FailedRunCard } from './FailedRunCard.tsx';
import { failedRuns } from './failed-runs.ts';
import classes from './NeedsYou.module.css';
import { WaitingCard } from './WaitingCard.tsx';

/** Newest runs that are looked through for failed ones. */
const looked = 200;

/** Everything that waits for a person, with the buttons to settle it here. */
export function NeedsYouPage() {
  const client = useQueryClient();
  const waiting = useQuery(needsYouQuery);
  const recentQuery = runsQuery({ limit: looked });
  const recent = useQuery({ ...recentQuery, staleTime: 0 });
  const refresh = () => void client.invalidateQueries({ queryKey: recentQuery.queryKey });
  useRunEvents((event) => event.kind === 'run' && refresh(), refresh);
  const failed = failedRuns(recent.data?.runs ?? []);
  const items = waiting.data ?? [];
  const error = waiting.error ?? recent.error;
  const loaded = waiting.data !== undefined && recent.data !== undefined;
  const nothing = loaded && items.length === 0 && failed.open.length === 0;

  return (
    <Page title="Needs you" lead="Questions that a run waits on, and runs that failed.">
      <div className={classes.column}>
        {!loaded && !error && (
          <Center p="xl">
            <Loader aria-label="Loading what needs you" />
          </Center>
        )}
        {error && (
          <ProblemNotice
            title="The inbox could not be loaded"
            error={error}
            onRetry={() => {
              void waiting.refetch();
              void recent.refetch();
            }}
          />
        )}
        {nothing && (
          <EmptyState
            icon={<IconInbox size={24} />}
            title="Nothing needs you"
            action={
              <Anchor component={Link} to="/runs" size="sm">
                See all runs
              </Anchor>
            }
          >
            Approvals, effects whose outcome is unknown and failed runs are listed here as they come up.
          </EmptyState>
        )}
        {items.length > 0 && (
          <section aria-labelledby="waiting">
            <Title order={2} size="h4" id="waiting" mb="sm">
              Waiting for an answer
            </Title>
            <Stack gap="sm">
              {items.map(({ run, step }) => (
                <WaitingCard key={`${run.id} ${step.wait?.step ?? step.node}`} run={run} step={step} />
              ))}
            </Stack>
          </section>
        )}
        {failed.open.length > 0 && (
          <section aria-labelledby="failed">
            <Title order={2} size="h4" id="failed" mb="sm">
              Failed and not restarted
            </Title>
            <Stack gap="sm">
              {failed.open.map((run) => (
                <FailedRunCard key={run.id} run={run} />
              ))}
            </Stack>
          </section>
        )}
        {failed.overtaken.length > 0 && (
          <details className={classes.fold}>
            <summary>
              {countOf(failed.overtaken.length, 'failed run')}, after which the same workflow went through
            </summary>
            <Stack gap="sm" mt="sm">
              {failed.overtaken.map((run) => (
                <FailedRunCard key={run.id} run={run} />
              ))}
            </Stack>
          </details>
        )}
      </div>
    </Page>
  );
}
