import {
  Button,
  Center,
  Group,
  Loader,
  NumberInput,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../session/use-may.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { tellFailure } from '../ui/tell-failure.ts';
import {
  type FaultField,
  type FaultService,
  faultFields,
  isFaulty,
  noFaults,
  settingAt,
  withSetting,
} from './fault-fields.ts';
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

interface InputProps {
  readonly field: FaultField;
  readonly settings: Settings;
  readonly disabled: boolean;
  readonly onChange: (path: readonly string[], value: unknown) => void;
}

function FaultInput({ field, settings, disabled, onChange }: InputProps) {
  const value = settingAt(settings, field.path);
  const common = { label: field.label, description: field.help, disabled, size: 'xs' } as const;
  if (field.kind === 'switch') {
    return (
      <Switch
        {...common}
        checked={value === true}
        onChange={(event) => onChange(field.path, event.currentTarget.checked)}
      />
    );
  }
  if (field.kind === 'texts') {
    return <TagsInput {...common} value={value as string[]} onChange={(next) => onChange(field.path, next)} />;
  }
  const main = (
    <NumberInput
      {...common}
      min={0}
      max={field.kind === 'milliseconds' ? 600_000 : 100_000}
      allowDecimal={false}
      value={Number(value)}
      onChange={(next) => onChange(field.path, Number(next) || 0)}
    />
  );
  if (!field.with) return main;
  const second = field.with;
  const other = settingAt(settings, second.path);
  return (
    <div>
      {main}
      {Number(value) > 0 && (
        <div style={{ marginTop: 6 }}>
          {second.kind === 'status' && (
            <Select
              size="xs"
              label={second.label}
              disabled={disabled}
              allowDeselect={false}
              data={['500', '503']}
              value={String(other)}
              onChange={(next) => onChange(second.path, Number(next))}
            />
          )}
          {second.kind === 'count' && (
            <NumberInput
              size="xs"
              label={second.label}
              disabled={disabled}
              min={0}
              max={3600}
              allowDecimal={false}
              value={Number(other)}
              onChange={(next) => onChange(second.path, Number(next) || 0)}
            />
          )}
          {second.kind === 'text' && (
            <TextInput
              size="xs"
              label={second.label}
              disabled={disabled}
              value={String(other)}
              onChange={(event) => onChange(second.path, event.currentTarget.value)}
            />
          )}
        </div>
      )}
    </div>
  );
}
