import { Alert, Button, Code, Group, Spoiler, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asProblem } from '../api/problem-error.ts';

interface Props {
  /** What the person tried, such as "The runs could not be loaded". */
  readonly title: string;
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  readonly children?: ReactNode;
}

/** What happened, what to do, and the problems one by one. */
export function ProblemNotice({ title, error, onRetry, children }: Props) {
  const problem = asProblem(error);
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle aria-hidden />} title={title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{problem.message}</Text>
        {problem.remedy && <Text size="sm">{problem.remedy}</Text>}
        {problem.problems.length > 0 && (
          <Spoiler maxHeight={120} showLabel="Show all" hideLabel="Show fewer">
            <ul style={{ margin: 0, paddingInlineStart: 20 }}>
              {problem.problems.map((entry) => (
                <li key={`${entry.code} ${entry.path.join('.')} ${entry.message}`}>
                  <Text size="sm" span>
                    {entry.message} {entry.remedy}
                  </Text>
                </li>
              ))}
            </ul>
          </Spoiler>
        )}
        <Group gap="xs">
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          {children}
        </Group>
        <Code fz={11}>{problem.code}</Code>
      </Stack>
    </Alert>
  );
}
