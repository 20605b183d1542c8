import { Alert, Text } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react';
import type { CredentialTestResult } from '../../spec/api/credential.ts';

/** What connecting with a credential gave. */
export function TestResult({ result: { ok, message, remedy } }: { result: CredentialTestResult }) {
  return (
    <Alert
      role="status"
      variant="light"
      color={ok ? 'green' : 'red'}
      icon={ok ? <IconCircleCheckFilled aria-hidden /> : <IconCircleXFilled aria-hidden />}
      title={ok ? 'It works' : 'It did not work'}
    >
      <Text size="sm">{message}</Text>
      {remedy && <Text size="sm">{remedy}</Text>}
    </Alert>
  );
}
