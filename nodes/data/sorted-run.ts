import { Breath, type DataRecord, type ScratchBatch } from '../../sdk/index.ts';
import { sizeOf } from './record-size.ts';
import { compareByKey, type KeyOrder } from './sort-order.ts';
import { sortedPositions } from './sorted-positions.ts';

const BATCH = 1_000;

/** Records that are sorted in memory. Those that are equal keep the order in which they were added. */
export class SortedRun {
  /** About. */
  bytes = 0;
  readonly #keys: readonly KeyOrder[];
  readonly #columns: unknown[][];
  readonly #records: DataRecord[] = [];
  readonly #origins: number[] = [];

  constructor(keys: readonly KeyOrder[]) {
    this.#keys = keys;
    this.#columns = keys.map(() => []);
  }

  add(record: DataRecord, from: number): void {
    this.#records.push(record);
    this.#origins.push(from);
    for (let k = 0; k < this.#keys.length; k++) this.#columns[k]?.push(this.#keys[k]?.read(record));
    this.bytes += sizeOf(record);
  }

  async *batches(): AsyncIterable<ScratchBatch> {
    const order = await sortedPositions(this.#records.length, positionOrder(this.#keys, this.#columns));
    const breath = new Breath();
    for (let start = 0; start < order.length; start += BATCH) {
      const positions = order.subarray(start, start + BATCH);
      yield {
        records: Array.from(positions, (position) => this.#records[position] as DataRecord),
        origins: Array.from(positions, (position) => this.#origins[position] as number),
      };
      if (breath.due()) await breath.pause();
    }
  }
}

function positionOrder(keys: readonly KeyOrder[], columns: readonly (readonly unknown[])[]) {
  return (a: number, b: number): number => {
    for (let k = 0; k < keys.length; k++) {
      const column = columns[k] as readonly unknown[];
      const found = compareByKey(column[a], column[b], keys[k] as KeyOrder);
      if (found !== 0) return found;
    }
    return 0;
  };
}
