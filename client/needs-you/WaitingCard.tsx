import { Anchor, Paper, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { RunSummary, StepView } from '../../spec/api/run.ts';
import { StepWait } from '../runs/StepWait.tsx';
import { Ago } from '../ui/Ago.tsx';
import { countOf } from '../ui/format.ts';
import classes from './NeedsYou.module.css';

/** One question of a step, answered in place. */
export function WaitingCard({ run, step }: { run: RunSummary; step: StepView }) {
  // A step asks when its last try has come as far as it gets.
  const since = step.tries.at(-1)?.finishedAt ?? step.startedAt ?? run.createdAt;
  return (
    <Paper withBorder className={classes.card} component="article">
      <div className={classes.top}>
        <Anchor
          component={Link}
          to={`/runs/${run.id}?step=${encodeURIComponent(step.node)}`}
          fw={600}
          c="var(--mantine-color-text)"
        >
          {run.workflowName}: {step.name}
        </Anchor>
        <Text size="sm" c="dimmed" span>
          {step.in > 0 && `${countOf(step.in, 'record')} held, `}
          asked <Ago at={since} />
        </Text>
      </div>
      {step.wait && <StepWait run={run.id} step={step} wait={step.wait} />}
    </Paper>
  );
}
