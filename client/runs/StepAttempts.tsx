import { Center, Text } from '@mantine/core';
import type { StepView } from '../../spec/api/run.ts';
import { useNow } from '../ui/Ago.tsx';
import { countOf, formatDateTime, formatDuration } from '../ui/format.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { ErrorDetails } from './ErrorDetails.tsx';
import classes from './StepAttempts.module.css';

interface Props {
  readonly step: StepView;
  /** Of a step inside a container, the one of the round that is looked at. */
  readonly round?: NonNullable<StepView['inRounds']>[number] | undefined;
}

/** Every try of a step, the last one first, and why it failed; of a step in a round how often it was tried and how it ended. */
export function StepAttempts({ step, round }: Props) {
  const now = useNow(1000, step.startedAt !== undefined && step.finishedAt === undefined);
  const tries = [...step.tries].reverse();
  if (round) {
    return (
      <div className={classes.list}>
        <div className={classes.line}>
          <Text fw={600} size="sm" span>
            {countOf(round.attempts, 'attempt')}
          </Text>
          <StatusBadge status={round.status} />
        </div>
        {round.error && <WhyFailed error={round.error} />}
      </div>
    );
  }
  if (tries.length === 0) {
    return (
      <Center p="xl">
        <Text size="sm" c="dimmed">
          {step.reused ? 'Its result was kept from the earlier run.' : 'It has not been tried.'}
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
          {one.error && <WhyFailed error={one.error} />}
        </li>
      ))}
    </ol>
  );
}

function WhyFailed({ error }: { error: NonNullable<StepView['error']> }) {
  return (
    <>
      <Text size="sm">
        {error.message}
        {error.field !== undefined && ` Field: ${error.field}.`}
      </Text>
      <Text size="sm" fw={500}>
        {error.remedy}
      </Text>
      <ErrorDetails error={error} />
    </>
  );
}
