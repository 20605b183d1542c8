import { Center, Text } from '@mantine/core';
import type { StepView } from '../../spec/api/run.ts';
import { useNow } from '../ui/Ago.tsx';
import { formatDateTime, formatDuration } from '../ui/format.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { ErrorDetails } from './ErrorDetails.tsx';
import classes from './StepAttempts.module.css';

/** Every try of a step, the last one first, and why it failed. */
export function StepAttempts({ step }: { step: StepView }) {
  const now = useNow(1000, step.startedAt !== undefined && step.finishedAt === undefined);
  const tries = [...step.tries].reverse();
  if (tries.length === 0) {
    return (
      <Center p="xl">
        <Text size="sm" c="dimmed">
          {step.status === 'succeeded' ? 'Its result was kept from the earlier run.' : 'It has not been tried.'}
        </Text>
      </Center>
    );
  }
  return (
    <ol className={classes.list} reversed>
      {tries.map((one) => (
        <li key={one.attempt} className={classes.attempt}>
          <div className={classes.line}>
            <Text fw={600} size="sm" span>
              Attempt {one.attempt}
            </Text>
            <StatusBadge status={one.error ? 'failed' : one.finishedAt === undefined ? 'running' : 'succeeded'} />
            <Text size="sm" c="dimmed" span className="tabular">
              {formatDateTime(one.startedAt)}, {formatDuration(Math.max(0, (one.finishedAt ?? now) - one.startedAt))}
            </Text>
          </div>
          {one.error && (
            <>
              <Text size="sm">
                {one.error.message}
                {one.error.field !== undefined && ` Field: ${one.error.field}.`}
              </Text>
              <Text size="sm" fw={500}>
                {one.error.remedy}
              </Text>
              <ErrorDetails error={one.error} />
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
