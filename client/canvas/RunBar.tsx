import { ActionIcon, Anchor, Button, Paper, Progress, Text, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { Ago } from '../ui/Ago.tsx';
import { countOf, formatDuration } from '../ui/format.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { useCanvas, useRun } from './CanvasContext.tsx';
import classes from './RunBar.module.css';
import { isOver } from './run-store.ts';
import { useCanvasView } from './use-canvas-view.ts';

/** The followed run in one line below the canvas: how far it is, how it ended, what to do when it failed. */
export function RunBar() {
  const { runs, ui } = useCanvas();
  const run = useRun((state) => state.run);
  const steps = useRun((state) => state.steps);
  const only = useRun((state) => state.only);
  const earlier = useRun((state) => state.earlier);
  const view = useCanvasView();
  const elapsed = useElapsed(run?.startedAt, run?.finishedAt);
  if (!run) return null;
  const all = Object.values(steps).filter((step) => only === undefined || only.has(step.node));
  const done = all.filter((step) => step.finishedAt !== undefined || step.status === 'skipped').length;
  const long = all.find((step) => step.status === 'running' && step.progress?.total);
  const failedStep = run.error?.node ?? all.find((step) => step.status === 'failed')?.node;
  return (
    <Paper className={classes.bar} shadow={earlier ? 'xs' : 'md'} withBorder role="status" aria-label="Run">
      <StatusBadge status={run.status} />
      <div className={classes.words}>
        {run.error ? (
          <>
            <Text size="sm" fw={500} lineClamp={3} title={run.error.message}>
              {earlier && (
                <>
                  Last run, <Ago at={run.finishedAt ?? run.createdAt} />:{' '}
                </>
              )}
              {run.error.message}
            </Text>
            <Text size="xs" c="dimmed" lineClamp={2} title={run.error.remedy}>
              {run.error.remedy}
            </Text>
          </>
        ) : (
          <Text size="sm" className="tabular">
            {earlier && (
              <>
                Last run, <Ago at={run.finishedAt ?? run.createdAt} /> ·{' '}
              </>
            )}
            {done} of {countOf(all.length, 'step')}
            {elapsed !== undefined && ` · ${formatDuration(elapsed)}`}
            {long?.progress?.total &&
              ` · ${long.name}: ${countOf(long.progress.done, 'record')} of ${long.progress.total.toLocaleString('en')}`}
          </Text>
        )}
        {!isOver(run) && (
          <Progress size={3} mt={4} aria-label="Steps done" value={all.length === 0 ? 0 : (done / all.length) * 100} />
        )}
      </div>
      <div className={classes.actions}>
        {failedStep !== undefined && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              view.goTo(failedStep);
              ui.setState({ panel: { node: failedStep } });
            }}
          >
            Open the step
          </Button>
        )}
        <Anchor component={Link} to={`/runs/${run.id}`} size="sm">
          See the run
        </Anchor>
        {isOver(run) && (
          <Tooltip label="Clear from the canvas">
            <ActionIcon aria-label="Clear the run from the canvas" onClick={() => runs.getState().clear()}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </Paper>
  );
}

function useElapsed(from: number | undefined, to: number | undefined): number | undefined {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (from === undefined || to !== undefined) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [from, to]);
  return from === undefined ? undefined : Math.max(0, (to ?? now) - from);
}
