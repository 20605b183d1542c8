import { useQueries, useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import { routes } from '../../../spec/api/routes.ts';
import type { StepView } from '../../../spec/api/run.ts';
import type { Edge, Workflow, WorkflowNode } from '../../../spec/workflow/document.ts';
import { graphOf, upstreamOf } from '../../../spec/workflow/graph.ts';
import type { DataRecord } from '../../../spec/workflow/record.ts';
import { call } from '../../api/call.ts';
import { recordsQuery, runQuery, runsQuery, samplesQuery } from '../../api/queries.ts';
import { useCanvas, useDocument, useRun } from '../../canvas/CanvasContext.tsx';
import { parentOf } from '../../canvas/edits.ts';
import { portsOf } from '../../canvas/flow-elements.ts';
import type { PreviewWorld } from './preview.ts';
import { type Column, columnsOfStep, matchingRecord, type StepData, shownStep } from './step-data.ts';

export interface Incoming {
  readonly edge: Edge;
  /** Label of the input port, where the node has several. */
  readonly port: string | undefined;
  readonly data: StepData;
}

export interface PanelData {
  readonly node: WorkflowNode;
  readonly incoming: readonly Incoming[];
  /** The input whose rows are shown. */
  readonly source: Incoming | undefined;
  readonly row: DataRecord | undefined;
  readonly position: number;
  readonly columns: readonly Column[];
  /** Names of the columns that come in, for pickers of incoming columns. */
  readonly incomingColumns: readonly string[];
  readonly world: PreviewWorld;
  chooseSource(index: number): void;
  chooseRow(position: number): void;
}

const PanelDataContext = createContext<PanelData | undefined>(undefined);
const sampleSize = 100;

export function usePanelData(): PanelData {
  const data = use(PanelDataContext);
  if (!data) throw new Error('usePanelData is called outside a node panel');
  return data;
}

/** Gathers what the steps before a node gave, for tables, column lists and previews. */
export function PanelDataProvider({ node, children }: { node: WorkflowNode; children: ReactNode }) {
  const data = useGatheredData(node);
  return <PanelDataContext value={data}>{children}</PanelDataContext>;
}

function useGatheredData(node: WorkflowNode): PanelData {
  const { types } = useCanvas();
  const document = useDocument((state) => state.document);
  const [source, setSource] = useState(0);
  const [position, setPosition] = useState(0);
  const [now] = useState(() => Date.now());

  const edges = useMemo(() => edgesInto(document, node.id), [document, node.id]);
  const before = useMemo(() => stepsBefore(document, node.id), [document, node.id]);
  const direct = edges.map((edge) => ({ id: edge.from, output: edge.output }));
  const further = [...before]
    .filter((id) => !direct.some((entry) => entry.id === id))
    .map((id) => ({ id, output: undefined }));
  const steps = useStepData([...direct, ...further]);
  const inputs = portsOf(node, types.get(node.type)).inputs;

  const incoming = edges.map((edge, index): Incoming => {
    const port =
      inputs.length > 1 && edge.to === node.id
        ? (inputs.find((input) => input.name === edge.input) ?? inputs[0])
        : undefined;
    return { edge, port: port?.label ?? port?.name, data: steps[index] ?? missing(edge.from) };
  });
  const chosen = incoming[Math.min(source, incoming.length - 1)];
  const rows = chosen?.data.records ?? [];
  const row = rows[position] ?? rows[0];
  const vars = useVariables();

  const columns = useMemo(() => {
    const own = chosen ? columnsOfStep(chosen.data, true, row) : [];
    const others = steps
      .filter((step) => step !== chosen?.data)
      .flatMap((step) => columnsOfStep(step, false, matchingRecord(step.records, row, position, rows.length)));
    return [...own, ...others];
  }, [steps, chosen, row, position, rows.length]);

  const zone = document.settings.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    node,
    incoming,
    source: chosen,
    row,
    position,
    columns,
    incomingColumns: [
      ...new Set(incoming.flatMap(({ data }) => columnsOfStep(data, true, undefined).map(({ name }) => name))),
    ],
    world: { row, position, rows, steps, now, zone, workflow: { id: document.id, name: document.name }, vars },
    chooseSource(index) {
      setSource(index);
      setPosition(0);
    },
    chooseRow: setPosition,
  };
}

/** A node and the containers that it stands in, from the inside out. */
function withContainers(document: Workflow, id: string): string[] {
  const chain = [id];
  for (let at = parentOf(document, id); at !== undefined && !chain.includes(at); at = parentOf(document, at)) {
    chain.push(at);
  }
  return chain;
}

/** The edges that bring a node its records. One inside a container that none leads into is given what comes into the container. */
function edgesInto(document: Workflow, id: string): Edge[] {
  for (const at of withContainers(document, id)) {
    const edges = document.edges.filter(({ to }) => to === at);
    if (edges.length > 0) return edges;
  }
  return [];
}

/** Ids of the steps before a node and before the containers around it, nearest first. */
function stepsBefore(document: Workflow, id: string): Set<string> {
  const graph = graphOf(document);
  return new Set(withContainers(document, id).flatMap((at) => [...upstreamOf(graph, at)]));
}

/** Output data of steps, nearest first: a kept sample counts over the run on the canvas, and that over the latest run. */
export function useStepData(
  wanted: readonly { readonly id: string; readonly output: string | undefined }[],
): StepData[] {
  const { workflowId, types } = useCanvas();
  const nodes = useDocument((state) => state.document.nodes);
  const samples = useQuery(samplesQuery(workflowId)).data;
  const ran = useKnownSteps();
  const plans = wanted.map(({ id, output }) => {
    const node = nodes.find((candidate) => candidate.id === id);
    const type = node && types.get(node.type);
    const port = output ?? (node && portsOf(node, type).outputs[0]?.name) ?? 'records';
    const known = ran.get(id);
    const sample = samples?.[id];
    const finished = known !== undefined && Object.keys(known.step.out).length > 0;
    const at =
      !sample && finished
        ? { run: known.run, node: shownStep(known.step, port), side: 'out' as const, port }
        : undefined;
    return { id, node, type, port, sample, at };
  });
  const pages = useQueries({
    queries: plans.map(({ at }) => ({
      ...recordsQuery(at ?? { run: '', node: '', side: 'out' }, 0, sampleSize),
      enabled: at !== undefined,
      staleTime: 30_000,
    })),
  });
  return plans.map(({ id, node, type, port, sample, at }, index) => {
    const page = pages[index];
    const records = sample ?? page?.data?.records ?? [];
    return {
      id,
      name: node?.name ?? id,
      type: node?.type ?? '',
      connector: type?.connector ?? '',
      port,
      records,
      total: sample?.length ?? page?.data?.total ?? 0,
      from: sample ? 'sample' : page?.data ? 'run' : 'nothing',
      at,
      loading: at !== undefined && (page?.isPending ?? false),
    };
  });
}

/** A step as it last ran with a result, and the run that it was. */
export interface KnownStep {
  readonly run: string;
  readonly step: StepView;
}

const runsLookedAt = 5;

/** What each step did last: in the run on the canvas, else in the newest of the latest runs in which it gave something. */
export function useKnownSteps(): ReadonlyMap<string, KnownStep> {
  const { workflowId } = useCanvas();
  const followed = useRun((state) => state.followed);
  const live = useRun((state) => state.steps);
  const only = useRun((state) => state.only);
  const latest = useQuery(runsQuery({ workflow: workflowId, limit: runsLookedAt })).data?.runs ?? [];
  const details = useQueries({ queries: latest.map((run) => ({ ...runQuery(run.id), staleTime: 60_000 })) });
  const runs = details.flatMap((detail) => (detail.data ? [detail.data] : []));
  const known = new Map<string, KnownStep>();
  for (const run of [...runs].reverse()) {
    for (const step of run.steps) if (hasResult(step)) known.set(step.node, { run: run.id, step });
  }
  if (followed !== undefined) {
    for (const step of Object.values(live)) {
      if ((only === undefined || only.has(step.node)) && (hasResult(step) || step.status === 'running')) {
        known.set(step.node, { run: followed, step });
      }
    }
  }
  return known;
}

function hasResult(step: StepView): boolean {
  return Object.keys(step.out).length > 0 || step.error !== undefined;
}

function useVariables(): Readonly<Record<string, unknown>> {
  const vars = useQuery({
    queryKey: ['vars'],
    queryFn: async ({ signal }) => (await call(routes.getVars, {}, { signal })).vars,
  });
  return vars.data ?? {};
}

function missing(id: string): StepData {
  return {
    id,
    name: id,
    type: '',
    connector: '',
    port: '',
    records: [],
    total: 0,
    from: 'nothing',
    at: undefined,
    loading: false,
  };
}
