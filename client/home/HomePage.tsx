import { Button, FileButton, Group, Skeleton, Stack, TextInput, Title } from '@mantine/core';
import { IconFileImport, IconPlus, IconSearch, IconSitemap } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { useRunEvents } from '../api/use-run-events.ts';
import { useMay } from '../session/use-may.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { DropCurtain } from './DropCurtain.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { NewWorkflowDialog } from './NewWorkflowDialog.tsx';
import { workflowListQuery } from './queries.ts';
import { StarterCards } from './StarterCards.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { useImport } from './use-import.ts';
import { WorkflowList } from './WorkflowList.tsx';

export function HomePage() {
  const client = useQueryClient();
  const mayEdit = useMay()('workflow.edit');
  const list = useQuery(workflowListQuery);
  const workflows = list.data ?? [];
  const taken = useMemo(() => new Set(list.data?.map(({ id }) => id)), [list.data]);
  const [naming, setNaming] = useState(false);
  const [search, setSearch] = useState('');
  const term = useDeferredValue(search.trim().toLowerCase());
  const { importFiles, unsettled, settle, forget, busy } = useImport(workflows);
  const over = useFileDrop(mayEdit, (files) => void importFiles(files));
  const refresh = () => void client.invalidateQueries({ queryKey: workflowListQuery.queryKey });
  useRunEvents((event) => event.kind === 'run' && refresh(), refresh);

  const found = workflows.filter(({ name, description = '' }) => `${name} ${description}`.toLowerCase().includes(term));
  const [entry] = unsettled;
  const actions = mayEdit && (
    <>
      <FileButton multiple accept="application/json,.json" onChange={(files) => void importFiles(files)}>
        {(props) => (
          <Button
            {...props}
            variant="default"
            loading={busy}
            leftSection={<IconFileImport size={17} aria-hidden />}
            title="Or drop files anywhere on this page"
          >
            Import
          </Button>
        )}
      </FileButton>
      <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setNaming(true)}>
        New workflow
      </Button>
    </>
  );
  return (
    <Page title="Home" actions={actions}>
      {mayEdit && <StarterCards />}
      <section aria-labelledby="workflows">
        <Group justify="space-between" mb="sm">
          <Title order={2} size="h4" id="workflows">
            Workflows
          </Title>
          {workflows.length > 0 && (
            <TextInput
              type="search"
              aria-label="Search workflows"
              placeholder="Search"
              w={260}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          )}
        </Group>
        {list.isPending && (
          <Stack gap="xs" aria-busy>
            {[1, 2, 3].map((place) => (
              <Skeleton key={place} height={56} radius="md" />
            ))}
          </Stack>
        )}
        {list.error && !list.data && (
          <ProblemNotice
            title="The workflows could not be loaded"
            error={list.error}
            onRetry={() => void list.refetch()}
          />
        )}
        {list.data && workflows.length === 0 && (
          <EmptyState icon={<IconSitemap size={24} />} title="No workflows yet">
            Open a ready one above, make a new one, or drop an exported file anywhere on this page.
          </EmptyState>
        )}
        {found.length > 0 && <WorkflowList workflows={found} taken={taken} />}
        {workflows.length > 0 && found.length === 0 && (
          <EmptyState
            icon={<IconSearch size={24} />}
            title={`No workflow is called “${search.trim()}”`}
            action={
              <Button variant="default" size="xs" onClick={() => setSearch('')}>
                Show all
              </Button>
            }
          />
        )}
      </section>
      {over && <DropCurtain />}
      <NewWorkflowDialog opened={naming} onClose={() => setNaming(false)} taken={taken} />
      <ImportDialog
        entry={entry}
        onClose={() => entry && forget(entry)}
        onSettle={(chosen, replace) => void settle(chosen, replace)}
      />
    </Page>
  );
}
