import type { DataRecord } from '../spec/workflow/record.ts';
import { Collector } from './collector.ts';
import { type ErrorReport, errorFrom } from './errors.ts';
import type { StepIO } from './node.ts';
import { origin } from './origins.ts';

/**
 * What a call gave for one record where that is not what was expected of it, as plain JSON. All other records of the call went on as
 * expected, so that the ledger keeps next to nothing of a call that went well, however many records it took.
 */
export type Differing =
  /** The expected record with these fields added or changed. */
  | { readonly at: number; readonly plus: DataRecord }
  | { readonly at: number; readonly port: string; readonly record: DataRecord }
  | { readonly at: number; readonly none: true }
  | { readonly at: number; readonly fault: ErrorReport };

/** One record of a call: what it was, and what goes on in its place when the call went well. */
export interface Called {
  readonly position: number;
  readonly record: DataRecord;
  readonly expected: DataRecord;
}

/** How a record that a call gave differs from the expected one; undefined when it does not. */
export function differenceOf({ position, expected }: Called, given: DataRecord): Differing | undefined {
  if (given === expected) return undefined;
  const names = Object.keys(given);
  let place = 0;
  // The order of the fields must come out again, too.
  for (const name in expected) {
    if (names[place++] !== name) return { at: position, port: 'records', record: given };
  }
  const changed = names.filter((name, i) => i >= place || given[name] !== expected[name]);
  if (changed.length === 0) return undefined;
  return { at: position, plus: Object.fromEntries(changed.map((name) => [name, given[name]])) };
}

/** Records of a call that are emitted at once, so that the largest call does not hold up everything else. */
const SLICE = 1_000;

/** Emits what a call gave, record by record in order. `differing` is in the same order; a record may have several entries. */
export async function emitCall<P, C>(
  io: StepIO<P, C>,
  slot: number,
  called: readonly Called[],
  differing: readonly Differing[],
): Promise<void> {
  let next = 0;
  for (let from = 0; from < called.length; from += SLICE) {
    const slice = called.slice(from, from + SLICE);
    const last = slice.at(-1)?.position ?? 0;
    const first = next;
    while ((differing[next]?.at ?? Number.POSITIVE_INFINITY) <= last) next++;
    await emitSlice(io, slot, slice, differing.slice(first, next));
  }
}

async function emitSlice<P, C>(
  io: StepIO<P, C>,
  slot: number,
  called: readonly Called[],
  differing: readonly Differing[],
): Promise<void> {
  const first = called[0]?.position ?? 0;
  if (differing.length === 0 && (called.at(-1)?.position ?? 0) - first === called.length - 1) {
    const records = called.map(({ expected }) => expected);
    return io.emit('records', records, { from: origin(slot, first) });
  }
  const out = new Collector();
  let next = 0;
  for (const { position, record, expected } of called) {
    const from = origin(slot, position);
    if (differing[next]?.at !== position) out.add('records', expected, from);
    for (; differing[next]?.at === position; next++) {
      const one = differing[next] as Differing;
      if ('plus' in one) out.add('records', { ...expected, ...one.plus }, from);
      else if ('record' in one) out.add(one.port, one.record, from);
      else if ('fault' in one) await io.reject(record, position, errorFrom(one.fault));
    }
  }
  await out.flush(io);
}
