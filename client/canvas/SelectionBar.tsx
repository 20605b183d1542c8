import { ActionIcon, Menu, Paper, Text, Tooltip } from '@mantine/core';
import {
  IconCopy,
  IconEye,
  IconEyeOff,
  IconLayoutAlignLeft,
  IconLayoutAlignTop,
  IconLayoutGrid,
  IconTrash,
} from '@tabler/icons-react';
import { countOf } from '../ui/format.ts';
import { useCanvas, useDocument } from './CanvasContext.tsx';
import type { Alignment } from './commands.ts';
import classes from './SelectionBar.module.css';

const alignments: readonly (readonly [Alignment, string])[] = [
  ['left', 'Left edges in line'],
  ['top', 'Top edges in line'],
  ['row', 'Side by side'],
  ['column', 'One below the other'],
];

/** What can be done with several selected steps at once. */
export function SelectionBar() {
  const { commands } = useCanvas();
  const nodes = useDocument((state) => state.selection.nodes);
  const disabled = useDocument((state) =>
    state.document.nodes.every((node) => !state.selection.nodes.has(node.id) || node.disabled),
  );
  const readOnly = useDocument((state) => state.readOnly);
  if (nodes.size < 2 || readOnly) return null;
  return (
    <Paper className={classes.bar} shadow="sm" withBorder role="toolbar" aria-label="Selected steps">
      <Text size="sm" px={6}>
        {countOf(nodes.size, 'step')}
      </Text>
      <Menu>
        <Menu.Target>
          <Tooltip label="Align">
            <ActionIcon aria-label="Align">
              <IconLayoutGrid size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {alignments.map(([how, label]) => (
            <Menu.Item
              key={how}
              leftSection={
                how === 'left' || how === 'column' ? (
                  <IconLayoutAlignLeft size={16} aria-hidden />
                ) : (
                  <IconLayoutAlignTop size={16} aria-hidden />
                )
              }
              onClick={() => commands.align(how)}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label="Duplicate">
        <ActionIcon aria-label="Duplicate" onClick={() => commands.duplicate()}>
          <IconCopy size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={disabled ? 'Enable (D)' : 'Disable (D)'}>
        <ActionIcon aria-label={disabled ? 'Enable' : 'Disable'} onClick={() => commands.toggleDisabled()}>
          {disabled ? <IconEye size={17} aria-hidden /> : <IconEyeOff size={17} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Delete">
        <ActionIcon aria-label="Delete" onClick={() => commands.remove()}>
          <IconTrash size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Paper>
  );
}
