import type { DataRecord, Effect } from '../sdk/index.ts';
import { openDataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import type { DatasetRef, KeptResult } from './journal.ts';
import type { BlobStore } from './ports.ts';
import type { StepState, UnsettledCall } from './run-state.ts';

/** A call that a step made. Its key is the one that the service knows it by. */
export interface MadeCall extends KeptResult {
  readonly key: string;
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
  { calls = new Map() }: StepState,
  effect: Effect,
  blobs: BlobStore,
  folder: string,
): Promise<KeptLedger> {
  const made: DataRecord[] = [];
  const unsettled: UnsettledCall[] = [];
  for (const [key, call] of calls) {
    if (call.outcome === undefined) {
      if (effect === 'once') unsettled.push({ key, ...call });
    } else if (call.outcome === 'not-done' && (call.result ?? call.stored) !== undefined) {
      unsettled.push({ key, ...call });
    } else if (call.outcome === 'done' && !call.refused) {
      made.push({ key, start: call.start, count: call.count, result: call.result, stored: call.stored });
    }
  }
  return {
    ...(made.length > 0 ? { made: await written(made, blobs, `${folder}/made`) } : {}),
    ...(unsettled.length > 0 ? { unsettled } : {}),
  };
}

export function* madeCalls(ref: DatasetRef | undefined, blobs: BlobStore): Iterable<MadeCall> {
  if (ref === undefined) return;
  for (const { records } of openDataset(blobs, ref).batches()) yield* records as unknown as readonly MadeCall[];
}

async function written(made: DataRecord[], blobs: BlobStore, name: string): Promise<DatasetRef> {
  made.sort((a, b) => Number(a.start) - Number(b.start));
  const writer = new DatasetWriter(blobs, name);
  for (let at = 0; at < made.length; at += BATCH) await writer.write(made.slice(at, at + BATCH), undefined);
  return (await writer.finish()).ref;
}
