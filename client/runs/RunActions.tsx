import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPlayerStop, IconRefresh, IconSitemap } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { RunView } from '../../spec/api/run.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { useMay } from '../session/use-may.ts';
import { RestartDialog } from './RestartDialog.tsx';
import { isOver } from './run-words.ts';
import { type Restart, useRunActions } from './use-run-actions.ts';

export function RunActions({ run }: { run: RunView & { document: Workflow } }) {
  const may = useMay();
  const { cancel } = useRunActions(run.id);
  const [asked, setAsked] = useState<Restart>();
  const trigger = run.document.nodes.find(({ id }) => id === run.trigger);
  const failed = run.error?.node ?? run.steps.find(({ status }) => status === 'failed')?.node;
  return (
    <>
      <Button
        component={Link}
        to={`/workflows/${run.workflowId}`}
        variant="default"
        leftSection={<IconSitemap size={16} aria-hidden />}
      >
        Open on canvas
      </Button>
      {may('run.control') && !isOver(run) && (
        <Button
          variant="default"
          loading={cancel.isPending}
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => cancel.mutate()}
        >
          Cancel the run
        </Button>
      )}
      {may('run.control') && isOver(run) && (
        <Menu position="bottom-end" width={300}>
          <Menu.Target>
            <Button
              variant={failed === undefined ? 'default' : 'filled'}
              leftSection={<IconRefresh size={16} aria-hidden />}
              rightSection={<IconChevronDown size={15} aria-hidden />}
            >
              Restart
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {failed !== undefined && (
              <>
                <Menu.Label>From the step that failed; the others keep their results</Menu.Label>
                <Menu.Item onClick={() => setAsked({})}>As it was</Menu.Item>
                <Menu.Item onClick={() => setAsked({ newest: true })}>With the workflow as it is now</Menu.Item>
                <Menu.Divider />
              </>
            )}
            <Menu.Label>From the beginning, with the same input</Menu.Label>
            <Menu.Item onClick={() => setAsked({ from: run.trigger })}>As it was</Menu.Item>
            <Menu.Item onClick={() => setAsked({ from: run.trigger, newest: true })}>
              With the workflow as it is now
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {asked && (
        <RestartDialog
          run={run.id}
          restart={asked}
          fromName={asked.from === undefined ? undefined : trigger?.name}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
