import type { DataRecord, Effect } from '../sdk/index.ts';
import { openDataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import type { DatasetRef, KeptResult } from './journal.ts';
import type { BlobStore } from './ports.ts';
import type { StepState, UnsettledCall } from './run-state.ts';

/** A call that a step made. */
export interface MadeCall extends KeptResult {
  readonly start: number;
  readonly count: number;
}

/** What is kept of a ledger whose step has ended before all was done. */
export interface KeptLedger {
  readonly made?: DatasetRef;
  readonly unsettled?: readonly UnsettledCall[];
}

/** Calls written at a time. */
const BATCH = 1000;

/**
 * Keeps the calls that a step made, so that a restart goes on at the first one that was not: as a dataset, since there may be a million.
 * A call that the service refused altogether is not among them, and is made again. One of which a part is there is kept with that part.
 * Results that are in blobs stay where they are.
 */
export async function keepLedger(
  { calls = new Map(), done = new Map() }: StepState,
  effect: Effect,
  blobs: BlobStore,
  folder: string,
): Promise<KeptLedger> {
  const unsettled: UnsettledCall[] = [];
  for (const [key, call] of calls) {
    const isOpen = call.outcome === undefined;
    if (isOpen ? effect === 'once' : (call.result ?? call.stored) !== undefined) unsettled.push({ key, ...call });
  }
  const made = [...done.keys()].filter((start) => !done.get(start)?.refused).sort((a, b) => a - b);
  return {
    ...(made.length > 0 ? { made: await written(made, done, blobs, `${folder}/made`) } : {}),
    ...(unsettled.length > 0 ? { unsettled } : {}),
  };
}

export function* madeCalls(ref: DatasetRef | undefined, blobs: BlobStore): Iterable<MadeCall> {
  if (ref === undefined) return;
  for (const { records } of openDataset(blobs, ref).batches()) yield* records as unknown as readonly MadeCall[];
}

async function written(
  starts: readonly number[],
  done: NonNullable<StepState['done']>,
  blobs: BlobStore,
  name: string,
): Promise<DatasetRef> {
  const writer = new DatasetWriter(blobs, name);
  for (let at = 0; at < starts.length; at += BATCH) {
    const batch = starts.slice(at, at + BATCH).map((start): DataRecord => ({ start, ...done.get(start) }));
    await writer.write(batch, undefined);
  }
  return (await writer.finish()).ref;
}
