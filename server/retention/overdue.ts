import type { EndedRun, RunStore } from '../../engine/ports.ts';
import type { BlobUsage } from './blob-usage.ts';
import type { Limits, Policy } from './policy.ts';

/** Runs looked at, and removed, at once. */
const PAGE = 200;

type Store = Pick<RunStore, 'endedRuns' | 'usage' | 'knownRuns'>;

/** What the runs of one workflow take up, in the store and beside it. */
export interface WorkflowUsage {
  readonly workflowId: string;
  readonly runs: number;
  readonly bytes: number;
  readonly oldest?: number;
}

/** Runs that retention lets go, and the bytes that they take up. */
export interface Overdue {
  readonly runs: readonly EndedRun[];
  readonly bytes: number;
}

/** Usage by workflow; `blobs` as `blobUsage` gives it. */
export async function usageOf(store: Store, blobs: ReadonlyMap<string, BlobUsage>): Promise<WorkflowUsage[]> {
  const beside = new Map<string, number>();
  const ids = [...blobs.keys()];
  for (let at = 0; at < ids.length; at += PAGE) {
    for (const { id, workflowId } of await store.knownRuns(ids.slice(at, at + PAGE))) {
      beside.set(workflowId, (beside.get(workflowId) ?? 0) + (blobs.get(id)?.bytes ?? 0));
    }
  }
  return (await store.usage()).map((usage) => ({
    ...usage,
    bytes: usage.bytes + (beside.get(usage.workflowId) ?? 0),
  }));
}

/**
 * Finds what is over the limits, page by page: by age and size for each workflow, and then by the size of all, the oldest first.
 * Runs that have not ended are never over, nor is one that another run still needs.
 */
export async function* overdueRuns(options: {
  readonly store: Store;
  readonly blobs: ReadonlyMap<string, BlobUsage>;
  readonly policy: Policy;
  readonly now: number;
}): AsyncIterable<Overdue> {
  const { store, blobs, policy, now } = options;
  const gone = new Set<string>();
  let total = 0;
  for (const usage of await usageOf(store, blobs)) {
    const limits = await policy.of(usage.workflowId);
    let left = usage.bytes;
    for await (const found of over({
      store,
      blobs,
      gone,
      workflowId: usage.workflowId,
      limits,
      now,
      used: () => left,
    })) {
      left -= found.bytes;
      for (const { id } of found.runs) gone.add(id);
      yield found;
    }
    total += left;
  }
  const limits = { age: Number.POSITIVE_INFINITY, size: policy.total() };
  for await (const found of over({ store, blobs, gone, limits, now, used: () => total })) {
    total -= found.bytes;
    yield found;
  }
}

interface Search {
  readonly store: Store;
  readonly blobs: ReadonlyMap<string, BlobUsage>;
  /** Runs that were found already. */
  readonly gone: ReadonlySet<string>;
  /** All if absent. */
  readonly workflowId?: string;
  readonly limits: Limits;
  readonly now: number;
  /** Bytes that are taken up, less what was found so far. */
  readonly used: () => number;
}

async function* over({ store, blobs, gone, workflowId, limits, now, used }: Search): AsyncIterable<Overdue> {
  const { age, size } = limits;
  let cursor: string | undefined;
  do {
    const isFull = used() > size;
    if (!isFull && age === Number.POSITIVE_INFINITY) return;
    const page = await store.endedRuns({
      limit: PAGE,
      ...(workflowId === undefined ? {} : { workflowId }),
      ...(isFull ? {} : { endedBefore: now - age }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    cursor = page.cursor;
    const runs: EndedRun[] = [];
    let left = used();
    for (const run of page.runs) {
      if (run.endedAt >= now - age && left <= size) continue;
      if (gone.has(run.id) || run.isNeeded || (run.isShared && blobs.get(run.id)?.hasFiles)) continue;
      runs.push(run);
      left -= bytesOf([run], blobs);
    }
    if (runs.length > 0) yield { runs, bytes: bytesOf(runs, blobs) };
  } while (cursor !== undefined);
}

/** In the store and beside it. */
export function bytesOf(runs: readonly EndedRun[], blobs: ReadonlyMap<string, BlobUsage>): number {
  return runs.reduce((sum, { id, bytes }) => sum + bytes + (blobs.get(id)?.bytes ?? 0), 0);
}
