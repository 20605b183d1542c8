import { Anchor, Button, Group, Paper, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { RunSummary } from '../../spec/api/run.ts';
import { RestartDialog } from '../runs/RestartDialog.tsx';
import { needsRepair } from '../runs/run-words.ts';
import { useMay } from '../session/use-may.ts';
import { Ago } from '../ui/Ago.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import classes from './NeedsYou.module.css';

/** A failed run: what happened, what to do, and the button to start it again from where it failed. */
export function FailedRunCard({ run }: { run: RunSummary }) {
  const may = useMay();
  const repair = run.error !== undefined && needsRepair(run.error);
  const [restarts, setRestarts] = useState(false);
  return (
    <Paper withBorder className={classes.card} component="article">
      <div className={classes.top}>
        <Group gap="xs">
          <StatusBadge status="failed" />
          <Anchor component={Link} to={`/runs/${run.id}`} fw={600} c="var(--mantine-color-text)">
            {run.workflowName}
          </Anchor>
        </Group>
        <Text size="sm" c="dimmed" span>
          <Ago at={run.finishedAt ?? run.createdAt} />
        </Text>
      </div>
      {run.error && (
        <div>
          <Text size="sm">{run.error.message}</Text>
          <Text size="sm" fw={500}>
            {run.error.remedy}
          </Text>
        </div>
      )}
      <Group gap="xs" mt={2}>
        {may('run.control') && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={15} aria-hidden />}
            onClick={() => setRestarts(true)}
          >
            {repair ? 'Restart with the repaired workflow' : 'Restart from the failed step'}
          </Button>
        )}
        <Button size="xs" variant="subtle" component={Link} to={`/runs/${run.id}`}>
          See the run
        </Button>
      </Group>
      {restarts && <RestartDialog run={run.id} restart={{ newest: repair }} stay onClose={() => setRestarts(false)} />}
    </Paper>
  );
}
