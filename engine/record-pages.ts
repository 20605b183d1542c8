import type { Profile } from '../spec/api/profile.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { isRecord } from '../spec/workflow/record.ts';
import { type Dataset, EMPTY } from './dataset.ts';
import type { RecordPage } from './index.ts';
import { Level } from './level.ts';
import { profileOf } from './profile.ts';
import type { Run } from './run.ts';
import { nodeOf } from './step-key.ts';

export interface PageRequest {
  /** Default: the first port that has records. */
  readonly port?: string;
  readonly offset: number;
  readonly limit: number;
}

export type Side = 'in' | 'out';

/** Somebody asks for the records of a port that the step does not have. */
export class NoSuchPort extends Error {
  override readonly name = 'NoSuchPort';
  /** Those that it has on that side. */
  readonly ports: readonly string[];

  constructor(step: string, side: Side, port: string, ports: readonly string[]) {
    super(`"${step}" has no ${side === 'in' ? 'input' : 'output'} "${port}".`);
    this.ports = ports;
  }
}

/**
 * What is at the ports of a side of a step, as far as it is there; `undefined` when there is no such step.
 * @throws NoSuchPort when the step has no port that is `asked` for
 * @throws RoundNotKept
 */
function datasetsAt(run: Run, step: string, side: Side, asked: string | undefined): Map<string, Dataset> | undefined {
  const planned = run.plan.nodes.get(nodeOf(step));
  if (!planned) return undefined;
  const ports = (side === 'in' ? planned.inputs : planned.outputs).map(({ name }) => name);
  if (asked !== undefined && !ports.includes(asked)) throw new NoSuchPort(planned.name, side, asked, ports);
  if (side === 'in' && planned.node.parent === undefined) return run.inputPorts(step);
  const key = run.keyOf(step);
  const level = Level.of(new Level(run.plan, run.state, run.ports.blobs), key);
  const datasets = new Map<string, Dataset>();
  for (const name of ports) {
    const dataset = side === 'in' ? level.input(planned, name) : run.output(step, name);
    if (dataset) datasets.set(name, dataset);
  }
  return datasets;
}

function chosenPort(datasets: ReadonlyMap<string, Dataset>, port: string | undefined): string {
  return port ?? [...datasets].find(([, { count }]) => count > 0)?.[0] ?? datasets.keys().next().value ?? 'records';
}

export function recordPage(run: Run, step: string, side: Side, request: PageRequest): RecordPage | undefined {
  const datasets = datasetsAt(run, step, side, request.port);
  if (!datasets) return undefined;
  const ports = Object.fromEntries([...datasets].map(([name, { count }]) => [name, count]));
  const port = chosenPort(datasets, request.port);
  const dataset = datasets.get(port);
  const records = dataset?.slice(request.offset, request.limit) ?? [];
  return { records, total: dataset?.count ?? 0, port, ports };
}

/** The column profile of what is at a port, with `sample` records of it. */
export async function profileAt(
  run: Run,
  step: string,
  side: Side,
  { port: asked, sample }: { port?: string; sample: number },
): Promise<Profile | undefined> {
  const datasets = datasetsAt(run, step, side, asked);
  if (!datasets) return undefined;
  const port = chosenPort(datasets, asked);
  return { port, ...(await profileOf(datasets.get(port) ?? EMPTY, sample)) };
}

/** What a run gives: the records of the steps that nothing follows. */
export function outputOf(run: Run, limit = 1000): DataRecord[] {
  const records: DataRecord[] = [];
  for (const planned of run.plan.top) {
    if (planned.outgoing.length > 0 || planned.trigger) continue;
    const port = planned.outputs[0];
    const dataset = port && run.output(planned.id, port.name);
    if (dataset) records.push(...dataset.slice(0, limit - records.length).filter(isRecord));
  }
  return records;
}
