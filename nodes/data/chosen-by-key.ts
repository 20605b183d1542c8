import { Breath, type DataRecord, positionOf, type StepIO } from '../../sdk/index.ts';
import { keyText } from './exact-key.ts';
import { KeyNumbers } from './key-numbers.ts';
import type { Numbered } from './match-by-key.ts';
import { Partitions } from './partitions.ts';
import { PositionSet } from './position-set.ts';
import type { ReadField } from './read-field.ts';

type IO = Pick<StepIO<unknown>, 'scratch' | 'workingMemory'>;

/** What is put away of a record: its key. */
export interface PutAwayKey extends DataRecord {
  readonly key: readonly unknown[];
}

/** Told of each record that is chosen by the whole number that stands beside it. */
type Chosen = (from: number) => void;

/**
 * The positions of the first or the last record of each key. Keys are held as far as there is room; records with other ones are put
 * away, the key alone, and looked at list by list.
 */
export async function chosenByKey(
  io: IO,
  stream: Numbered,
  reads: readonly ReadField[],
  which: 'first' | 'last',
): Promise<PositionSet> {
  const positions = new PositionSet();
  await choose(io, stream, reads, which, (from) => positions.add(positionOf(from)), 0);
  return positions;
}

async function choose(
  io: IO,
  stream: Numbered,
  reads: readonly ReadField[],
  which: 'first' | 'last',
  chosen: Chosen,
  depth: number,
): Promise<void> {
  const away = await chooseHere(io, stream, reads, which, chosen, depth);
  if (away !== undefined) await chooseAway(io, away, reads.length, which, chosen, depth + 1);
}

/**
 * The same for keys that have been put away.
 * @param width values of a key.
 * @param depth one more than that of `away`.
 */
export async function chooseAway(
  io: IO,
  away: Partitions,
  width: number,
  which: 'first' | 'last',
  chosen: Chosen,
  depth: number,
): Promise<void> {
  const reads = Array.from({ length: width }, (_, k) => (record: DataRecord) => (record as PutAwayKey).key[k]);
  for (const list of (await away.lists()).values()) {
    await choose(io, list.batches() as Numbered, reads, which, chosen, depth);
    await list.remove();
  }
}

async function chooseHere(
  io: IO,
  stream: Numbered,
  reads: readonly ReadField[],
  which: 'first' | 'last',
  chosen: Chosen,
  depth: number,
): Promise<Partitions | undefined> {
  const keys = new KeyNumbers(reads.length);
  /** Of the record chosen so far, by the number of its key. */
  const froms: number[] = [];
  const values = new Array<unknown>(reads.length);
  const breath = new Breath();
  let away: Partitions | undefined;
  for await (const { records, origins } of stream) {
    for (let i = 0; i < records.length; i++) {
      for (let k = 0; k < reads.length; k++) values[k] = (reads[k] as ReadField)(records[i] as DataRecord) ?? null;
      const from = origins[i] as number;
      // The first one always has room: each level leaves fewer keys to the next.
      const hasRoom = away === undefined && (keys.size === 0 || keys.bytes <= io.workingMemory);
      const number = hasRoom ? keys.add(values) : keys.of(values);
      if (number < 0) {
        away ??= new Partitions(io, depth);
        await away.write(away.numberOf(keyText(values)), { key: [...values] }, from);
      } else if (number === froms.length) {
        froms.push(from);
      } else if (which === 'last') {
        froms[number] = from;
      }
      if (breath.due()) await breath.pause();
    }
  }
  for (const from of froms) chosen(from);
  return away;
}
