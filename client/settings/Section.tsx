import { Center, Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';

interface Props {
  readonly title: string;
  readonly lead: ReactNode;
  readonly action?: ReactNode;
  readonly pending?: boolean;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  readonly children: ReactNode;
}

/** Heading, explanation and content of a part of the settings, or what keeps it from being shown. */
export function Section({ title, lead, action, pending = false, error, onRetry, children }: Props) {
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          <Text size="sm" c="dimmed" maw={640}>
            {lead}
          </Text>
        </div>
        {action}
      </Group>
      {error ? (
        <ProblemNotice title={`“${title}” could not be loaded`} error={error} onRetry={onRetry} />
      ) : pending ? (
        <Center p="xl">
          <Loader aria-label="Loading" />
        </Center>
      ) : (
        children
      )}
    </Stack>
  );
}
