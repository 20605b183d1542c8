import { Button, Center, Group, Loader, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../session/use-may.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { tellFailure } from '../ui/tell-failure.ts';
import { FaultInput } from './FaultInput.tsx';
import { type FaultService, faultFields, isFaulty, noFaults, withSetting } from './fault-fields.ts';
import { practiceApi } from './practice-api.ts';
import { faultsQuery } from './queries.ts';

const services: readonly { service: FaultService; title: string; connector: string }[] = [
  { service: 'salesforce', title: 'Salesforce', connector: 'salesforce' },
  { service: 'slack', title: 'Slack', connector: 'slack' },
  { service: 'smtp', title: 'Mail', connector: 'email' },
];

type Settings = Readonly<Record<string, unknown>>;

/** What can be made to fail, to see how a workflow takes it. */
export function FaultsTab() {
  const faults = useQuery(faultsQuery);
  if (faults.error) {
    return (
      <ProblemNotice
        title="The faults could not be loaded"
        error={faults.error}
        onRetry={() => void faults.refetch()}
      />
    );
  }
  if (!faults.data) {
    return (
      <Center p="xl">
        <Loader aria-label="Loading faults" />
      </Center>
    );
  }
  const { data } = faults;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Make a practice service fail and watch how your workflow takes it. Counted faults end by themselves; the others
        stay until you turn them off.
      </Text>
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        {services.map(({ service, title, connector }) => (
          <ServiceFaults
            key={`${service} ${JSON.stringify(data[service])}`}
            service={service}
            title={title}
            connector={connector}
            settings={data[service]}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function ServiceFaults({
  service,
  title,
  connector,
  settings,
}: {
  service: FaultService;
  title: string;
  connector: string;
  settings: Settings;
}) {
  const client = useQueryClient();
  const mayEdit = useMay()('practice.edit');
  const [draft, setDraft] = useState(settings);
  const put = useMutation({
    mutationFn: (next: Settings) => practiceApi.setFaults({ [service]: next }),
    onSuccess: (all) => client.setQueryData(faultsQuery.queryKey, all),
    onError: tellFailure('The faults were not set'),
  });
  const expire = useMutation({
    mutationFn: () => practiceApi.setFaults({ salesforce: { expireSessions: true } }),
    onSuccess: () => notifications.show({ message: 'All sessions have ended; the next request has to sign in again.' }),
    onError: tellFailure('The sessions were not ended'),
  });
  return (
    <Paper withBorder p="md" component="section" aria-label={`Faults of ${title}`} bg="var(--sluice-surface)">
      <Stack gap="sm">
        <Group justify="space-between">
          <Group gap="xs">
            <ConnectorIcon connector={connector} />
            <Title order={2} size="h5">
              {title}
            </Title>
          </Group>
          <StatusBadge
            status={isFaulty(service, settings) ? 'warning' : 'succeeded'}
            word={isFaulty(service, settings) ? 'Set to fail' : 'Works'}
          />
        </Group>
        {faultFields[service].map((field) => (
          <FaultInput
            key={field.path.join('.')}
            field={field}
            settings={draft}
            disabled={!mayEdit}
            onChange={(path, value) => setDraft((before) => withSetting(before, path, value))}
          />
        ))}
        {mayEdit && (
          <Group gap="xs" mt="xs">
            <Button size="xs" loading={put.isPending} disabled={draft === settings} onClick={() => put.mutate(draft)}>
              Apply
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={!isFaulty(service, settings)}
              onClick={() => put.mutate(noFaults(service, settings))}
            >
              Turn all off
            </Button>
            {service === 'salesforce' && (
              <Button size="xs" variant="default" loading={expire.isPending} onClick={() => expire.mutate()}>
                End all sessions now
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
