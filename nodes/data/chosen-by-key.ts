import { Breath, type DataRecord, positionOf, type StepIO } from '../../sdk/index.ts';
import { keyText } from './exact-key.ts';
import { KeyNumbers } from './key-numbers.ts';
import type { Numbered } from './match-by-key.ts';
import { Partitions } from './partitions.ts';
import { PositionSet } from './position-set.ts';
import type { ReadField } from './read-field.ts';

type IO = Pick<StepIO<unknown>, 'scratch' | 'workingMemory'>;

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
  const chosen = new PositionSet();
  await choose(io, stream, reads, which, chosen, 0);
  return chosen;
}

async function choose(
  io: IO,
  stream: Numbered,
  reads: readonly ReadField[],
  which: 'first' | 'last',
  chosen: PositionSet,
  depth: number,
): Promise<void> {
  const away = await chooseHere(io, stream, reads, which, chosen, depth);
  for (const list of (await away?.lists())?.values() ?? []) {
    const fromList = reads.map((_, k) => (record: DataRecord) => (record.key as readonly unknown[])[k]);
    await choose(io, list.batches() as Numbered, fromList, which, chosen, depth + 1);
    await list.remove();
  }
}

async function chooseHere(
  io: IO,
  stream: Numbered,
  reads: readonly ReadField[],
  which: 'first' | 'last',
  chosen: PositionSet,
  depth: number,
): Promise<Partitions | undefined> {
  const keys = new KeyNumbers(reads.length);
  const positions: number[] = [];
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
      } else if (number === positions.length) {
        positions.push(positionOf(from));
      } else if (which === 'last') {
        positions[number] = positionOf(from);
      }
      if (breath.due()) await breath.pause();
    }
  }
  for (const position of positions) chosen.add(position);
  return away;
}
