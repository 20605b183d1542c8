import { ActionIcon, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCopy, IconDots, IconDownload, IconHistory, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { routes } from '../../spec/api/routes.ts';
import type { WorkflowSummary } from '../../spec/api/workflow.ts';
import { printWorkflow } from '../../spec/workflow/print.ts';
import { call } from '../api/call.ts';
import { freeId } from '../canvas/edits.ts';
import { useMay } from '../session/use-may.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { saveAsFile } from '../ui/save-as-file.ts';
import { tellFailure } from '../ui/tell-failure.ts';
import { workflowListQuery } from './queries.ts';

interface Props {
  readonly workflow: WorkflowSummary;
  readonly taken: ReadonlySet<string>;
}

export function WorkflowMenu({ workflow: { id, name, published }, taken }: Props) {
  const may = useMay();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: workflowListQuery.queryKey });
  const save = useMutation({
    mutationFn: async () => saveAsFile(`${id}.json`, printWorkflow(await call(routes.exportWorkflow, { id }))),
    onError: tellFailure('The workflow could not be exported'),
  });
  const duplicate = useMutation({
    mutationFn: async () => {
      const copy = `Copy of ${name}`.slice(0, 200);
      const document = await call(routes.exportWorkflow, { id });
      return call(routes.importWorkflow, { body: { ...document, id: freeId(copy, taken), name: copy } });
    },
    onSuccess: () => notifications.show({ message: `“Copy of ${name}” is in the list.` }),
    onError: tellFailure('The workflow could not be duplicated'),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => call(routes.deleteWorkflow, { id }),
    onSuccess: () => setAsking(false),
    onSettled: refresh,
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More for ${name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to={`/workflows/${id}/runs`} leftSection={<IconHistory size={16} aria-hidden />}>
            See its runs
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => save.mutate()}>
            Export as a file
          </Menu.Item>
          {may('workflow.edit') && (
            <>
              <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => duplicate.mutate()}>
                Duplicate
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item
                color="var(--mantine-color-error)"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => setAsking(true)}
              >
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking}
        title={`Delete “${name}”?`}
        action="Delete the workflow"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">
          {published
            ? 'It is live: its schedules and webhooks stop at once. Its runs stay in the list of runs.'
            : 'Its runs stay in the list of runs.'}
        </Text>
      </ConfirmDialog>
    </>
  );
}
