import { Anchor, Paper, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { RunSummary, StepView } from '../../spec/api/run.ts';
import { StepAnswerForm } from '../runs/StepAnswerForm.tsx';
import { WaitWords } from '../runs/StepWait.tsx';
import { Ago } from '../ui/Ago.tsx';
import { countOf } from '../ui/format.ts';
import classes from './NeedsYou.module.css';

/** One question of a step, answered in place. */
export function WaitingCard({ run, step }: { run: RunSummary; step: StepView | undefined }) {
  const wait = step?.wait;
  const question = wait?.kind === 'approval' || wait?.kind === 'unknown-outcome' ? wait.kind : undefined;
  const since = step?.startedAt ?? run.startedAt ?? run.createdAt;
  return (
    <Paper withBorder className={classes.card} component="article">
      <div className={classes.top}>
        <Anchor
          component={Link}
          to={`/runs/${run.id}${step ? `?step=${encodeURIComponent(step.node)}` : ''}`}
          fw={600}
          c="var(--mantine-color-text)"
        >
          {run.workflowName}
          {step && `: ${step.name}`}
        </Anchor>
        <Text size="sm" c="dimmed" span>
          {step && step.in > 0 && `${countOf(step.in, 'record')} held, `}
          asked <Ago at={since} />
        </Text>
      </div>
      {step && question && wait && (
        <div className={classes.ask}>
          <WaitWords wait={wait} />
          <StepAnswerForm run={run.id} node={step.node} kind={question} call={wait.key} />
        </div>
      )}
      {step && !question && (
        <>
          <Text size="sm">{step.error?.message ?? 'This step waits for somebody to look at it.'}</Text>
          {step.error?.remedy && (
            <Text size="sm" fw={500}>
              {step.error.remedy}
            </Text>
          )}
        </>
      )}
    </Paper>
  );
}
