import { ActionIcon, Anchor, Group, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconHistory, IconKeyboard } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useCanvas, useDocument } from './CanvasContext.tsx';
import { MoreMenu } from './MoreMenu.tsx';
import { ProblemsMenu } from './ProblemsMenu.tsx';
import { PublishButton } from './PublishButton.tsx';
import { RunButton } from './RunButton.tsx';
import { SaveIndicator } from './SaveIndicator.tsx';
import classes from './TopBar.module.css';
import type { RunControl } from './use-run-control.ts';
import { WorkflowName } from './WorkflowName.tsx';

export function TopBar({ control }: { control: RunControl }) {
  const { documents, ui, workflowId } = useCanvas();
  const undoes = useDocument((state) => state.past.at(-1)?.label);
  const redoes = useDocument((state) => state.future.at(-1)?.label);
  return (
    <header className={classes.bar} data-region="bar">
      <WorkflowName />
      <SaveIndicator />
      <Group gap={2} wrap="nowrap" ms="auto">
        <Tooltip label={undoes ? `Undo: ${undoes}` : 'Nothing to undo'}>
          <ActionIcon aria-label="Undo" disabled={undoes === undefined} onClick={() => documents.getState().undo()}>
            <IconArrowBackUp size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={redoes ? `Redo: ${redoes}` : 'Nothing to redo'}>
          <ActionIcon aria-label="Redo" disabled={redoes === undefined} onClick={() => documents.getState().redo()}>
            <IconArrowForwardUp size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Keys (?)">
          <ActionIcon aria-label="Keys" onClick={() => ui.setState({ dialog: 'shortcuts' })}>
            <IconKeyboard size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <MoreMenu />
      </Group>
      <ProblemsMenu />
      <Anchor component={Link} to={`/workflows/${workflowId}/runs`} size="sm" className={classes.runs ?? ''}>
        <IconHistory size={16} aria-hidden /> Runs
      </Anchor>
      <PublishButton />
      <RunButton control={control} />
    </header>
  );
}
