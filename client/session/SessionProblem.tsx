import { Alert, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { asProblem } from '../api/problem-error.ts';

/** Why signing in did not work, and what to do. */
export function SessionProblem({ error }: { error: unknown }) {
  const { message, remedy } = asProblem(error);
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle aria-hidden />} role="alert" title={message}>
      {remedy && <Text size="sm">{remedy}</Text>}
    </Alert>
  );
}
