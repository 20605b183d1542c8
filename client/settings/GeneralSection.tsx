import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { useMay } from '../session/use-may.ts';
import { useNow } from '../ui/Ago.tsx';
import { formatDateTime } from '../ui/format.ts';
import { tellFailure } from '../ui/tell-failure.ts';
import { settingsQuery } from './queries.ts';
import { Section } from './Section.tsx';

const zones = Intl.supportedValuesOf('timeZone');

export function GeneralSection() {
  const client = useQueryClient();
  const mayEdit = useMay()('settings.edit');
  const settings = useQuery(settingsQuery);
  const [chosen, setChosen] = useState<string>();
  const now = useNow(1000);
  const saved = settings.data?.timezone;
  const zone = chosen ?? saved;
  const save = useMutation({
    mutationFn: (timezone: string) => call(routes.replaceSettings, { body: { ...settings.data, timezone } }),
    onSuccess: (next) => {
      client.setQueryData(settingsQuery.queryKey, next);
      setChosen(undefined);
      notifications.show({ message: 'Saved. Schedules without a time zone of their own follow it from now on.' });
    },
    onError: tellFailure('The time zone was not saved'),
  });
  return (
    <Section
      title="Time zone"
      lead="Schedules and dates of workflows that name no time zone themselves go by this one. Times on these pages are shown in the zone of your computer."
      pending={settings.isPending}
      error={settings.data ? undefined : settings.error}
      onRetry={() => void settings.refetch()}
    >
      <Stack maw={420} gap="xs">
        <Select
          label="Time zone"
          searchable
          allowDeselect={false}
          disabled={!mayEdit}
          data={zone === undefined || zones.includes(zone) ? zones : [zone, ...zones]}
          value={zone ?? null}
          onChange={(value) => setChosen(value ?? undefined)}
        />
        {zone !== undefined && (
          <Text size="sm" c="dimmed" className="tabular">
            There it is {formatDateTime(now, zone)}.
          </Text>
        )}
        {mayEdit && (
          <Group>
            <Button
              disabled={zone === undefined || zone === saved}
              loading={save.isPending}
              onClick={() => zone && save.mutate(zone)}
            >
              Save
            </Button>
          </Group>
        )}
      </Stack>
    </Section>
  );
}
