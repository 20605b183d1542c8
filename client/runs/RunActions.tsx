import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPlayerStop, IconRefresh, IconSitemap } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { RunView } from '../../spec/api/run.ts';
import { useMay } from '../session/use-may.ts';
import { isOver } from './run-words.ts';
import { useRunActions } from './use-run-actions.ts';

export function RunActions({ run }: { run: RunView }) {
  const may = useMay();
  const { cancel, restart } = useRunActions(run.id);
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
              loading={restart.isPending}
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
                <Menu.Item onClick={() => restart.mutate({})}>As it was</Menu.Item>
                <Menu.Item onClick={() => restart.mutate({ newest: true })}>With the workflow as it is now</Menu.Item>
                <Menu.Divider />
              </>
            )}
            <Menu.Label>From the beginning, with the same input</Menu.Label>
            <Menu.Item onClick={() => restart.mutate({ from: run.trigger })}>As it was</Menu.Item>
            <Menu.Item onClick={() => restart.mutate({ from: run.trigger, newest: true })}>
              With the workflow as it is now
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
