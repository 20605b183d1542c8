import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { asProblem } from '../api/problem-error.ts';
import { LoopDrawing } from './LoopDrawing.tsx';
import type { Unsettled } from './use-import.ts';

interface Props {
  /** The file to speak of; closed without one. */
  readonly entry: Unsettled | undefined;
  readonly onClose: () => void;
  readonly onSettle: (entry: Unsettled & { kind: 'taken' }, replace: boolean) => void;
}

/** Why a file was not taken, or what to do about one whose workflow is there already. */
export function ImportDialog({ entry, onClose, onSettle }: Props) {
  return (
    <Modal
      opened={entry !== undefined}
      onClose={onClose}
      size="lg"
      title={entry?.kind === 'taken' ? 'This workflow is here already' : 'This file was not imported'}
    >
      {entry?.kind === 'taken' && (
        <Stack>
          <Text size="sm">
            {entry.file} holds “{entry.document.name}” with the id {entry.document.id}, and there is a workflow of that
            id. Replacing keeps its history and runs; the version that is published stays live until you publish again.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="default" onClick={() => onSettle(entry, false)}>
              Keep both
            </Button>
            <Button onClick={() => onSettle(entry, true)}>Replace its draft</Button>
          </Group>
        </Stack>
      )}
      {entry?.kind === 'refused' && <Refused entry={entry} onClose={onClose} />}
    </Modal>
  );
}

function Refused({ entry, onClose }: { entry: Unsettled & { kind: 'refused' }; onClose: () => void }) {
  const { message, remedy, problems } = asProblem(entry.error);
  return (
    <Stack>
      <Text size="sm">
        Nothing was changed. {entry.file} cannot be used as it is:
        {problems.length === 0 && ` ${message} ${remedy ?? ''}`}
      </Text>
      <List spacing="sm" size="sm" mah={360} style={{ overflow: 'auto' }}>
        {problems.map((problem) => (
          <List.Item key={`${problem.code} ${problem.path.join('.')} ${problem.message}`}>
            <Text size="sm" fw={500}>
              {problem.message}
            </Text>
            <Text size="sm" c="dimmed">
              {problem.remedy}
            </Text>
            {problem.code === 'cycle' && <LoopDrawing names={problem.nodeIds.map((id) => entry.names.get(id) ?? id)} />}
          </List.Item>
        ))}
      </List>
      <Group justify="flex-end">
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Stack>
  );
}
