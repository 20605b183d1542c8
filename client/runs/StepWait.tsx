import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { StepView } from '../../spec/api/run.ts';
import { formatDateTime } from '../ui/format.ts';
import { SentCall } from './SentCall.tsx';
import { StepAnswerForm } from './StepAnswerForm.tsx';
import classes from './StepWait.module.css';

interface Props {
  readonly run: string;
  readonly step: StepView;
  readonly wait: NonNullable<StepView['wait']>;
}

/** What a step waits for; where a person can end the wait, the buttons for it. */
export function StepWait({ run, step, wait }: Props) {
  const question = wait.kind === 'approval' || wait.kind === 'unknown-outcome' ? wait.kind : undefined;
  return (
    <div className={classes.wait} data-asks={question !== undefined || undefined}>
      <WaitWords wait={wait} />
      {wait.kind === 'callback' && (
        <Text size="xs" c="dimmed">
          It goes on when this address is called with POST:{' '}
          <code>
            {location.origin}/hooks/~/{run}/{wait.step ?? step.node}
          </code>
        </Text>
      )}
      {question && (
        <StepAnswerForm run={run} key={wait.step} node={wait.step ?? step.node} kind={question} call={wait.key} />
      )}
    </div>
  );
}

function WaitWords({ wait }: { wait: NonNullable<StepView['wait']> }) {
  const until = wait.until === undefined ? undefined : formatDateTime(wait.until);
  const people = wait.people ?? [];
  switch (wait.kind) {
    case 'approval':
      return (
        <>
          <Text size="sm" fw={600} className={classes.question ?? ''}>
            {wait.message ?? 'Somebody has to approve this.'}
          </Text>
          <Text size="sm" c="dimmed">
            {people.length > 0 ? `Asked: ${people.join(', ')}. ` : ''}
            {until !== undefined && `Without an answer it goes on at ${until}.`}
          </Text>
        </>
      );
    case 'unknown-outcome':
      return (
        <>
          <Text size="sm" fw={600}>
            It is not known whether this took effect
          </Text>
          <Text size="sm">
            {wait.message ??
              'The connection was lost after the request had gone out. Look in the service, then say what you found; nothing is repeated until you do.'}
          </Text>
          {wait.sent && <SentCall sent={wait.sent} />}
          <Text size="xs" c="dimmed">
            {wait.since !== undefined && `Begun at ${formatDateTime(wait.since)}. `}
            {wait.key !== undefined && (
              <>
                The service may know the request by the key <code>{wait.key}</code>.
              </>
            )}
          </Text>
        </>
      );
    case 'until':
      return <Text size="sm">Waits until {until}.</Text>;
    case 'retry':
      return <Text size="sm">Tries again at {until}.</Text>;
    case 'callback':
      return (
        <Text size="sm">
          Waits for a call from outside{until === undefined ? '.' : `, at the longest until ${until}.`}
        </Text>
      );
    case 'run':
      return (
        <Text size="sm">
          Waits for{' '}
          {wait.runId === undefined ? (
            'another run'
          ) : (
            <Anchor component={Link} to={`/runs/${wait.runId}`} inherit underline="always">
              the run that it started
            </Anchor>
          )}
          .
        </Text>
      );
  }
}
