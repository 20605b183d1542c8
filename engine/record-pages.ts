import type { DataRecord } from '../spec/workflow/record.ts';
import { isRecord } from '../spec/workflow/record.ts';
import type { Dataset } from './dataset.ts';
import type { RecordPage } from './index.ts';
import { nodeOf, type Run } from './run.ts';

export interface PageRequest {
  /** Default: the first port that has records. */
  readonly port?: string;
  readonly offset: number;
  readonly limit: number;
}

export function outputPage(run: Run, node: string, request: PageRequest): RecordPage | undefined {
  const planned = run.plan.nodes.get(nodeOf(node));
  if (!planned) return undefined;
  const datasets = new Map<string, Dataset>();
  for (const port of planned.outputs) {
    const dataset = run.output(node, port.name);
    if (dataset) datasets.set(port.name, dataset);
  }
  return page(datasets, request);
}

export function inputPage(run: Run, node: string, request: PageRequest): RecordPage | undefined {
  return run.plan.nodes.has(node) ? page(run.inputPorts(node), request) : undefined;
}

function page(datasets: ReadonlyMap<string, Dataset>, { port, offset, limit }: PageRequest): RecordPage {
  const ports = Object.fromEntries([...datasets].map(([name, { count }]) => [name, count]));
  const chosen =
    port ?? [...datasets].find(([, { count }]) => count > 0)?.[0] ?? datasets.keys().next().value ?? 'records';
  const dataset = datasets.get(chosen);
  return { records: dataset?.slice(offset, limit) ?? [], total: dataset?.count ?? 0, port: chosen, ports };
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
