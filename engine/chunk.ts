import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { Origin, Origins } from '../sdk/index.ts';
import { positionOf, slotOf } from '../sdk/origins.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type Column, type ColumnHead, decodeColumn, encodeColumn } from './chunk-column.ts';
import { decodeOrigins, encodeOrigins, type OriginsHead } from './chunk-origins.ts';
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
    this.origin ??= decodeOrigins(this.head.origins, this.bytes);
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
