import { Breath, type DataRecord, type Origin, type Scratch, type ScratchBatch, type StepIO } from '../../sdk/index.ts';
import { sizeOf, sizeOfOrigin } from './record-size.ts';

/** Which of two records with their origins comes first, as for `sort`. */
export type Order = (a: DataRecord, aFrom: Origin, b: DataRecord, bFrom: Origin) => number;

/** Lists that are read at the same time: each holds a chunk of its records in memory. */
const FAN_IN = 16;
const BATCH_RECORDS = 1_000;
const BATCH_BYTES = 1024 * 1024;

/** Merges sorted lists into one; of records that are equal, those of an earlier list come first. The lists are used up. */
export async function* mergeLists(
  io: Pick<StepIO<unknown>, 'scratch'>,
  lists: readonly Scratch[],
  order: Order,
): AsyncIterable<ScratchBatch> {
  let left = [...lists];
  while (left.length > FAN_IN) {
    const fewer: Scratch[] = [];
    for (let i = 0; i < left.length; i += FAN_IN) {
      const some = left.slice(i, i + FAN_IN);
      const merged = io.scratch();
      for await (const { records, origins } of mergeFew(some, order)) await merged.write(records, origins);
      fewer.push(merged);
    }
    left = fewer;
  }
  yield* mergeFew(left, order);
}

async function* mergeFew(lists: readonly Scratch[], order: Order): AsyncIterable<ScratchBatch> {
  const cursors: Cursor[] = [];
  for (const [rank, list] of lists.entries()) {
    const cursor = new Cursor(list, rank);
    if (await cursor.load()) cursors.push(cursor);
  }
  const heap = new Heap(cursors, order);
  const breath = new Breath();
  let records: DataRecord[] = [];
  let origins: Origin[] = [];
  let bytes = 0;
  for (let first = heap.first; first !== undefined; first = heap.first) {
    records.push(first.record);
    origins.push(first.from);
    bytes += sizeOf(first.record) + sizeOfOrigin(first.from);
    if (!first.step() && !(await first.load())) heap.drop();
    else heap.sink();
    if (records.length >= BATCH_RECORDS || bytes > BATCH_BYTES) {
      yield { records, origins };
      records = [];
      origins = [];
      bytes = 0;
    }
    if (breath.due()) await breath.pause();
  }
  if (records.length > 0) yield { records, origins };
  for (const list of lists) await list.remove();
}

/** Where a list is being read. */
class Cursor {
  readonly rank: number;
  record: DataRecord = {};
  from: Origin = 0;
  readonly #batches: AsyncIterator<ScratchBatch>;
  #batch: ScratchBatch = { records: [], origins: [] };
  #at = -1;

  constructor(list: Scratch, rank: number) {
    this.rank = rank;
    this.#batches = list.batches()[Symbol.asyncIterator]();
  }

  /** Goes to the next record of the batch; false when there is none. */
  step(): boolean {
    this.#at++;
    if (this.#at >= this.#batch.records.length) return false;
    this.record = this.#batch.records[this.#at] as DataRecord;
    this.from = this.#batch.origins[this.#at] as Origin;
    return true;
  }

  /** Goes to the first record of the next batch; false at the end. */
  async load(): Promise<boolean> {
    for (;;) {
      const next = await this.#batches.next();
      if (next.done) return false;
      this.#batch = next.value;
      this.#at = -1;
      if (this.step()) return true;
    }
  }
}

/** A binary heap of cursors, the one whose record is next on top. */
class Heap {
  readonly #cursors: Cursor[];
  readonly #order: Order;

  constructor(cursors: readonly Cursor[], order: Order) {
    this.#cursors = [...cursors];
    this.#order = order;
    for (let at = this.#cursors.length >> 1; at >= 0; at--) this.sink(at);
  }

  get first(): Cursor | undefined {
    return this.#cursors[0];
  }

  /** Takes the top away. */
  drop(): void {
    const last = this.#cursors.pop();
    if (last === undefined || this.#cursors.length === 0) return;
    this.#cursors[0] = last;
    this.sink();
  }

  /** Brings a cursor whose record has changed to its place. */
  sink(from = 0): void {
    const heap = this.#cursors;
    const moving = heap[from];
    if (moving === undefined) return;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1] as Cursor, heap[child] as Cursor)) child++;
      if (!this.#before(heap[child] as Cursor, moving)) break;
      heap[at] = heap[child] as Cursor;
      at = child;
    }
    heap[at] = moving;
  }

  #before(a: Cursor, b: Cursor): boolean {
    const order = this.#order(a.record, a.from, b.record, b.from);
    return order < 0 || (order === 0 && a.rank < b.rank);
  }
}
