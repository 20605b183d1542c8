import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { Origin, Origins } from '../sdk/index.ts';
import { positionOf, slotOf } from '../sdk/origins.ts';
import { areNames, type Column, Columns, pendingColumn } from '../spec/workflow/columns.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type ColumnHead, decodeColumn, encodeColumn, sectionsOf } from './chunk-column.ts';
import { decodeOrigins, encodeOrigins, type OriginsHead } from './chunk-origins.ts';
import { Bytes, Sections } from './chunk-sections.ts';
import { countOf, type Rows } from './held-records.ts';

/**
 * A chunk of a dataset as bytes: consecutive records, field by field, with their origins. A value of a field costs a fraction of what
 * it costs as JSON, both to write and to read. Records with the same fields in the same order are one table; a chunk whose records are too
 * different, or hold a field that only JSON can carry, is JSON. What comes back is what JSON would give back. A chunk that is laid over
 * another dataset holds only the fields that were set: each record is the one there that it comes from, with these.
 *
 *   bytes   = head length (4), head as JSON, padding to 8, sections, each padded to 8; all compressed by zstd where it is not small
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
  /** The same as columns, decoded as they are read; `undefined` where the records do not all have the same fields. */
  readonly columns: Columns | undefined;
  originAt(index: number): Origin | undefined;
}

/** What a chunk can be laid over: the dataset of the first input, by position. */
export interface Under {
  recordAt(position: number): DataRecord | undefined;
  /** Some of its records, in the order of their positions; `undefined` where they do not come as columns, or not yet. */
  columnsAt?(positions: Float64Array): Columns | undefined;
}

/** Bytes up to which a chunk is not worth a compressor. */
const SMALL = 8 * 1024;
/** What all that zstd gives begins with (RFC 8878); as the length of a head it would be gigabytes. */
const ZSTD = 0xfd2fb528;

/** Done off the event loop. */
export function compressChunk(bytes: Buffer): Promise<Buffer> {
  if (bytes.length <= SMALL) return Promise.resolve(bytes);
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

export function decompressChunk({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  if (byteLength < 4 || bytes.readUInt32LE(0) !== ZSTD) return bytes;
  // In one piece: put together from many, it would be there twice.
  return zstdDecompressSync(bytes, { chunkSize: Math.max(1024, sizeIn(bytes)) });
}

/** Bytes of what a frame of zstd holds, where it says so, as one does that was told (RFC 8878, 3.1.1.1). */
function sizeIn(frame: Buffer): number {
  const descriptor = frame.readUInt8(4);
  const isSingle = (descriptor & 32) !== 0;
  const at = (isSingle ? 5 : 6) + ([0, 1, 2, 4][descriptor & 3] as number);
  switch (descriptor >> 6) {
    case 0:
      return isSingle ? frame.readUInt8(at) : 0;
    case 1:
      return frame.readUInt16LE(at) + 256;
    case 2:
      return frame.readUInt32LE(at);
    default:
      return Number(frame.readBigUInt64LE(at));
  }
}

/** @param under is needed for the records of a chunk that is laid over it. */
export function readChunk(bytes: Buffer, under?: Under): Chunk {
  return new DecodedChunk(new Bytes(bytes), under);
}

/**
 * The chunk as what was set over the records of the first input that its own come from: the first origin of each. `undefined` where
 * that cannot say all: for records from elsewhere, and for fields that are not set in all of them.
 */
export function layChunk(rows: Rows, origins: Origins, set: readonly string[]): Buffer | undefined {
  const count = countOf(rows);
  if (!comeFromFirstInput(origins, count) || set.includes('__proto__')) return undefined;
  const columns = columnsOf(rows, set);
  if (!columns) return undefined;
  const sections = new Sections();
  const heads = columns.map((values, at) => encodeColumn(set[at] as string, values, sections));
  return sealed({ count, set: heads }, origins, sections);
}

/** Values of fields, by row; `undefined` where one is missing. */
function columnsOf(rows: Rows, names: readonly string[]): readonly Column[] | undefined {
  if (!(rows instanceof Columns)) return columnsOfRecords(rows, names);
  const columns: Column[] = [];
  for (const name of names) {
    const column = rows.column(name);
    if (!column) return undefined;
    columns.push(column);
  }
  return columns;
}

function columnsOfRecords(records: readonly DataRecord[], names: readonly string[]): unknown[][] | undefined {
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
  if ('places' in origins) return origins.places[0]?.every(isOfFirstInput) === true;
  for (let i = 0; i < count; i++) {
    const first = firstOf(origins[i]);
    if (first === undefined || slotOf(first) !== 0) return false;
  }
  return true;
}

const isOfFirstInput = (origin: number) => slotOf(origin) === 0;

function firstOf(origin: Origin | undefined): number | undefined {
  return typeof origin === 'object' ? origin[0] : origin;
}

export function encodeChunk(rows: Rows, origins: Origins): Buffer {
  return rows instanceof Columns ? encodeColumns(rows, origins) : encodeRecords(rows, origins);
}

function encodeColumns(rows: Columns, origins: Origins): Buffer {
  const sections = new Sections();
  const columns = rows.names.map((name) => encodeColumn(name, rows.column(name) as Column, sections));
  return sealed({ count: rows.count, tables: [{ rows: rows.count, columns }] }, origins, sections);
}

function encodeRecords(records: readonly DataRecord[], origins: Origins): Buffer {
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
  private known: Columns | undefined | typeof NOT_YET = NOT_YET;
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

  get columns(): Columns | undefined {
    if (this.known === NOT_YET) this.known = this.decodeColumns();
    return this.known;
  }

  originAt(index: number): Origin | undefined {
    this.origin ??= decodeOrigins(this.head.origins, this.bytes);
    return this.origin(index);
  }

  private decodeColumns(): Columns | undefined {
    const { tables = [], set } = this.head;
    if (set) return this.columnsOver(set);
    const [only] = tables;
    if (!only || tables.length > 1 || !areNames(only.columns.map(({ name }) => name))) return undefined;
    return tableOf(only.columns, only.rows, this.bytes, 0);
  }

  private columnsOver(heads: readonly ColumnHead[]): Columns | undefined {
    const { count } = this.head;
    const names = heads.map(({ name }) => name);
    const positions = new Float64Array(count);
    for (let row = 0; row < count; row++) positions[row] = this.positionBelow(row);
    const below = this.under?.columnsAt?.(positions);
    if (!below || !areNames([...new Set([...below.names, ...names])])) return undefined;
    const table = tableOf(heads, count, this.bytes, 0);
    return below.with(
      names,
      names.map((name) => pendingColumn(() => table.column(name) as Column)),
    );
  }

  private decodeRecords(): readonly DataRecord[] {
    const { tables, set, count } = this.head;
    if (set) return this.columns?.records ?? this.recordsOver(set);
    if (!tables) return JSON.parse(this.bytes.text(this.bytes.section(0))) as DataRecord[];
    let section = 0;
    const parts = tables.map(({ rows, columns }) => {
      const { records } = tableOf(columns, rows, this.bytes, section);
      section += columns.reduce((sum, head) => sum + sectionsOf(head), 0);
      return records;
    });
    const [only] = parts;
    if (parts.length === 1 && only) return only;
    const partOf = this.bytes.section(section);
    const next = parts.map(() => 0);
    return Array.from({ length: count }, (_, i) => {
      const part = partOf[i] as number;
      return parts[part]?.[(next[part] as number)++] as DataRecord;
    });
  }

  private recordsOver(heads: readonly ColumnHead[]): readonly DataRecord[] {
    const { count } = this.head;
    const table = tableOf(heads, count, this.bytes, 0);
    const columns = heads.map(({ name }) => [name, table.column(name) as Column] as const);
    return Array.from({ length: count }, (_, row) => {
      const below = this.under?.recordAt(this.positionBelow(row));
      if (!below) throw new Error('A chunk is laid over a record that is not there');
      if (columns.length === 0) return below;
      const record = { ...below };
      for (const [name, column] of columns) record[name] = column[row];
      return record;
    });
  }

  private positionBelow(row: number): number {
    const from = firstOf(this.originAt(row));
    if (from === undefined) throw new Error('A chunk is laid over a record that is not named');
    return positionOf(from);
  }
}

const NOT_YET = Symbol('not yet');

/** The rows of a table, each column decoded when it is read. */
function tableOf(heads: readonly ColumnHead[], rows: number, bytes: Bytes, first: number): Columns {
  let section = first;
  const cells = heads.map((head) => {
    const at = section;
    section += sectionsOf(head);
    return pendingColumn(() => decodeColumn(head, rows, bytes, at));
  });
  return new Columns(
    rows,
    heads.map(({ name }) => name),
    cells,
  );
}
