import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { Origin, Origins } from '../sdk/index.ts';
import { positionOf, slotOf } from '../sdk/origins.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type Column, type ColumnHead, decodeColumn, encodeColumn } from './chunk-column.ts';
import { Bytes, Sections } from './chunk-sections.ts';

/**
 * A chunk of a dataset as bytes: consecutive records, field by field, with their origins. A value of a field costs a fraction of what
 * it costs as JSON, both to write and to read. Records with the same fields in the same order are one table; a chunk whose records are too
 * different, or hold a field that only JSON can carry, is JSON. What comes back is what JSON would give back. A chunk that is laid over
 * another dataset holds only the fields that were set: each record is the one there that it comes from, with these.
 *
 *   bytes   = head length (4), head as JSON, padding to 8, sections, each padded to 8; all compressed by zstd
 */
interface Head {
  readonly count: number;
  /** Absent where the records are JSON, in one section. */
  readonly tables?: readonly { readonly rows: number; readonly columns: readonly ColumnHead[] }[];
  /** The fields that were set, where the chunk is laid over another dataset. */
  readonly set?: readonly ColumnHead[];
  readonly origins?: OriginsHead;
  /** Byte length of each section. */
  readonly sections: readonly number[];
}

/** One origin for each record. */
type SingleOrigins =
  | { readonly is: 'run'; readonly from: number }
  | { readonly is: 'same'; readonly origin: number }
  | { readonly is: 'list'; readonly base: number; readonly wide: boolean };

type OriginsHead =
  | SingleOrigins
  /** A list for each record, all of one length: their first origins, their second ones and so on. */
  | { readonly is: 'tuples'; readonly places: readonly SingleOrigins[] }
  | { readonly is: 'lists'; readonly base: number; readonly wide: boolean };

/** Length of lists of origins beyond which they are not kept place by place. */
const PLACES = 4;

/** Sets of fields in one chunk beyond which it is JSON. */
const TABLES = 16;

export interface Chunk {
  readonly records: readonly DataRecord[];
  originAt(index: number): Origin | undefined;
}

/** What a chunk can be laid over: the dataset of the first input, by position. */
export interface Under {
  recordAt(position: number): DataRecord | undefined;
}

/** Done off the event loop. */
export function compressChunk(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = {
      params: { [constants.ZSTD_c_compressionLevel]: 1 },
      // Told the size, it makes no more of itself ready than that takes: otherwise a quarter of its work.
      pledgedSrcSize: bytes.length,
      // Few pieces: each one that the result comes in costs a turn of the event loop.
      chunkSize: Math.max(1024, bytes.length >> 1),
    };
    zstdCompress(bytes, options, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

export function decompressChunk(bytes: Uint8Array): Buffer {
  return zstdDecompressSync(bytes);
}

/** @param under is needed for the records of a chunk that is laid over it. */
export function readChunk(bytes: Buffer, under?: Under): Chunk {
  return new DecodedChunk(new Bytes(bytes), under);
}

/**
 * The chunk as what was set over the records of the first input that its own come from: the first origin of each. `undefined` where
 * that cannot say all: for records from elsewhere, and for fields that are not set in all of them.
 */
export function layChunk(records: readonly DataRecord[], origins: Origins, set: readonly string[]): Buffer | undefined {
  if (!comeFromFirstInput(origins, records.length) || set.includes('__proto__')) return undefined;
  const columns = columnsOf(records, set);
  if (!columns) return undefined;
  const sections = new Sections();
  const heads = columns.map((values, at) => encodeColumn(set[at] as string, values, sections));
  return sealed({ count: records.length, set: heads }, origins, sections);
}

/** Values of fields, by row; `undefined` where one is missing. */
function columnsOf(records: readonly DataRecord[], names: readonly string[]): unknown[][] | undefined {
  const columns = names.map(() => new Array<unknown>(records.length));
  for (let row = 0; row < records.length; row++) {
    const record = records[row] as DataRecord;
    for (let at = 0; at < names.length; at++) {
      const value = record[names[at] as string];
      if (value === undefined) return undefined;
      (columns[at] as unknown[])[row] = value;
    }
  }
  return columns;
}

function comeFromFirstInput(origins: Origins, count: number): boolean {
  if (origins === undefined) return false;
  if ('from' in origins) return slotOf(origins.from) === 0;
  for (let i = 0; i < count; i++) {
    const first = firstOf(origins[i]);
    if (first === undefined || slotOf(first) !== 0) return false;
  }
  return true;
}

function firstOf(origin: Origin | undefined): number | undefined {
  return typeof origin === 'object' ? origin[0] : origin;
}

export function encodeChunk(records: readonly DataRecord[], origins: Origins): Buffer {
  const sections = new Sections();
  const tables = tabulate(records);
  const tableHeads = tables?.list.map(({ names, columns, rows }) => ({
    rows,
    columns: names.map((name, at) => encodeColumn(name, columns[at] as unknown[], sections)),
  }));
  if (!tables) sections.add(Buffer.from(JSON.stringify(records)));
  else if (tables.list.length > 1) sections.add(tables.tableOf);
  return sealed({ count: records.length, ...(tableHeads ? { tables: tableHeads } : {}) }, origins, sections);
}

function sealed(content: Pick<Head, 'count' | 'tables' | 'set'>, origins: Origins, sections: Sections): Buffer {
  const originsHead = encodeOrigins(origins, content.count, sections);
  const head: Head = {
    ...content,
    ...(originsHead ? { origins: originsHead } : {}),
    sections: sections.lengths,
  };
  return sections.under(Buffer.from(JSON.stringify(head)));
}

interface Table {
  readonly names: readonly string[];
  /** Values of each field, by row; there is room for all records of the chunk. */
  readonly columns: readonly unknown[][];
  rows: number;
}

/** Records as tables, and which one each belongs to; `undefined` where they have to be JSON. */
function tabulate(records: readonly DataRecord[]): { list: Table[]; tableOf: Uint8Array } | undefined {
  if (records.length === 0) return undefined;
  const list: Table[] = [];
  const tableOf = new Uint8Array(records.length);
  const byNames = new Map<string, number>();
  let last = -1;
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as DataRecord;
    if (last < 0 || !append(list[last] as Table, record)) {
      const names = namesOf(record);
      if (names === undefined) return undefined;
      const key = JSON.stringify(names);
      last = byNames.get(key) ?? list.length;
      if (last === TABLES) return undefined;
      if (last === list.length) {
        byNames.set(key, last);
        list.push({ names, columns: names.map(() => new Array<unknown>(records.length)), rows: 0 });
      }
      const table = list[last] as Table;
      for (let at = 0; at < names.length; at++) {
        (table.columns[at] as unknown[])[table.rows] = record[names[at] as string];
      }
      table.rows++;
    }
    tableOf[i] = last;
  }
  for (const { columns, rows } of list) for (const values of columns) values.length = rows;
  return { list, tableOf };
}

/** Whether the record has just the fields of the table; then it is a row of it. */
function append(table: Table, record: DataRecord): boolean {
  const { names, columns, rows } = table;
  let at = 0;
  for (const name in record) {
    const value = record[name];
    // What was written of it is written over by the next one.
    if (name !== names[at] || value === undefined) return false;
    (columns[at] as unknown[])[rows] = value;
    at++;
  }
  if (at !== names.length) return false;
  table.rows++;
  return true;
}

/** The fields that JSON would write; `undefined` where an assignment could not bring one back. */
function namesOf(record: DataRecord): string[] | undefined {
  const names: string[] = [];
  for (const name of Object.keys(record)) {
    if (name === '__proto__') return undefined;
    if (record[name] !== undefined) names.push(name);
  }
  // A table without columns would not know how many rows it has.
  return names.length === 0 || typeof record.toJSON === 'function' ? undefined : names;
}

function encodeOrigins(origins: Origins, count: number, sections: Sections): OriginsHead | undefined {
  if (origins === undefined) return undefined;
  if ('from' in origins) return { is: 'run', from: origins.from };
  const single = placeOf(origins, undefined);
  if (single) return encodeSingle(single, sections);
  const first = origins[0];
  const length = typeof first === 'object' && first.length <= PLACES ? first.length : 0;
  const places = Array.from({ length }, (_, place) => placeOf(origins, { place, length }));
  if (length > 0 && places.every((one) => one !== undefined)) {
    return { is: 'tuples', places: places.map((numbers) => encodeSingle(numbers, sections)) };
  }
  return { is: 'lists', ...encodeLists(origins, count, sections) };
}

/** The origins at a place of lists of one length, or the only one of each record; `undefined` where they are not like that. */
function placeOf(
  origins: readonly Origin[],
  at: { place: number; length: number } | undefined,
): Float64Array | undefined {
  const numbers = new Float64Array(origins.length);
  for (let i = 0; i < numbers.length; i++) {
    const one = origins[i] as Origin;
    if (typeof one === 'number') {
      if (at) return undefined;
      numbers[i] = one;
    } else {
      if (one.length !== at?.length) return undefined;
      numbers[i] = one[at.place] as number;
    }
  }
  return numbers;
}

function encodeSingle(numbers: Float64Array, sections: Sections): SingleOrigins {
  const first = numbers[0] ?? 0;
  let isSame = true;
  let isRun = true;
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] !== first) isSame = false;
    if (numbers[i] !== first + i) isRun = false;
  }
  if (isSame) return { is: 'same', origin: first };
  if (isRun) return { is: 'run', from: first };
  return { is: 'list', ...addNumbers(numbers, sections) };
}

const SINGLE = 2 ** 32 - 1;

/** A single origin comes back as a number: lists have a length, numbers none. */
function encodeLists(origins: readonly Origin[], count: number, sections: Sections): { base: number; wide: boolean } {
  const lengths = new Uint32Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const one = origins[i] ?? [];
    lengths[i] = typeof one === 'number' ? SINGLE : one.length;
    total += typeof one === 'number' ? 1 : one.length;
  }
  sections.add(lengths);
  const numbers = new Float64Array(total);
  let at = 0;
  for (const one of origins) {
    if (typeof one === 'number') numbers[at++] = one;
    else for (let i = 0; i < one.length; i++) numbers[at++] = one[i] as number;
  }
  return addNumbers(numbers, sections);
}

/** Whole numbers as their distances from the least, in 4 bytes each where that is enough. */
function addNumbers(numbers: Float64Array, sections: Sections): { base: number; wide: boolean } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) {
    const one = numbers[i] as number;
    if (one < least) least = one;
    if (one > most) most = one;
  }
  const base = numbers.length === 0 ? 0 : least;
  const wide = most - base >= 2 ** 32;
  const distances = wide ? new Float64Array(numbers.length) : new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) distances[i] = (numbers[i] as number) - base;
  sections.add(distances);
  return { base, wide };
}

/** Decoded as far as it is asked for: looking origins up needs no records. */
class DecodedChunk implements Chunk {
  private readonly head: Head;
  private readonly bytes: Bytes;
  private readonly under: Under | undefined;
  private decoded: readonly DataRecord[] | undefined;
  private origin: ((index: number) => Origin | undefined) | undefined;

  constructor(bytes: Bytes, under: Under | undefined) {
    this.bytes = bytes;
    this.under = under;
    this.head = JSON.parse(bytes.head()) as Head;
    bytes.layOut(this.head.sections);
  }

  get records(): readonly DataRecord[] {
    this.decoded ??= this.decodeRecords();
    return this.decoded;
  }

  originAt(index: number): Origin | undefined {
    this.origin ??= this.decodeOrigins();
    return this.origin(index);
  }

  private decodeRecords(): readonly DataRecord[] {
    const { tables, set, count } = this.head;
    this.bytes.rewind();
    if (set) return this.decodeOver(set);
    if (!tables) return JSON.parse(this.bytes.text(this.bytes.next())) as DataRecord[];
    const makers = tables.map(({ rows, columns }) => rowMaker(columns, rows, this.bytes));
    const [only] = makers;
    if (makers.length === 1 && only) return Array.from({ length: count }, only);
    const tableOf = this.bytes.next();
    return Array.from({ length: count }, (_, i) => (makers[tableOf[i] as number] as () => DataRecord)());
  }

  private decodeOver(heads: readonly ColumnHead[]): readonly DataRecord[] {
    const { count } = this.head;
    const columns = heads.map((head) => decodeColumn(head, count, this.bytes));
    return Array.from({ length: count }, (_, row) => {
      const below = this.recordBelow(row);
      if (columns.length === 0) return below;
      const record = { ...below };
      for (let c = 0; c < columns.length; c++) record[(heads[c] as ColumnHead).name] = (columns[c] as Column)[row];
      return record;
    });
  }

  private recordBelow(row: number): DataRecord {
    const from = firstOf(this.originAt(row));
    const record = from === undefined ? undefined : this.under?.recordAt(positionOf(from));
    if (!record) throw new Error('A chunk is laid over a record that is not there');
    return record;
  }

  private decodeTuples(places: readonly SingleOrigins[]): (index: number) => Origin {
    let fromEnd = places.filter(({ is }) => is === 'list').length;
    const reads = places.map((place) => this.decodeSingle(place, place.is === 'list' ? fromEnd-- : 0));
    return (index) => reads.map((read) => read(index));
  }

  /** @param fromEnd the section that a list is in. */
  private decodeSingle(origins: SingleOrigins, fromEnd: number): (index: number) => number {
    if (origins.is === 'run') return (index) => origins.from + index;
    if (origins.is === 'same') return () => origins.origin;
    const numbers = this.numbersFromEnd(fromEnd, origins.wide);
    const { base } = origins;
    return (index) => base + (numbers[index] as number);
  }

  private numbersFromEnd(fromEnd: number, wide: boolean): Float64Array | Uint32Array {
    return this.bytes.numbers<Float64Array | Uint32Array>(
      this.bytes.fromEnd(fromEnd),
      wide ? Float64Array : Uint32Array,
    );
  }

  private decodeOrigins(): (index: number) => Origin | undefined {
    const { origins } = this.head;
    if (!origins) return () => undefined;
    if (origins.is === 'tuples') return this.decodeTuples(origins.places);
    if (origins.is !== 'lists') return this.decodeSingle(origins, 1);
    const { base } = origins;
    const numbers = this.numbersFromEnd(1, origins.wide);
    const lengths = this.bytes.numbers(this.bytes.fromEnd(2), Uint32Array);
    const starts = new Float64Array(lengths.length);
    let start = 0;
    for (let i = 0; i < lengths.length; i++) {
      starts[i] = start;
      start += lengths[i] === SINGLE ? 1 : (lengths[i] as number);
    }
    return (index) => {
      const from = starts[index] as number;
      if (lengths[index] === SINGLE) return base + (numbers[from] as number);
      // Of a sum over a million records the list is that long, and `Array.from` with a function takes ten times as long.
      const list = new Array<number>(lengths[index] as number);
      for (let i = 0; i < list.length; i++) list[i] = base + (numbers[from + i] as number);
      return list;
    };
  }
}

/** Gives the rows of a table one after another. */
function rowMaker(heads: readonly ColumnHead[], rows: number, bytes: Bytes): () => DataRecord {
  const names = heads.map(({ name }) => name);
  const columns: Column[] = heads.map((head) => decodeColumn(head, rows, bytes));
  // A copy has its shape from the start, which is much faster than an object that grows field by field.
  const empty: DataRecord = {};
  for (const name of names) empty[name] = null;
  let row = 0;
  return () => {
    const record = { ...empty };
    for (let c = 0; c < names.length; c++) record[names[c] as string] = (columns[c] as Column)[row];
    row++;
    return record;
  };
}

export function sliceOrigins(origins: Origins, from: number, to: number): Origins {
  if (origins === undefined) return undefined;
  return 'from' in origins ? { from: origins.from + from } : origins.slice(from, to);
}
