import { Breath, type DataRecord, type InputStream } from '../../sdk/index.ts';

/**
 * The records of one side of a join, found by key. Everything is in memory: larger inputs are to be handed to an out-of-core join here.
 */
export interface HashIndex {
  readonly records: readonly DataRecord[];
  /** Names of all fields, in the order in which they first appear. */
  readonly names: readonly string[];
  /** Positions of the records with this key, in order. */
  find(key: string | undefined): readonly number[];
}

const NONE: readonly number[] = [];

export async function indexInput(
  input: InputStream,
  keyOf: (record: DataRecord) => string | undefined,
): Promise<HashIndex> {
  const records: DataRecord[] = [];
  const positions = new Map<string, number[]>();
  const names = new Set<string>();
  const breath = new Breath();
  for await (const batch of input.batches()) {
    for (const record of batch.records) {
      for (const name of Object.keys(record)) names.add(name);
      const key = keyOf(record);
      if (key !== undefined) {
        const found = positions.get(key);
        if (found === undefined) positions.set(key, [records.length]);
        else found.push(records.length);
      }
      records.push(record);
      if (breath.due()) await breath.pause();
    }
  }
  return { records, names: [...names], find: (key) => (key === undefined ? NONE : (positions.get(key) ?? NONE)) };
}

/** Names of all fields of an input, in the order in which they first appear. */
export async function fieldNamesOf(input: InputStream): Promise<string[]> {
  const names = new Set<string>();
  const breath = new Breath();
  for await (const batch of input.batches()) {
    for (const record of batch.records) {
      for (const name in record) names.add(name);
      if (breath.due()) await breath.pause();
    }
  }
  return [...names];
}
