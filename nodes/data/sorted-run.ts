import { Breath, type DataRecord, type ScratchBatch } from '../../sdk/index.ts';
import { sizeOf } from './record-size.ts';
import { type ColumnOrder, columnOrder } from './sort-column.ts';
import type { KeyOrder } from './sort-order.ts';
import { sortedPositions } from './sorted-positions.ts';

const BATCH = 500;

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
    const order = await sortedPositions(this.#records.length, await positionOrder(this.#keys, this.#columns));
    const breath = new Breath();
    for (let start = 0; start < order.length; start += BATCH) {
      const positions = order.subarray(start, start + BATCH);
      yield {
        records: Array.from(positions, (position) => this.#records[position] as DataRecord),
        origins: Array.from(positions, (position) => this.#origins[position] as number),
      };
      if (breath.isSpent) await breath.pause();
    }
  }
}

async function positionOrder(
  keys: readonly KeyOrder[],
  columns: readonly (readonly unknown[])[],
): Promise<ColumnOrder> {
  const orders = await Promise.all(keys.map((key, k) => columnOrder(columns[k] ?? [], key)));
  const [only] = orders;
  if (orders.length === 1 && only !== undefined) return only;
  return (a, b) => {
    for (const order of orders) {
      const found = order(a, b);
      if (found !== 0) return found;
    }
    return 0;
  };
}
