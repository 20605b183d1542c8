import { Anchor, Button, Center, Loader, Select, Text } from '@mantine/core';
import { IconChevronLeft, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { RunStatus } from '../../spec/api/run.ts';
import type { Removed } from '../../spec/api/runs.ts';
import { workflowQuery } from '../api/queries.ts';
import { useRunEvents } from '../api/use-run-events.ts';
import { useMay } from '../session/use-may.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { countOf, formatDateTime } from '../ui/format.ts';
import { Page } from '../ui/Page.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { mergeRun, type RunFilter } from './merge-run.ts';
import { runPagesQuery } from './queries.ts';
import { RestartFailedDialog } from './RestartFailedDialog.tsx';
import { RunList } from './RunList.tsx';

const choices: readonly { value: string; label: string; statuses?: readonly RunStatus[] }[] = [
  { value: 'all', label: 'All runs' },
  { value: 'open', label: 'Not ended yet', statuses: ['queued', 'running', 'waiting', 'needs-you'] },
  { value: 'needs-you', label: 'Needs you', statuses: ['needs-you'] },
  { value: 'failed', label: 'Failed', statuses: ['failed'] },
  { value: 'succeeded', label: 'Done', statuses: ['succeeded'] },
  { value: 'cancelled', label: 'Cancelled', statuses: ['cancelled'] },
];

/** The runs of all workflows, or of one. */
export function RunsPage() {
  const { id: workflow } = useParams();
  const client = useQueryClient();
  const may = useMay();
  const [restarts, setRestarts] = useState(false);
  const [search, setSearch] = useSearchParams();
  const choice = choices.find(({ value }) => value === search.get('status')) ?? choices[0];
  const filter: RunFilter = { workflow, statuses: choice?.statuses };
  const query = runPagesQuery(filter);
  const pages = useInfiniteQuery(query);
  const reread = () => void client.invalidateQueries({ queryKey: query.queryKey });
  useRunEvents((event) => {
    if (event.kind !== 'run') return;
    client.setQueryData(query.queryKey, (data) => data && { ...data, pages: mergeRun(data.pages, event.run, filter) });
  }, reread);
  const runs = pages.data?.pages.flatMap((page) => page.runs) ?? [];
  const removed = pages.data?.pages.at(-1)?.removed;
  const filtered = choice?.statuses !== undefined;

  return (
    <Page
      title="Runs"
      {...(workflow === undefined ? {} : { back: <BackToWorkflow id={workflow} /> })}
      actions={
        <>
          {workflow !== undefined && may('run.control') && runs.some(({ status }) => status === 'failed') && (
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              onClick={() => setRestarts(true)}
            >
              Restart failed runs
            </Button>
          )}
          <Select
            aria-label="Show"
            allowDeselect={false}
            w={180}
            data={choices.map(({ value, label }) => ({ value, label }))}
            value={choice?.value ?? 'all'}
            onChange={(value) =>
              setSearch(value === null || value === 'all' ? {} : { status: value }, { replace: true })
            }
          />
        </>
      }
    >
      {restarts && workflow !== undefined && (
        <RestartFailedDialog workflow={workflow} onClose={() => setRestarts(false)} />
      )}
      {pages.isPending && (
        <Center p="xl">
          <Loader aria-label="Loading runs" />
        </Center>
      )}
      {pages.error && !pages.data && (
        <ProblemNotice title="The runs could not be loaded" error={pages.error} onRetry={() => void pages.refetch()} />
      )}
      {pages.data && runs.length === 0 && (
        <EmptyState
          icon={<IconPlayerPlay size={24} />}
          title={filtered ? 'No such runs' : 'No runs yet'}
          action={
            filtered ? (
              <Button variant="default" size="xs" onClick={() => setSearch({}, { replace: true })}>
                Show all runs
              </Button>
            ) : undefined
          }
        >
          {filtered
            ? 'Nothing here has this status at the moment.'
            : 'Open a workflow and press Run. Each run is listed here with what it read and wrote.'}
        </EmptyState>
      )}
      {runs.length > 0 && <RunList runs={runs} withWorkflow={workflow === undefined} />}
      {removed && !pages.hasNextPage && <RemovedNote removed={removed} />}
      {pages.hasNextPage && (
        <Center>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Show earlier runs
          </Button>
        </Center>
      )}
      {pages.isFetchNextPageError && (
        <ProblemNotice
          title="The earlier runs could not be loaded"
          error={pages.error}
          onRetry={() => void pages.fetchNextPage()}
        />
      )}
    </Page>
  );
}

/** Says that there were more, so that nobody looks for what is gone. */
function RemovedNote({ removed: { runs, lastEnded } }: { removed: Removed }) {
  return (
    <Text size="sm" c="dimmed" ta="center">
      {runs === 1
        ? `One older run is not kept any more: it ended ${formatDateTime(lastEnded)}.`
        : `${countOf(runs, 'older run')} are not kept any more: the newest of them ended ${formatDateTime(lastEnded)}.`}
    </Text>
  );
}

function BackToWorkflow({ id }: { id: string }) {
  const name = useQuery(workflowQuery(id)).data?.document.name;
  return (
    <Anchor component={Link} to={`/workflows/${id}`} size="sm">
      <IconChevronLeft size={14} aria-hidden style={{ verticalAlign: -2 }} />
      <Text span inherit>
        {name ?? 'The workflow'}
      </Text>
    </Anchor>
  );
}
