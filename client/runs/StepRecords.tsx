import { Center, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunView, StepView } from '../../spec/api/run.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { recordsQuery } from '../api/queries.ts';
import { formatCount } from '../ui/format.ts';
import { RunRecords } from '../ui/RunRecords.tsx';
import type { TraceAt } from './queries.ts';
import classes from './StepRecords.module.css';
import { TraceDrawer } from './TraceDrawer.tsx';

interface Props {
  readonly run: RunView & { document: Workflow };
  readonly step: StepView;
  /** Of a step inside a container, the key of the one that is looked at, such as `loop/3/read`. */
  readonly at?: string | undefined;
  readonly side: 'in' | 'out';
  readonly onShowStep: (node: string) => void;
}

/** The records at a side of a step, by port. Picking one shows it whole, with its way through the run. */
export function StepRecords({ run: view, step, at: node = step.node, side, onShowStep }: Props) {
  const run = view.id;
  const [chosenPort, choosePort] = useState<string>();
  const [picked, pick] = useState<{ position: number; at: TraceAt }>();
  const started = step.startedAt !== undefined || Object.keys(step.out).length > 0;
  const all = useQuery({ ...recordsQuery({ run, node, side }, 0, 1), enabled: started });
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
  const worthSeeing = view.error?.node === step.node ? ports.toReversed() : ports;
  const port = chosenPort ?? worthSeeing.find(([, count]) => count > 0)?.[0];
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
            at={{ run, node, side, port }}
            label={`${side === 'in' ? 'Input' : 'Output'} of ${step.name}`}
            isDescribed
            selected={picked?.position}
            onSelect={(position) => pick({ position, at: { run, step: node, side, port, index: position } })}
            empty={
              <Text size="sm" c="dimmed">
                {emptyWords(side, step)}
              </Text>
            }
          />
        )}
      </div>
      <TraceDrawer
        run={view}
        at={picked?.at}
        onPick={(at) => picked && pick({ ...picked, at })}
        onShowStep={(node) => {
          pick(undefined);
          onShowStep(node);
        }}
        onClose={() => pick(undefined)}
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
