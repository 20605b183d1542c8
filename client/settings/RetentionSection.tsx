import { Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../spec/api/routes.ts';
import type { Settings } from '../../spec/api/settings.ts';
import { call } from '../api/call.ts';
import { useMay } from '../session/use-may.ts';
import { ageProblem, sizeProblem } from '../ui/retention-words.ts';
import { tellFailure } from '../ui/tell-failure.ts';
import { settingsQuery, spaceQuery } from './queries.ts';
import { Section } from './Section.tsx';
import { SpaceUse } from './SpaceUse.tsx';

type Fields = Readonly<Record<'age' | 'size' | 'total', string>>;

/** How long runs are kept, and how much space they may take, where a workflow does not say itself. */
export function RetentionSection() {
  const client = useQueryClient();
  const mayEdit = useMay()('settings.edit');
  const settings = useQuery(settingsQuery);
  const [changes, setChanges] = useState<Partial<Fields>>({});
  const { age = '', size = '', total = '' } = { ...settings.data?.retention, ...changes };
  const save = useMutation({
    mutationFn: (body: Settings) => call(routes.replaceSettings, { body }),
    onSuccess: (next) => {
      client.setQueryData(settingsQuery.queryKey, next);
      void client.invalidateQueries({ queryKey: spaceQuery.queryKey });
      setChanges({});
      notifications.show({ message: 'Saved. What is over goes within the hour.' });
    },
    onError: tellFailure('The settings were not saved'),
  });
  const problems = [ageProblem(age), sizeProblem(size), sizeProblem(total)];
  const field = (name: keyof Fields, value: string, error: string | undefined) => ({
    value,
    error,
    disabled: !mayEdit,
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setChanges({ ...changes, [name]: currentTarget.value }),
  });
  return (
    <Section
      title="Keeping runs"
      lead="Runs with their records and files are removed once they are too old or take up too much, the oldest first. A workflow can say otherwise in its settings. Runs that have not ended are always kept."
      pending={settings.isPending}
      error={settings.data ? undefined : settings.error}
      onRetry={() => void settings.refetch()}
    >
      <Stack maw={420} gap="sm">
        <TextInput
          label="Keep a run for"
          description='After its end: such as "30d" or "12h", or "forever"'
          placeholder="30d"
          {...field('age', age, problems[0])}
        />
        <TextInput
          label="Space for the runs of one workflow"
          description='Such as "500 MB" or "10 GB", or "unlimited"'
          placeholder="10 GB"
          {...field('size', size, problems[1])}
        />
        <TextInput
          label="Space for all runs"
          description='Such as "50 GB", or "unlimited"'
          placeholder="50 GB"
          {...field('total', total, problems[2])}
        />
        {mayEdit && (
          <Group>
            <Button
              disabled={Object.keys(changes).length === 0 || problems.some((problem) => problem !== undefined)}
              loading={save.isPending}
              onClick={() => settings.data && save.mutate({ ...settings.data, retention: said({ age, size, total }) })}
            >
              Save
            </Button>
          </Group>
        )}
      </Stack>
      <SpaceUse />
    </Section>
  );
}

/** What is left empty goes by how the server was started. */
function said(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== ''));
}
