import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { Breath, type DataRecord, type EarlierRecords, NodeError } from '../../sdk/index.ts';
import { duckdbDialect } from './dialects/duckdb-dialect.ts';

type DuckdbModule = typeof import('@duckdb/node-api');

/** Values that are handed over at once, over all columns, and characters of their texts. */
const CHUNK_VALUES = 400_000;
const CHUNK_ROWS = 2_048;
const CHUNK_TEXT = 8 * 1024 * 1024;

const TYPES = { integer: 'BIGINT', number: 'DOUBLE', truth: 'BOOLEAN', text: 'VARCHAR', json: 'JSON' } as const;
type Kind = keyof typeof TYPES;

interface Column {
  /** Name of the field. */
  readonly field: string;
  /** The same, or another where names are told apart only by capitals. */
  readonly name: string;
  /** Undefined while there was no value. */
  kind: Kind | undefined;
}

/**
 * The records of a step as a table. Each field is a column of the type that holds all its values exactly: whole numbers, numbers, true and
 * false, text, and JSON for lists, objects and for fields whose values are of several types. What a record does not have is null.
 */
export async function loadTable(
  duckdb: DuckdbModule,
  connection: DuckDBConnection,
  view: string,
  records: EarlierRecords,
): Promise<void> {
  const columns = await columnsOf(records);
  const filled = columns.filter((column) => column.kind !== undefined);
  const store = quote(`records of ${view}`);
  const list = filled.map(({ name, kind }) => `${quote(name)} ${TYPES[kind as Kind]}`);
  // A table must have a column, also if all that a step gave are empty records.
  await connection.run(`CREATE TABLE ${store} (${[...list, `${quote(NO_COLUMN)} BOOLEAN`].join(', ')})`);
  await append(duckdb, connection, `records of ${view}`, filled, records);
  // The null of a view takes any type, which that of a table does not: so a field that is null throughout can be used as anything.
  const shown = columns.map(({ name, kind }) => (kind === undefined ? `NULL AS ${quote(name)}` : quote(name)));
  const select = shown.length === 0 ? [`NULL AS ${quote(NO_COLUMN)}`] : shown;
  const show = async (name: string, list: readonly string[]) => {
    await connection.run(`CREATE VIEW ${quote(name)} AS SELECT ${list.join(', ')} FROM ${store}`);
  };
  await show(view, select);
  if (records.from === undefined) return;
  // A DOUBLE holds all origins, and is read as a mere number.
  const origin = `(rowid + ${records.from})::DOUBLE AS ${quote(originColumn(0))}`;
  await show(tracedView(view), [...select, origin]);
}

/** A view over nothing with these columns, each null and of any type. */
export async function widenEmpty(connection: DuckDBConnection, view: string, columns: Iterable<string>): Promise<void> {
  const list = [...columns, NO_COLUMN].map((name) => `NULL AS ${quote(name)}`);
  await connection.run(`CREATE OR REPLACE VIEW ${quote(view)} AS SELECT ${list.join(', ')} WHERE false`);
}

/** What columns begin with that are never shown. */
export const HIDDEN = 'sluice: ';
/** Stands where a table would have no column. */
export const NO_COLUMN = `${HIDDEN}no column`;
/** A column that says what a row comes from. */
export const originColumn = (i: number) => `${HIDDEN}from ${i}`;
/** What a step's table is called that has the origins of its rows as its last column. */
export const tracedView = (table: string) => `${HIDDEN}${table}`;

const quote = duckdbDialect.quote;

async function columnsOf(records: EarlierRecords): Promise<Column[]> {
  const columns = new Map<string, Column>();
  const names = new Set<string>();
  const breath = new Breath();
  for await (const batch of records.batches()) {
    for (const record of batch.records) {
      for (const field in record) {
        let column = columns.get(field);
        if (column === undefined) {
          column = { field, name: freeName(field, names), kind: undefined };
          columns.set(field, column);
        }
        column.kind = widened(column.kind, record[field], field);
      }
      if (breath.due()) await breath.pause();
    }
  }
  return [...columns.values()];
}

/** SQL does not tell capitals from small letters. */
function freeName(field: string, taken: Set<string>): string {
  let name = field === '' ? '_' : field;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${field}_${n}`;
  taken.add(name.toLowerCase());
  return name;
}

function widened(known: Kind | undefined, value: unknown, field: string): Kind | undefined {
  if (value === null || value === undefined || known === 'json') return known;
  const kind = kindOf(value, field);
  if (known === undefined || known === kind) return kind;
  const isNumeric = (known === 'integer' || known === 'number') && (kind === 'integer' || kind === 'number');
  return isNumeric ? 'number' : 'json';
}

function kindOf(value: unknown, field: string): Kind {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'number';
    case 'boolean':
      return 'truth';
    case 'string':
      if (!value.isWellFormed()) throw halfCharacter(field);
      return 'text';
    default:
      return 'json';
  }
}

async function append(
  duckdb: DuckdbModule,
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  records: EarlierRecords,
): Promise<void> {
  const { BIGINT, BOOLEAN, DOUBLE, VARCHAR, DuckDBDataChunk } = duckdb;
  const types: Readonly<Record<Kind, DuckDBType>> = {
    integer: BIGINT,
    number: DOUBLE,
    truth: BOOLEAN,
    text: VARCHAR,
    json: VARCHAR,
  };
  const chunkTypes = [...columns.map(({ kind }) => types[kind as Kind]), BOOLEAN];
  const most = Math.max(1, Math.min(CHUNK_ROWS, Math.floor(CHUNK_VALUES / chunkTypes.length)));
  const appender = await connection.createAppender(table);
  const breath = new Breath();
  let values: DuckDBValue[][] = chunkTypes.map(() => []);
  let rows = 0;
  let text = 0;
  const handOver = () => {
    const chunk = DuckDBDataChunk.create(chunkTypes, rows);
    chunk.setColumns(values);
    appender.appendDataChunk(chunk);
    // It would hold two hundred thousand rows, however large they are.
    if (text > CHUNK_TEXT) appender.flushSync();
    values = chunkTypes.map(() => []);
    rows = 0;
    text = 0;
  };
  try {
    for await (const batch of records.batches()) {
      for (const record of batch.records) {
        for (let c = 0; c < columns.length; c++) {
          const value = valueFor(columns[c] as Column, record);
          values[c]?.push(value);
          if (typeof value === 'string') text += value.length;
        }
        values[columns.length]?.push(null);
        rows++;
        if (rows === most || text > CHUNK_TEXT) handOver();
        if (breath.due()) await breath.pause();
      }
    }
    if (rows > 0) handOver();
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

function valueFor({ field, kind }: Column, record: DataRecord): DuckDBValue {
  const value = Object.hasOwn(record, field) ? record[field] : null;
  if (value === null || value === undefined) return null;
  if (kind === 'integer') return BigInt(value as number);
  return kind === 'json' ? JSON.stringify(value) : (value as DuckDBValue);
}

function halfCharacter(field: string): NodeError {
  return new NodeError({
    class: 'bad-data',
    code: 'text-not-unicode',
    message: `A text in ${field} holds half a character, which no database can keep.`,
    remedy: 'Correct the text in a step before, such as with a formula that replaces the character.',
    field,
  });
}
