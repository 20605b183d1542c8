import { Button, Center, Group, Loader, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RestartFailedPreview } from '../../spec/api/restart.ts';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { countOf } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { restartFailedQuery } from './queries.ts';
import classes from './RestartDialog.module.css';

/** Restarts every failed run of a workflow that was not restarted since; what that does is told before. */
export function RestartFailedDialog({ workflow, onClose }: { workflow: string; onClose: () => void }) {
  const [version, setVersion] = useState<'same' | 'newest'>('newest');
  const preview = useQuery(restartFailedQuery(workflow, version));
  const client = useQueryClient();
  const restart = useMutation({
    mutationFn: () => call(routes.restartFailed, { id: workflow, body: { version } }),
    onSuccess: ({ restarted, left }) => {
      const rest = left.length === 0 ? '' : ` ${countOf(left.length, 'run')} could not be: ${left[0]?.why ?? ''}`;
      notifications.show({ message: `${countOf(restarted.length, 'run')} restarted.${rest}` });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
  });
  const startable = (preview.data?.runs ?? 0) - (preview.data?.left.length ?? 0);
  return (
    <Modal opened onClose={onClose} size="lg" title="Restart all failed runs">
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label="Which version runs"
          data={[
            { value: 'newest', label: 'As the workflow is now' },
            { value: 'same', label: 'As it was for each run' },
          ]}
          value={version}
          onChange={(value) => setVersion(value as 'same' | 'newest')}
        />
        {preview.isPending && (
          <Center p="lg">
            <Loader aria-label="Working out what is kept" />
          </Center>
        )}
        {preview.error && <ProblemNotice title="They cannot be restarted like this" error={preview.error} />}
        {restart.error && <ProblemNotice title="They were not restarted" error={restart.error} />}
        {preview.data && <Sums preview={preview.data} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={startable === 0} loading={restart.isPending} onClick={() => restart.mutate()}>
            {startable === 0 ? 'Restart' : `Restart ${countOf(startable, 'run')}`}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const words = { reused: 'kept', 'goes-on': 'goes on', redone: 'done again', first: 'for the first time' } as const;

function Sums({ preview: { runs, more, steps, left } }: { preview: RestartFailedPreview }) {
  if (runs === 0) return <Text size="sm">No failed run is left: each was restarted already.</Text>;
  return (
    <div className={classes.fates}>
      <Text size="sm">
        {countOf(runs, 'failed run')} {runs === 1 ? 'was' : 'were'} not restarted since
        {more ? ', and there are more' : ''}. Each goes on from the step that failed.
      </Text>
      <ul className={classes.steps}>
        {steps.map(({ node, name, fates, repeats }) => (
          <li key={node}>
            <Text size="sm" span>
              {name}
            </Text>
            <Text size="sm" c="dimmed" span>
              {' '}
              {Object.entries(fates)
                .map(([fate, count]) => `${words[fate as keyof typeof words]} in ${countOf(count, 'run')}`)
                .join(', ')}
            </Text>
            {repeats > 0 && (
              <div className={classes.warning}>
                <Text size="sm">In {countOf(repeats, 'run')} it does outside what it has done before.</Text>
              </div>
            )}
          </li>
        ))}
      </ul>
      {left.length > 0 && (
        <Text size="sm" c="dimmed">
          {countOf(left.length, 'run')} cannot be restarted like this: {left[0]?.why}
        </Text>
      )}
    </div>
  );
}
