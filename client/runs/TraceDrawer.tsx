import { ActionIcon, Button, Center, Drawer, Loader, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconFocus2, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunView } from '../../spec/api/run.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { formatCount } from '../ui/format.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { statusWord } from '../ui/StatusBadge.tsx';
import { type TraceAt, traceQuery } from './queries.ts';
import { RecordFields } from './RecordFields.tsx';
import classes from './TraceDrawer.module.css';
import { TracePath } from './TracePath.tsx';
import { stopBefore, stopsOf, type TraceStop } from './trace-stops.ts';

interface Props {
  readonly run: RunView & { document: Workflow };
  /** The record that was picked; none closes the drawer. */
  readonly at: TraceAt | undefined;
  /** Another record of the trace is picked. */
  readonly onPick: (at: TraceAt) => void;
  readonly onShowStep: (node: string) => void;
  readonly onClose: () => void;
}

/** A picked record, what it was at each step before, and what came of it. */
export function TraceDrawer({ run, at, onPick, onShowStep, onClose }: Props) {
  return (
    <Drawer
      opened={at !== undefined}
      onClose={onClose}
      position="right"
      size={860}
      title="A record and its way through the run"
      classNames={{ body: classes.body ?? '', content: classes.content ?? '' }}
    >
      {at && (
        <Traced
          key={`${at.step} ${at.side} ${at.port} ${at.index}`}
          run={run}
          at={at}
          onPick={onPick}
          onShowStep={onShowStep}
        />
      )}
    </Drawer>
  );
}

function Traced({ run, at, onPick, onShowStep }: Required<Omit<Props, 'onClose'>> & { at: TraceAt }) {
  const trace = useQuery(traceQuery(at));
  const [chosenKey, choose] = useState('here');
  const [place, setPlace] = useState(0);
  if (trace.isPending) {
    return (
      <Center flex={1}>
        <Loader aria-label="Following the record" />
      </Center>
    );
  }
  if (!trace.data) {
    return (
      <ProblemNotice
        title="The record could not be followed"
        error={trace.error}
        onRetry={() => void trace.refetch()}
      />
    );
  }
  const stops = stopsOf(trace.data);
  const chosen = stops.find(({ key }) => key === chosenKey) ?? stops[0];
  if (!chosen) return null;
  const shown = chosen.records[Math.min(place, chosen.records.length - 1)];
  const before = stopBefore(chosen, stops, run.document)?.records[0]?.record;
  return (
    <div className={classes.columns}>
      <TracePath
        stops={stops}
        chosen={chosen}
        onChoose={({ key }) => {
          choose(key);
          setPlace(0);
        }}
      />
      <section className={classes.detail} aria-label={`At ${chosen.name}`}>
        <div className={classes.detailHead}>
          <Text fw={600} className={classes.title ?? ''} aria-live="polite">
            {shown ? `Record ${formatCount(shown.index + 1)} of ${formatCount(chosen.total)}` : endWords(chosen)}
          </Text>
          {chosen.records.length > 1 && <Pager stop={chosen} place={place} onPlace={setPlace} />}
        </div>
        {shown ? (
          <RecordFields record={shown.record} before={before} />
        ) : (
          <Text size="sm" c="dimmed">
            The way of the record ends here.
          </Text>
        )}
        <div className={classes.foot}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTable size={15} aria-hidden />}
            onClick={() => onShowStep(chosen.node)}
          >
            Show the step
          </Button>
          {shown && chosen.where !== 'here' && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFocus2 size={15} aria-hidden />}
              onClick={() =>
                onPick({ run: run.id, step: chosen.step, side: chosen.side, port: chosen.port, index: shown.index })
              }
            >
              Follow this record
            </Button>
          )}
        </div>
      </section>
    </div>
  );
}

/** Which of several records is shown; how many there are beyond those that were sent. */
function Pager({ stop, place, onPlace }: { stop: TraceStop; place: number; onPlace: (place: number) => void }) {
  const sent = stop.records.length;
  return (
    <div className={classes.pager}>
      <Tooltip label="Previous record of the trace">
        <ActionIcon
          size="sm"
          aria-label="Previous record of the trace"
          disabled={place === 0}
          onClick={() => onPlace(place - 1)}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
      </Tooltip>
      <Text size="xs" c="dimmed" className="tabular">
        {formatCount(place + 1)} of {formatCount(sent)}
        {stop.count > sent && ` and ${formatCount(stop.count - sent)} more`}
      </Text>
      <Tooltip label="Next record of the trace">
        <ActionIcon
          size="sm"
          aria-label="Next record of the trace"
          disabled={place === sent - 1}
          onClick={() => onPlace(place + 1)}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function endWords({ status }: TraceStop): string {
  if (status === undefined || status === 'succeeded') return 'Nothing came out of it for this record';
  return statusWord(status);
}
