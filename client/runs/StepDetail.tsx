import { Badge, Button, NativeSelect, Progress, Tabs, Text, Title, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunView, StepView } from '../../spec/api/run.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { nodeTypesQuery } from '../api/queries.ts';
import { useMay } from '../session/use-may.ts';
import { useNow } from '../ui/Ago.tsx';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import { StatusBadge, statusWord } from '../ui/StatusBadge.tsx';
import { RestartDialog } from './RestartDialog.tsx';
import { isOver, roundWords, shownStatus, unsettledWords } from './run-words.ts';
import { StepAttempts } from './StepAttempts.tsx';
import classes from './StepDetail.module.css';
import { StepLog } from './StepLog.tsx';
import { StepRecords } from './StepRecords.tsx';
import { StepWait } from './StepWait.tsx';

interface Props {
  readonly run: RunView & { document: Workflow };
  readonly step: StepView;
  readonly onShowStep: (node: string) => void;
}

/** What a step read and wrote, its attempts and its log; on top what it waits for. */
export function StepDetail({ run, step, onShowStep }: Props) {
  const types = useQuery(nodeTypesQuery).data;
  const may = useMay();
  const [restarts, setRestarts] = useState(false);
  const type = types?.get(step.type);
  const failedTries = step.tries.filter((one) => one.error).length;
  const inRounds = step.inRounds ?? [];
  const [chosenRound, chooseRound] = useState<string>();
  const round = inRounds.find((one) => one.step === chosenRound) ?? worthSeeing(inRounds);
  return (
    <section className={classes.frame} aria-label={`Step ${step.name}`}>
      <header className={classes.head}>
        <ConnectorIcon connector={type?.connector ?? ''} type={step.type} />
        <div className={classes.words}>
          <Title order={2} size="h5" className={classes.title ?? ''} title={step.name}>
            {step.name}
          </Title>
          {type && (
            <Text size="xs" c="dimmed">
              {type.title}
            </Text>
          )}
        </div>
        <StatusBadge status={shownStatus(run, step)} />
        {may('run.control') && isOver(run) && step.node !== run.trigger && (
          <Tooltip label="A new run that keeps the results of the steps before this one">
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={() => setRestarts(true)}
            >
              Restart from here
            </Button>
          </Tooltip>
        )}
      </header>
      {restarts && (
        <RestartDialog
          run={run.id}
          restart={{ from: step.node }}
          fromName={step.name}
          onClose={() => setRestarts(false)}
        />
      )}
      {step.reused && (
        <Text size="sm" c="dimmed" px="md" py={6}>
          Kept from the run that this one restarts.
        </Text>
      )}
      {step.unsettled && (
        <Text size="sm" px="md" py={6} role="note">
          {unsettledWords(step.unsettled)}
        </Text>
      )}
      {step.wait && (
        <div className={classes.wait}>
          <StepWait run={run.id} step={step} wait={step.wait} />
        </div>
      )}
      <StepProgress step={step} />
      {run.status === 'queued' && (
        <Text size="sm" px="md" py={6} role="note">
          The run is queued: it begins when an earlier run of this workflow has ended, or another makes room for it.
        </Text>
      )}
      {round && <RoundChoice run={run} step={step} round={round} onChoose={chooseRound} />}
      <Tabs
        defaultValue={step.error && !round ? 'attempts' : 'output'}
        className={classes.tabs ?? ''}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="output">Output</Tabs.Tab>
          <Tabs.Tab value="input">Input</Tabs.Tab>
          <Tabs.Tab
            value="attempts"
            rightSection={
              failedTries > 0 && (
                <Badge
                  size="xs"
                  variant="filled"
                  color="red.8"
                  circle
                  aria-label={countOf(failedTries, 'failed attempt')}
                >
                  {failedTries}
                </Badge>
              )
            }
          >
            Attempts
          </Tabs.Tab>
          <Tabs.Tab value="log">Log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="output" className={classes.panel ?? ''}>
          <StepRecords key={round?.step} run={run} step={step} at={round?.step} side="out" onShowStep={onShowStep} />
        </Tabs.Panel>
        <Tabs.Panel value="input" className={classes.panel ?? ''}>
          <StepRecords key={round?.step} run={run} step={step} at={round?.step} side="in" onShowStep={onShowStep} />
        </Tabs.Panel>
        <Tabs.Panel value="attempts" className={classes.panel ?? ''}>
          <StepAttempts step={step} round={round} />
        </Tabs.Panel>
        <Tabs.Panel value="log" className={classes.panel ?? ''}>
          <StepLog run={run.id} node={step.node} />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

/** How far a step that works on many records is, and how fast. */
function StepProgress({ step: { progress, startedAt, finishedAt } }: { step: StepView }) {
  const isOn = progress !== undefined && finishedAt === undefined;
  const now = useNow(500, isOn);
  if (!isOn) return null;
  const { done, total } = progress;
  const seconds = startedAt === undefined ? 0 : (now - startedAt) / 1000;
  const words = total === undefined ? countOf(done, 'record') : `${formatCount(done)} of ${countOf(total, 'record')}`;
  return (
    <div className={classes.progress}>
      {total !== undefined && <Progress size={6} aria-label="Records done" value={(100 * done) / Math.max(1, total)} />}
      <Text size="xs" c="dimmed" className="tabular">
        {words}
        {seconds >= 1 && `, ${formatCount(Math.round(done / seconds))} a second`}
      </Text>
    </div>
  );
}

type Round = NonNullable<StepView['inRounds']>[number];

/** Which round of a container is looked at. Of many only those that failed, the first one and those under way can be. */
function RoundChoice({
  run,
  step,
  round,
  onChoose,
}: {
  run: Props['run'];
  step: StepView;
  round: Round;
  onChoose: (step: string) => void;
}) {
  const nameOf = (id: string) => run.document.nodes.find((node) => node.id === id)?.name ?? id;
  const listed = step.inRounds ?? [];
  const ran = step.rounds?.done ?? listed.length;
  return (
    <div className={classes.rounds}>
      <NativeSelect
        size="xs"
        aria-label="Round"
        data={listed.map((one) => ({
          value: one.step,
          label: `${roundWords(one.step, nameOf)} (${[statusWord(one.status).toLowerCase(), ...rejectedIn(one)].join(', ')})`,
        }))}
        value={round.step}
        onChange={(event) => onChoose(event.currentTarget.value)}
      />
      {ran > listed.length && (
        <Text size="xs" c="dimmed">
          Of {countOf(ran, 'round')} the first and those that failed are kept.
        </Text>
      )}
    </div>
  );
}

function rejectedIn({ out: { rejected = 0 } }: Round): string[] {
  return rejected > 0 ? [`${formatCount(rejected)} rejected`] : [];
}

/** A round that asks, failed or rejected a record, else the first. */
function worthSeeing(rounds: readonly Round[]): Round | undefined {
  return (
    rounds.find(({ status }) => status === 'needs-you') ??
    rounds.find(({ status, out }) => status === 'failed' || (out.rejected ?? 0) > 0) ??
    rounds[0]
  );
}
