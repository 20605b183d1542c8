import { Badge, Button, Center, Group, Loader, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RestartFate, RestartPreview, RestartStep } from '../../spec/api/restart.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { restartPreviewQuery } from './queries.ts';
import classes from './RestartDialog.module.css';
import { type Restart, useRunActions } from './use-run-actions.ts';

interface Props {
  readonly run: string;
  /** What was asked for; which version runs can still be chosen. */
  readonly restart: Restart;
  /** Name of the step to begin with. */
  readonly fromName?: string | undefined;
  /** The new run is not opened. */
  readonly stay?: boolean;
  readonly onClose: () => void;
}

/** Says what a restart keeps, does again and repeats outside, before it is done. */
export function RestartDialog({ run, restart: asked, fromName, stay = false, onClose }: Props) {
  const [newest, setNewest] = useState(asked.newest ?? false);
  const chosen: Restart = { from: asked.from, newest };
  const preview = useQuery(restartPreviewQuery(run, chosen));
  const { restart } = useRunActions(run, { stay });
  const repeats = preview.data?.steps.some(({ effect, repeats }) => effect === 'once' && repeats !== undefined);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={fromName === undefined ? 'Restart from where it failed' : `Restart from “${fromName}”`}
    >
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label="Which version runs"
          data={[
            { value: 'same', label: 'As it was for this run' },
            { value: 'newest', label: 'As the workflow is now' },
          ]}
          value={newest ? 'newest' : 'same'}
          onChange={(value) => setNewest(value === 'newest')}
        />
        {preview.isPending && (
          <Center p="lg">
            <Loader aria-label="Working out what is kept" />
          </Center>
        )}
        {preview.error && <ProblemNotice title="It cannot be restarted like this" error={preview.error} />}
        {preview.data && <Fates preview={preview.data} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!preview.data}
            loading={restart.isPending}
            {...(repeats ? { color: 'red.8' } : {})}
            onClick={() => restart.mutate(chosen, { onSuccess: onClose })}
          >
            {repeats ? 'Restart and repeat' : 'Restart'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const headings: readonly { fate: RestartFate; title: string; color: string }[] = [
  { fate: 'reused', title: 'Kept', color: 'gray' },
  { fate: 'goes-on', title: 'Goes on where it stopped', color: 'blue' },
  { fate: 'redone', title: 'Done again', color: 'orange' },
  { fate: 'first', title: 'Done for the first time', color: 'teal' },
];

function Fates({ preview: { steps, gone } }: { preview: RestartPreview }) {
  return (
    <div className={classes.fates}>
      {headings.map(({ fate, title, color }) => {
        const group = steps.filter((step) => step.fate === fate);
        if (group.length === 0) return null;
        return (
          <section key={fate} aria-label={title}>
            <Group gap={8} mb={4}>
              <Badge variant="light" color={color} size="sm">
                {group.length}
              </Badge>
              <Text size="sm" fw={600}>
                {title}
              </Text>
            </Group>
            <ul className={classes.steps}>
              {group.map((step) => (
                <Fate key={step.node} step={step} />
              ))}
            </ul>
          </section>
        );
      })}
      {gone.length > 0 && (
        <Text size="sm" c="dimmed">
          Not in the workflow any more: {gone.map(({ name }) => name).join(', ')}.
        </Text>
      )}
    </div>
  );
}

function Fate({ step: { name, parent, isNew, isChanged, fate, note, repeats, effect } }: { step: RestartStep }) {
  const about = isNew
    ? 'new'
    : isChanged
      ? fate === 'reused'
        ? 'changed since; its earlier result is kept'
        : 'changed since'
      : undefined;
  return (
    <li data-inside={parent !== undefined || undefined}>
      <Text size="sm" span>
        {name}
      </Text>
      {about !== undefined && (
        <Text size="sm" c="dimmed" span>
          {' '}
          ({about})
        </Text>
      )}
      {note !== undefined && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
      {repeats !== undefined && effect !== 'once' && (
        <Text size="xs" c="dimmed">
          {repeats}
        </Text>
      )}
      {repeats !== undefined && effect === 'once' && (
        <div className={classes.warning}>
          <IconAlertTriangle size={15} aria-hidden />
          <Text size="sm">{repeats}</Text>
        </div>
      )}
    </li>
  );
}
