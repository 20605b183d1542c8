import {
  type Batch,
  type Brake,
  Breath,
  batchCount,
  type DataRecord,
  type InputStream,
  origin,
  Pace,
  positionOf,
  type Scratch,
  type StepIO,
} from '../../sdk/index.ts';
import { type Column, type Columns, stretchOf } from '../../spec/workflow/columns.ts';
import { keyText } from './exact-key.ts';
import { KeyNumbers } from './key-numbers.ts';
import type { OrderedOutput } from './ordered-output.ts';
import { Partitions } from './partitions.ts';
import { PositionSet } from './position-set.ts';
import type { ReadField } from './read-field.ts';
import { sizeOf } from './record-size.ts';

/** Records in order, with the origins that say where they stand. */
export type Numbered = AsyncIterable<NumberedRecords>;

interface NumberedRecords {
  readonly records: readonly DataRecord[];
  readonly origins: readonly number[];
  /** The same records, where they come as columns, with the origin of the first: the others follow from it. */
  readonly whole?: { readonly columns: Columns; readonly from: number } | undefined;
}

/** Batches of an input with the origins of their records. */
export async function* numbered({ slot }: InputStream, batches: AsyncIterable<Batch>): Numbered {
  for await (const batch of batches) yield new NumberedBatch(batch, origin(slot, batch.start));
}

/** A batch whose records are made and whose origins are counted when they are asked for. */
class NumberedBatch implements NumberedRecords {
  readonly whole: NumberedRecords['whole'];
  readonly #batch: Batch;
  readonly #from: number;

  constructor(batch: Batch, from: number) {
    this.whole = batch.columns && { columns: batch.columns, from };
    this.#batch = batch;
    this.#from = from;
  }

  get records(): readonly DataRecord[] {
    return this.#batch.records;
  }

  get origins(): readonly number[] {
    return originsFrom(this.#from, batchCount(this.#batch));
  }
}

function originsFrom(from: number, count: number): number[] {
  const origins = new Array<number>(count);
  for (let i = 0; i < count; i++) origins[i] = from + i;
  return origins;
}

export interface Side {
  readonly records: Numbered;
  /** The fields of its key. A record where one of them is empty matches nothing. */
  readonly key: readonly ReadField[];
  /** The same as columns; `undefined` where the records have to be read one by one. */
  readonly keyColumns?: (columns: Columns) => readonly Column[] | undefined;
}

/** What becomes of the records; each gives to the output what it likes. */
export interface Matching {
  /** Whether a record meets one of the other side at most: the first the first, the second the second. */
  readonly once: boolean;
  pair(left: DataRecord, leftFrom: number, right: DataRecord, rightFrom: number): void;
  aloneLeft?(left: DataRecord, from: number): void;
  aloneRight?(right: DataRecord, from: number): void;
  /** What takes the place of `pair` and `aloneLeft` for a batch of columns; `undefined` where it has to be done record by record. */
  ofColumns?(left: Columns): ((matches: ColumnMatches) => Brake) | undefined;
}

/** Records of a batch of the left in their order, each with one that it meets, and those that meet none. */
export interface ColumnMatches {
  /** Rows of the batch. */
  readonly rows: Uint32Array;
  /** The places of the right records in `right`; -1 for a row that meets none. */
  readonly places: Int32Array;
  /** Origin of the first row of the batch. */
  readonly from: number;
  readonly right: { readonly records: readonly DataRecord[]; readonly origins: readonly number[] };
}

type IO = Pick<StepIO<unknown>, 'scratch' | 'workingMemory'>;

/**
 * Brings together the records of two sides that have the same key. The right side is held in memory as far as there is room: what comes
 * after is put away by its key, and so are the records on the left that could meet it; then the same is done with what was put away.
 * At each of these levels pairs come in the order of the left and then of the right, and so do the records that stay alone, after
 * all pairs of the right ones; `output` brings the levels together.
 */
export async function matchByKey(
  io: IO,
  left: Side,
  right: Side,
  matching: Matching,
  output: OrderedOutput,
): Promise<void> {
  await matchLevel({ io, matching, output, met: new PositionSet() }, left, right, 0);
}

interface Work {
  readonly io: IO;
  readonly matching: Matching;
  readonly output: OrderedOutput;
  /** Left records that have met one at a level above and may meet others below. */
  readonly met: PositionSet;
}

async function matchLevel(work: Work, left: Side, right: Side, depth: number): Promise<void> {
  const { overflow, passedOn } = await matchHere(work, left, right, depth);
  if (overflow === undefined) return;
  const lefts = (await passedOn?.lists()) ?? new Map<number, Scratch>();
  for (const [number, list] of await overflow.lists()) {
    const leftList = lefts.get(number);
    const below = leftList === undefined ? none() : listed(leftList);
    await matchLevel(work, { ...left, records: below }, { ...right, records: listed(list) }, depth + 1);
    await leftList?.remove();
    await list.remove();
  }
}

/** What can be done in memory; its index is forgotten before the next level makes its own. */
async function matchHere(work: Work, left: Side, right: Side, depth: number) {
  const { index, overflow } = await buildIndex(work, right, depth);
  if (overflow !== undefined || depth > 0) await work.output.startPart();
  const passedOn = await matchLeft(work, left, index, overflow, depth);
  await leaveAlone(work, index);
  return { overflow, passedOn };
}

async function* none(): Numbered {}

/** What was put away: its origins are single numbers. */
function listed(list: Scratch): Numbered {
  return list.batches() as Numbered;
}

async function buildIndex({ io, matching }: Work, { records: stream, key }: Side, depth: number) {
  const index = new KeyIndex(key.length);
  const values = new Array<unknown>(key.length);
  const breath = new Breath();
  let overflow: Partitions | undefined;
  for await (const { records, origins } of stream) {
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as DataRecord;
      const isKeyed = readKey(key, record, values);
      if (isKeyed || matching.aloneRight !== undefined) {
        // The first one always has room: each level leaves fewer records to the next.
        if (overflow === undefined && (index.records.length === 0 || index.bytes <= io.workingMemory)) {
          index.add(isKeyed ? values : undefined, record, origins[i] as number);
        } else {
          overflow ??= new Partitions(io, depth);
          await overflow.write(overflow.numberOf(keyText(values)), record, origins[i] as number);
        }
      }
      if (breath.due()) await breath.pause();
    }
  }
  return { index, overflow };
}

async function matchLeft(
  { io, matching, output, met }: Work,
  { records: stream, key, keyColumns }: Side,
  index: KeyIndex,
  overflow: Partitions | undefined,
  depth: number,
): Promise<Partitions | undefined> {
  const values = new Array<unknown>(key.length);
  const breath = new Breath();
  const pace = new Pace();
  let passedOn: Partitions | undefined;
  for await (const batch of stream) {
    // What could meet others below has to be put away as a record.
    const mayBeColumns = overflow === undefined && depth === 0;
    if (mayBeColumns && (await matchColumns(matching, batch.whole, keyColumns, index, pace))) continue;
    const { records, origins } = batch;
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as DataRecord;
      const from = origins[i] as number;
      const isKeyed = readKey(key, record, values);
      let at = isKeyed ? (matching.once ? index.take(values) : index.first(values)) : NONE;
      let isDone = at !== NONE && matching.once;
      const hasMet = at !== NONE;
      while (at !== NONE) {
        index.meet(at);
        matching.pair(record, from, index.records[at] as DataRecord, index.origins[at] as number);
        if (output.isFull) await output.flush();
        at = matching.once ? NONE : index.next(at);
      }
      if (!isDone && isKeyed && overflow !== undefined) {
        const number = overflow.numberOf(keyText(values));
        if (overflow.has(number)) {
          passedOn ??= new Partitions(io, depth);
          await passedOn.write(number, record, from);
          if (hasMet) met.add(positionOf(from));
          isDone = true;
        }
      }
      if (!isDone && !hasMet && !met.has(positionOf(from))) matching.aloneLeft?.(record, from);
      if (output.isFull) await output.flush();
      if (breath.due()) await breath.pause();
    }
  }
  return passedOn;
}

/** Whether the batch could be done as columns. */
async function matchColumns(
  matching: Matching,
  whole: NumberedRecords['whole'],
  keyColumns: Side['keyColumns'],
  index: KeyIndex,
  pace: Pace,
): Promise<boolean> {
  const keys = whole && keyColumns?.(whole.columns);
  const give = whole && keys && matching.ofColumns?.(whole.columns);
  if (!give || !keys) return false;
  const { count } = whole.columns;
  const breath = new Breath();
  let found = new FoundPairs();
  for (let start = 0, end = 0; start < count; start = end) {
    end = Math.min(start + pace.count, count);
    const firsts = pace.piece(end - start, () => index.firstAll(keys, start, end));
    for (let i = 0; i < firsts.length; i++) {
      let at = firsts[i] as number;
      do {
        found.add(start + i, at);
        if (at !== NONE) {
          index.meet(at);
          at = index.next(at);
        }
        if (found.isFull) {
          await give(found.matches(whole.from, index));
          found = new FoundPairs();
          if (breath.isSpent) await breath.pause();
        }
      } while (at !== NONE);
    }
    if (breath.isSpent) await breath.pause();
  }
  await give(found.matches(whole.from, index));
  return true;
}

/** Pairs that are given at once, at the most: a key that many share makes many of a batch. */
const PAIRS = 4_000;

class FoundPairs {
  readonly #rows = new Uint32Array(PAIRS);
  readonly #places = new Int32Array(PAIRS);
  #count = 0;

  get isFull(): boolean {
    return this.#count === PAIRS;
  }

  add(row: number, place: number): void {
    this.#rows[this.#count] = row;
    this.#places[this.#count++] = place;
  }

  matches(from: number, right: ColumnMatches['right']): ColumnMatches {
    return { rows: this.#rows.subarray(0, this.#count), places: this.#places.subarray(0, this.#count), from, right };
  }
}

async function leaveAlone({ matching, output }: Work, index: KeyIndex): Promise<void> {
  if (matching.aloneRight === undefined) return;
  const breath = new Breath();
  for (let at = 0; at < index.records.length; at++) {
    if (!index.hasMet(at)) matching.aloneRight(index.records[at] as DataRecord, index.origins[at] as number);
    if (output.isFull) await output.flush();
    if (breath.due()) await breath.pause();
  }
}

/** False when one of the values is empty. */
function readKey(reads: readonly ReadField[], record: DataRecord, values: unknown[]): boolean {
  let isFilled = true;
  for (let k = 0; k < reads.length; k++) {
    const value = (reads[k] as ReadField)(record) ?? null;
    values[k] = value;
    if (value === null) isFilled = false;
  }
  return isFilled;
}

const NONE = -1;

/** Records found by key, each with those of the same key that came after it. */
class KeyIndex {
  readonly records: DataRecord[] = [];
  readonly origins: number[] = [];
  #bytes = 0;
  readonly #numbers: KeyNumbers;
  /** By the number of the key: where its first and its last record stand. */
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  readonly #next: number[] = [];
  readonly #met: boolean[] = [];

  constructor(width: number) {
    this.#numbers = new KeyNumbers(width);
  }

  get bytes(): number {
    return this.#bytes + this.#numbers.bytes;
  }

  /** @param values none for a record that can only stay alone. */
  add(values: readonly unknown[] | undefined, record: DataRecord, from: number): void {
    const at = this.records.length;
    this.records.push(record);
    this.origins.push(from);
    this.#next.push(NONE);
    this.#met.push(false);
    this.#bytes += sizeOf(record) + 40;
    if (values === undefined) return;
    const number = this.#numbers.add(values);
    if (number === this.#first.length) {
      this.#first.push(at);
      this.#last.push(at);
      return;
    }
    this.#next[this.#last[number] as number] = at;
    this.#last[number] = at;
  }

  first(values: readonly unknown[]): number {
    const number = this.#numbers.of(values);
    return number < 0 ? NONE : (this.#first[number] as number);
  }

  /** The same for some of the keys that come as columns. None of those here has an empty value, so neither has one that is found. */
  firstAll(keys: readonly Column[], from: number, to: number): Int32Array {
    const some = keys.map((column) => stretchOf(column, from, to));
    const numbers = this.#numbers.ofAll(some, to - from);
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] as number;
      numbers[i] = number < 0 ? NONE : (this.#first[number] as number);
    }
    return numbers;
  }

  next(at: number): number {
    return this.#next[at] ?? NONE;
  }

  /** The first one that has not been taken. */
  take(values: readonly unknown[]): number {
    const number = this.#numbers.of(values);
    if (number < 0) return NONE;
    const at = this.#first[number] as number;
    if (at !== NONE) this.#first[number] = this.next(at);
    return at;
  }

  meet(at: number): void {
    this.#met[at] = true;
  }

  hasMet(at: number): boolean {
    return this.#met[at] === true;
  }
}
