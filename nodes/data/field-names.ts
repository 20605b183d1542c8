import { type Batch, Breath, batchCount, type DataRecord, type InputStream } from '../../sdk/index.ts';

/** Records that are looked at before any is given. */
const AHEAD = 1_000;

/**
 * The names of the fields of a stream, as they come: those of its first 1,000 records are known from the start, those that only a
 * later record brings along from that record on. So one pass over the stream is enough, and where its batches end does not matter.
 */
export class FieldNames {
  readonly all: string[] = [];
  /** Every record so far has all of them, in this order. */
  areAlike = true;
  #isFirst = true;
  readonly #known = new Set<string>();
  /** For each name, the position of the first record that may see it. */
  readonly #since: number[] = [];

  /** Batches of the input, whose names have been learned when they are given. */
  async *learn(input: InputStream): AsyncIterable<Batch> {
    let ahead: Batch[] = [];
    let isFilled = false;
    for await (const batch of input.batches()) {
      this.#seeAll(batch);
      if (isFilled) yield batch;
      else ahead.push(batch);
      if (isFilled || batch.start + batchCount(batch) < AHEAD) continue;
      isFilled = true;
      yield* ahead;
      ahead = [];
    }
    yield* ahead;
  }

  /** How many of the names the record at a position may see. */
  countAt(position: number): number {
    let count = this.all.length;
    while (count > 0 && (this.#since[count - 1] as number) > position) count--;
    return count;
  }

  #seeAll(batch: Batch): void {
    // All records of columns have the fields of the first.
    const records = batch.columns?.slice(0, 1).records ?? batch.records;
    for (let i = 0; i < records.length; i++) this.#see(records[i] as DataRecord, batch.start + i);
  }

  #see(record: DataRecord, position: number): void {
    let inOrder = 0;
    let i = 0;
    for (const name in record) {
      if (name === this.all[i++]) inOrder++;
      else if (!this.#known.has(name)) {
        this.#known.add(name);
        this.all.push(name);
        this.#since.push(position < AHEAD ? 0 : position);
      }
    }
    if (!this.#isFirst && (inOrder < i || i < this.all.length)) this.areAlike = false;
    this.#isFirst = false;
  }
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
