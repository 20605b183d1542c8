import { Center, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StepView } from '../../spec/api/run.ts';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { recordsQuery } from '../api/queries.ts';
import { formatCount } from '../ui/format.ts';
import { RunRecords } from '../ui/RunRecords.tsx';
import { RecordDrawer } from './RecordDrawer.tsx';
import classes from './StepRecords.module.css';

interface Props {
  readonly run: string;
  readonly step: StepView;
  readonly side: 'in' | 'out';
}

/** The records at a side of a step, by port. Clicking one shows it whole. */
export function StepRecords({ run, step, side }: Props) {
  const [chosenPort, choosePort] = useState<string>();
  const [open, setOpen] = useState<{ position: number; record: DataRecord }>();
  const started = step.startedAt !== undefined || Object.keys(step.out).length > 0;
  const all = useQuery({ ...recordsQuery({ run, node: step.node, side }, 0, 1), enabled: started });
  const ports = Object.entries(all.data?.ports ?? {});
  if (!started) {
    return (
      <Center className={classes.none}>
        <Text size="sm" c="dimmed">
          {step.status === 'skipped'
            ? 'This step was skipped, since nothing came to it.'
            : step.status === 'cancelled'
              ? 'The run ended before this step began.'
              : 'This step has not begun yet.'}
        </Text>
      </Center>
    );
  }
  const port = chosenPort ?? ports.find(([, count]) => count > 0)?.[0];
  return (
    <>
      {ports.length > 1 && (
        <div className={classes.ports}>
          <SegmentedControl
            size="xs"
            aria-label={side === 'in' ? 'Input' : 'Output'}
            data={ports.map(([name, count]) => ({ value: name, label: `${portWord(name)} (${formatCount(count)})` }))}
            value={port ?? ports[0]?.[0] ?? ''}
            onChange={choosePort}
          />
        </div>
      )}
      <div className={classes.table}>
        {!all.isPending && (
          <RunRecords
            key={port}
            at={{ run, node: step.node, side, port }}
            label={`${side === 'in' ? 'Input' : 'Output'} of ${step.name}`}
            selected={open?.position}
            onSelect={(position, record) => record && setOpen({ position, record })}
            empty={
              <Text size="sm" c="dimmed">
                {emptyWords(side, step)}
              </Text>
            }
          />
        )}
      </div>
      <RecordDrawer
        title={open === undefined ? '' : `Record ${formatCount(open.position + 1)} of ${step.name}`}
        record={open?.record}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}

function emptyWords(side: 'in' | 'out', { finishedAt, startedAt }: StepView): string {
  const isOn = startedAt !== undefined && finishedAt === undefined;
  if (side === 'in') return isOn ? 'No records have come in yet.' : 'No records came in.';
  return isOn ? 'No records have gone out yet.' : 'No records went out.';
}

function portWord(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}
