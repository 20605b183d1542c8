import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { IconCircleXFilled, IconKey, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { RunView } from '../../spec/api/run.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { useMay } from '../session/use-may.ts';
import { ErrorDetails } from './ErrorDetails.tsx';
import { RestartDialog } from './RestartDialog.tsx';
import classes from './RunFailure.module.css';
import { needsRepair } from './run-words.ts';
import type { Restart } from './use-run-actions.ts';

interface Props {
  readonly run: RunView & { document: Workflow };
  readonly error: NonNullable<RunView['error']>;
}

/** The run of another workflow that failed and took this one with it. */
function calledRun({ code, details }: Props['error']): string | undefined {
  const isCalled = code === 'workflow-failed' && typeof details === 'object' && details !== null && 'runId' in details;
  return isCalled ? String(details.runId) : undefined;
}

/** What happened, where, and what to do, with the button for it. */
export function RunFailure({ run, error }: Props) {
  const may = useMay();
  const [asked, setAsked] = useState<Restart>();
  const node = run.document.nodes.find(({ id }) => id === error.node);
  const called = calledRun(error);
  const repair = needsRepair(error);
  const offersRestart = may('run.control') && (run.status === 'failed' || run.status === 'cancelled');
  return (
    <Paper withBorder className={classes.notice} role="alert">
      <IconCircleXFilled size={22} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <Title order={2} size="h5">
          {node ? `“${node.name}” failed` : 'The run failed'}
          {error.field !== undefined && ` at the field ${error.field}`}
        </Title>
        <Text size="sm">{error.message}</Text>
        <Text size="sm" fw={500}>
          {error.remedy}
        </Text>
        <Group gap="xs" mt={6}>
          {offersRestart && (
            <Button
              size="xs"
              leftSection={<IconRefresh size={15} aria-hidden />}
              onClick={() => setAsked({ newest: repair })}
            >
              {repair ? 'Restart from here with the repaired workflow' : 'Restart from here'}
            </Button>
          )}
          {offersRestart && (
            <Button size="xs" variant="default" onClick={() => setAsked({ from: run.trigger, newest: repair })}>
              Restart all
            </Button>
          )}
          {called !== undefined && (
            <Button size="xs" variant="default" component={Link} to={`/runs/${called}`}>
              See the run that it started
            </Button>
          )}
          {error.class === 'auth' && node?.credential !== undefined && (
            <Button
              size="xs"
              variant="default"
              component={Link}
              to={`/credentials?open=${encodeURIComponent(node.credential)}`}
              leftSection={<IconKey size={15} aria-hidden />}
            >
              Open the credential
            </Button>
          )}
        </Group>
        <ErrorDetails error={error} />
      </div>
      {asked && (
        <RestartDialog
          run={run.id}
          restart={asked}
          fromName={asked.from === undefined ? undefined : run.document.nodes.find(({ id }) => id === asked.from)?.name}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Paper>
  );
}
