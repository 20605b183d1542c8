import type { StepStatus } from '../../spec/api/run.ts';
import type { Trace, TraceStep } from '../../spec/api/trace.ts';
import type { Edge, Workflow } from '../../spec/workflow/document.ts';
import type { DataRecord } from '../../spec/workflow/record.ts';

/** A place on the way of a record: what an output of a step holds of it, or a step that gave nothing for it. */
export interface TraceStop {
  readonly key: string;
  readonly where: 'before' | 'here' | 'after';
  readonly node: string;
  readonly step: string;
  readonly name: string;
  readonly type: string;
  readonly side: 'in' | 'out';
  readonly port: string | undefined;
  /** Of the step; absent for the record itself. */
  readonly status: StepStatus | undefined;
  readonly records: readonly { readonly index: number; readonly record: DataRecord }[];
  /** Records of the trace here; `records` are the first of them. */
  readonly count: number;
  readonly total: number;
}

/** The way of a record as one line of stops, from its sources to its ends. */
export function stopsOf({ here, before, after }: Trace): TraceStop[] {
  const self: TraceStop = {
    ...here,
    key: 'here',
    where: 'here',
    status: undefined,
    records: [{ index: here.index, record: here.record }],
    count: 1,
  };
  return [
    ...before.flatMap((step) => stopsAt(step, 'before')),
    self,
    ...after.flatMap((step) => stopsAt(step, 'after')),
  ];
}

function stopsAt(step: TraceStep, where: 'before' | 'after'): TraceStop[] {
  const base = { ...step, where, side: 'out' as const };
  if (step.ports.length === 0) {
    return [{ ...base, key: `${where} ${step.step}`, port: undefined, records: [], count: 0, total: 0 }];
  }
  return step.ports.map((port) => ({ ...base, ...port, key: `${where} ${step.step} ${port.port}` }));
}

/** The stop that a stop's records came straight from; none where several did, or several records. */
export function stopBefore(stop: TraceStop, stops: readonly TraceStop[], document: Workflow): TraceStop | undefined {
  const ownInput = stop.side === 'in' ? undefined : stops.find((one) => one.side === 'in' && one.node === stop.node);
  if (ownInput) return ownInput;
  const edges = document.edges.filter(({ to }) => to === stop.node);
  const found = stops.filter((one) => one.side === 'out' && edges.some((edge) => leadsFrom(edge, one)));
  const [only] = found;
  return found.length === 1 && only?.count === 1 ? only : undefined;
}

function leadsFrom({ from, output }: Edge, { node, port }: TraceStop): boolean {
  return from === node && (output === undefined || output === port);
}

/** "Round 4", or "Round 4, 2" for containers in containers; empty outside of them. */
export function roundOf(step: string): string {
  const rounds = step.split('/').filter((_, place) => place % 2 === 1);
  return rounds.length === 0 ? '' : `Round ${rounds.map((round) => Number(round) + 1).join(', ')}`;
}
