import { openDataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import type { DatasetRef, JournalEntry, RunHeader } from './journal.ts';
import type { Plan } from './plan.ts';
import type { EnginePorts } from './ports.ts';
import type { Run } from './run.ts';
import { blobFolder } from './step-blobs.ts';

/**
 * What a restarted run takes over: the outcome of every step that ended well and that does not come after `from` (or, if absent,
 * after a step that did not end well). Spilled datasets are copied, since each run's blobs go with the run.
 */
export async function restartEntries(
  old: Run,
  plan: Plan,
  from: string | undefined,
  ports: Pick<EnginePorts, 'blobs' | 'clock'>,
  header: RunHeader,
): Promise<JournalEntry[]> {
  const redo = new Set<string>();
  const mark = (id: string) => {
    if (redo.has(id)) return;
    redo.add(id);
    for (const edge of plan.nodes.get(id)?.outgoing ?? []) mark(edge.to);
  };
  if (from !== undefined) mark(outermost(plan, from));
  for (const { id } of plan.top) {
    const step = old.state.steps.get(id);
    const isGood = step?.status === 'succeeded' || (step?.status === 'skipped' && step.skipped !== 'upstream-failed');
    if (!isGood) mark(id);
  }
  const at = ports.clock.now();
  const entries: JournalEntry[] = [];
  for (const { id } of plan.top) {
    const step = old.state.steps.get(id);
    if (redo.has(id) || !step || plan.nodes.get(id)?.trigger) continue;
    if (step.status === 'skipped') entries.push({ at, is: 'step-skipped', step: id, why: step.skipped ?? 'no-route' });
    else
      entries.push({
        at,
        is: 'step-finished',
        step: id,
        status: 'succeeded',
        out: await copied(step.out, ports, header, id),
      });
  }
  return entries;
}

/** A step inside a container is done again with its container. */
function outermost(plan: Plan, node: string): string {
  const parent = plan.nodes.get(node)?.node.parent;
  return parent === undefined ? node : outermost(plan, parent);
}

async function copied(
  out: Readonly<Record<string, DatasetRef>>,
  { blobs }: Pick<EnginePorts, 'blobs'>,
  header: RunHeader,
  step: string,
): Promise<Record<string, DatasetRef>> {
  const copies: Record<string, DatasetRef> = {};
  for (const [port, ref] of Object.entries(out)) {
    if ('inline' in ref) {
      copies[port] = ref;
      continue;
    }
    const dataset = openDataset(blobs, ref);
    const writer = new DatasetWriter(blobs, `${blobFolder(header.id, step)}/0/${port}`);
    for (const { records, start } of dataset.batches()) {
      await writer.write(
        records,
        records.map((_, i) => dataset.originAt(start + i) ?? []),
      );
    }
    copies[port] = (await writer.finish()).ref;
  }
  return copies;
}
