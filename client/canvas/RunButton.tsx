import { Button, Group, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { countOf } from '../ui/format.ts';
import { useCanvas, useDocument, useProblems, useRun } from './CanvasContext.tsx';
import { isUnderWay } from './run-store.ts';
import type { RunControl } from './use-run-control.ts';

/** Runs the draft; asks which trigger to start from where there are several. */
export function RunButton({ control }: { control: RunControl }) {
  const { types, ui } = useCanvas();
  const nodes = useDocument((state) => state.document.nodes);
  const problems = useProblems((state) => state.all.length);
  const triggers = nodes.filter((node) => types.get(node.type)?.kind === 'trigger' && !node.disabled);
  const busy = useRun(isUnderWay);

  if (busy) {
    return (
      <Button
        size="sm"
        color="red"
        variant="light"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        onClick={() => void control.cancel()}
      >
        Stop
      </Button>
    );
  }
  return (
    <Group gap={1} wrap="nowrap">
      <Tooltip label={`${countOf(problems, 'problem')} to solve first`} disabled={problems === 0}>
        <Button
          size="sm"
          loading={control.starting}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => void control.start()}
          style={{ borderStartEndRadius: 0, borderEndEndRadius: 0 }}
        >
          Run
        </Button>
      </Tooltip>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="sm"
            px={7}
            aria-label="Ways to run"
            style={{ borderStartStartRadius: 0, borderEndStartRadius: 0 }}
          >
            <IconChevronDown size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Start from</Menu.Label>
          {triggers.map((trigger) => (
            <Menu.Item
              key={trigger.id}
              disabled={problems > 0}
              leftSection={<ConnectorIcon connector="trigger" type={trigger.type} size={16} />}
              onClick={() => void control.start({ trigger: trigger.id })}
            >
              {trigger.name}
            </Menu.Item>
          ))}
          {triggers.length === 0 && <Menu.Item disabled>There is no trigger yet</Menu.Item>}
          <Menu.Divider />
          <Menu.Item disabled={problems > 0 || triggers.length === 0} onClick={() => ui.setState({ dialog: 'run' })}>
            Run with records of your own…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
