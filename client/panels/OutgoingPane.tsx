import { Alert, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../spec/api/routes.ts';
import type { WorkflowNode } from '../../spec/workflow/document.ts';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { call } from '../api/call.ts';
import { asProblem } from '../api/problem-error.ts';
import { samplesQuery } from '../api/queries.ts';
import { useCanvas, useDocument } from '../canvas/CanvasContext.tsx';
import { portsOf } from '../canvas/flow-elements.ts';
import type { RunControl } from '../canvas/use-run-control.ts';
import { roundWords } from '../runs/run-words.ts';
import { DataTable } from '../ui/DataTable.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import { RunRecords } from '../ui/RunRecords.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { useKnownSteps } from './data/PanelData.tsx';
import { shownStep } from './data/step-data.ts';
import classes from './NodePanel.module.css';

/** What went out when the step last ran, port by port, and the sample that stands in for it. */
export function OutgoingPane({ node }: { node: WorkflowNode; control: RunControl }) {
  const { workflowId, types } = useCanvas();
  const known = useKnownSteps().get(node.id);
  const step = known?.step;
  const sample = useQuery(samplesQuery(workflowId)).data?.[node.id];
  const [shown, setShown] = useState<string>();
  const ports = portsOf(node, types.get(node.type)).outputs;
  const counted = step && Object.keys(step.out).length > 0;
  const port =
    ports.find((candidate) => candidate.name === shown) ??
    ports.find((candidate) => (step?.out[candidate.name] ?? 0) > 0) ??
    ports[0];
  const at = step && port ? shownStep(step, port.name) : node.id;
  const nameOf = useNames();
  const showSample = sample !== undefined && (shown === 'sample' || !counted);
  const choices = [
    ...(counted
      ? ports.map((candidate) => ({
          value: candidate.name,
          label: `${candidate.label ?? candidate.name} ${formatCount(step.out[candidate.name] ?? 0)}`,
        }))
      : []),
    ...(sample ? [{ value: 'sample', label: `Sample ${formatCount(sample.length)}` }] : []),
  ];
  return (
    <section className={classes.pane} aria-label="What goes out">
      <div className={classes.paneHead}>
        <h3 className={classes.paneTitle}>What goes out</h3>
        {step && step.status !== 'pending' && <StatusBadge status={step.status} />}
      </div>
      {step?.error && (
        <Alert color="red" variant="light" mx="sm" mb={8} p="sm" title={step.error.message} role="alert">
          <Text size="sm">{step.error.remedy}</Text>
          {step.error.details !== undefined && (
            <details>
              <summary>Technical details</summary>
              <pre style={{ whiteSpace: 'pre-wrap', fontSize: 11.5 }}>
                {JSON.stringify(step.error.details, null, 2)}
              </pre>
            </details>
          )}
        </Alert>
      )}
      {choices.length > 1 && (
        <SegmentedControl
          mx="sm"
          mb={8}
          size="xs"
          aria-label="Output"
          data={choices}
          value={showSample ? 'sample' : (port?.name ?? '')}
          onChange={setShown}
        />
      )}
      {at !== node.id && !showSample && (
        <Text size="xs" c="dimmed" mx="sm" mb={8}>
          Shown is what it gave in one round. {roundWords(at, nameOf)}.
        </Text>
      )}
      <div className={classes.table}>
        {showSample && <DataTable label="Sample" total={sample.length} recordAt={(at) => sample[at]} />}
        {!showSample && counted && known && port && (
          <RunRecords
            key={`${known.run} ${port.name} ${step.finishedAt ?? ''}`}
            label="Records that went out"
            at={{ run: known.run, node: at, side: 'out', port: port.name }}
            empty={<Text c="dimmed">No records went out here.</Text>}
          />
        )}
        {!showSample && !counted && !step?.error && (
          <Text size="sm" c="dimmed" p="md">
            {node.parent === undefined
              ? 'Run this step to see what it gives.'
              : 'Run the container around it to see what it gives.'}
          </Text>
        )}
      </div>
      <SampleFoot
        node={node}
        sample={sample}
        source={
          counted && known && port
            ? { run: known.run, step: at, port: port.name, count: step.out[port.name] ?? 0 }
            : undefined
        }
      />
    </section>
  );
}

function useNames(): (id: string) => string {
  const { nodes } = useDocument(({ document }) => document);
  return (id) => nodes.find((node) => node.id === id)?.name ?? id;
}

const mostKept = 100;

interface FootProps {
  readonly node: WorkflowNode;
  readonly sample: readonly DataRecord[] | undefined;
  readonly source:
    | { readonly run: string; readonly step: string; readonly port: string; readonly count: number }
    | undefined;
}

/** Keeps the result as sample data, or forgets it. */
function SampleFoot({ node, sample, source }: FootProps) {
  const { workflowId } = useCanvas();
  const readOnly = useDocument((state) => state.readOnly);
  const client = useQueryClient();
  const settled = {
    onError: (error: unknown) =>
      notifications.show({ color: 'red', title: 'The sample was not changed', message: asProblem(error).message }),
    onSettled: () => client.invalidateQueries({ queryKey: samplesQuery(workflowId).queryKey }),
  };
  const keep = useMutation({
    mutationFn: async ({ run, step, port }: { run: string; step: string; port: string }) => {
      const page = await call(routes.getRecords, {
        id: run,
        node: step,
        query: { port, side: 'out', offset: 0, limit: mostKept },
      });
      await call(routes.putSample, { id: workflowId, node: node.id, body: { records: page.records } });
    },
    ...settled,
  });
  const forget = useMutation({
    mutationFn: () => call(routes.deleteSample, { id: workflowId, node: node.id }),
    ...settled,
  });
  if (readOnly || (!source?.count && !sample)) return null;
  return (
    <Group px="sm" py={8} gap="xs" justify="space-between" style={{ borderTop: '1px solid var(--sluice-line)' }}>
      <Text size="xs" c="dimmed">
        {sample
          ? `A sample of ${countOf(sample.length, 'record')} stands in for this step while you build.`
          : 'Real runs never use samples.'}
      </Text>
      <Group gap={6}>
        {sample && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            loading={forget.isPending}
            onClick={() => forget.mutate()}
          >
            Forget the sample
          </Button>
        )}
        {source && source.count > 0 && (
          <Button size="compact-xs" variant="default" loading={keep.isPending} onClick={() => keep.mutate(source)}>
            Keep as sample
          </Button>
        )}
      </Group>
    </Group>
  );
}
