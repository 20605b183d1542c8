import { Button, Group, Modal, Text } from '@mantine/core';
import { IconAlertTriangle, IconCloudCheck, IconCloudUpload } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { formatTime } from '../ui/format.ts';
import { useCanvas } from './CanvasContext.tsx';
import classes from './TopBar.module.css';

/** Says whether the draft is saved; where it is not, why, with a way on. */
export function SaveIndicator() {
  const { autosave, documents } = useCanvas();
  const { save } = useStore(autosave.state);
  if (documents.getState().readOnly)
    return (
      <Text size="xs" c="dimmed">
        You may look, not change
      </Text>
    );
  return (
    <>
      <Group gap={6} wrap="nowrap" role="status" aria-label="Saving" className={classes.save}>
        {save.kind === 'saved' && (
          <>
            <IconCloudCheck size={16} aria-hidden />
            <span title={save.at === undefined ? undefined : `At ${formatTime(save.at)}`}>Saved</span>
          </>
        )}
        {(save.kind === 'waiting' || save.kind === 'saving') && (
          <>
            <IconCloudUpload size={16} aria-hidden />
            Saving…
          </>
        )}
        {save.kind === 'failed' && (
          <>
            <IconAlertTriangle size={16} aria-hidden className={classes.bad ?? ''} />
            <span className={classes.bad} title={save.error.remedy}>
              Not saved: {save.error.message}
            </span>
            <Button size="compact-xs" variant="default" onClick={() => autosave.retry()}>
              Retry
            </Button>
          </>
        )}
        {save.kind === 'conflict' && (
          <>
            <IconAlertTriangle size={16} aria-hidden className={classes.bad ?? ''} />
            <span className={classes.bad}>Not saved: changed elsewhere</span>
          </>
        )}
      </Group>
      <Modal
        opened={save.kind === 'conflict'}
        onClose={() => undefined}
        withCloseButton={false}
        title="Someone else changed this workflow"
      >
        <Text size="sm" mb="md">
          It was saved in another tab or by another person since you opened it. Which of the two should count? The other
          one stays in the history.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void autosave.loadNewest()}>
            Take theirs
          </Button>
          <Button onClick={() => void autosave.overwrite()}>Keep mine</Button>
        </Group>
      </Modal>
    </>
  );
}
