import {
  Breath,
  type DataRecord,
  type ErrorReport,
  errorFrom,
  isRecordFault,
  NodeError,
  reportOf,
} from '../../sdk/index.ts';
import type { Database, Dialect, Row, Session, Write } from './dialects/dialect.ts';
import type { RowShape, RowShapes } from './row-shape.ts';
import type { TargetTable } from './target-table.ts';

/** The fate of one row: nothing when it was written. */
export type Fate = NodeError | undefined;

/** A refused row as JSON: its place among the rows given, and why. */
export type Refusal = readonly [index: number, why: ErrorReport];

/** A row as the driver takes it. */
interface Encoded {
  /** Place among the rows given. */
  readonly index: number;
  readonly shape: RowShape;
  readonly row: Row;
  /** Places of rows with the same key that came before; what they say and this one does not is in it. */
  readonly earlier: readonly number[];
}

/** Rows ready to be written. */
export interface EncodedRows {
  readonly rows: readonly DataRecord[];
  readonly encoded: readonly Encoded[];
  /** Of the rows given; so far only refusals of values that no column could hold. */
  readonly fates: Fate[];
}

/** Turns rows into what the driver takes. Of rows with the same key the last one wins, with what only earlier ones say. */
export async function encodeRows(
  dialect: Dialect,
  target: TargetTable,
  rows: readonly DataRecord[],
  signal: AbortSignal,
): Promise<EncodedRows> {
  const { shapes, key } = target;
  const fates = new Array<Fate>(rows.length).fill(undefined);
  const byKey = new Map<string | number, Encoded>();
  const breath = new Breath();
  for (let index = 0; index < rows.length; index++) {
    if (breath.due()) {
      await breath.pause();
      signal.throwIfAborted();
    }
    try {
      const one = encodeRow(dialect, shapes, key, rows[index] as DataRecord, index);
      const id = key.length === 0 ? index : idOf(one);
      const before = byKey.get(id);
      if (before !== undefined) byKey.delete(id);
      byKey.set(id, before === undefined ? one : over(shapes, before, one));
    } catch (error) {
      if (!(error instanceof NodeError) || !isRecordFault(error)) throw error;
      fates[index] = error;
    }
  }
  return { rows, encoded: [...byKey.values()], fates };
}

function encodeRow(
  dialect: Dialect,
  shapes: RowShapes,
  key: readonly string[],
  record: DataRecord,
  index: number,
): Encoded {
  const shape = shapes.of(record);
  const { columns, fields } = shape;
  for (let i = 0; i < key.length; i++) {
    const place = shape.key[i] as number;
    if (place < 0 || (record[fields[place] as string] ?? null) === null) throw emptyKey(key[i] as string);
  }
  if (columns.length === 0) throw nothingToWrite();
  const row = new Array<Row[number]>(columns.length);
  for (let i = 0; i < columns.length; i++) {
    row[i] = dialect.encode(record[fields[i] as string], columns[i] as (typeof columns)[number]);
  }
  return { index, shape, row, earlier: NONE };
}

const NONE: readonly number[] = [];

function idOf({ shape, row }: Encoded): string {
  if (shape.key.length === 1) return String(row[shape.key[0] as number]);
  return JSON.stringify(shape.key.map((place) => String(row[place])));
}

/** A row with the same key as one before it. */
function over(shapes: RowShapes, before: Encoded, after: Encoded): Encoded {
  const earlier = [...before.earlier, before.index];
  if (before.shape === after.shape) return { ...after, earlier };
  const shape = shapes.union(before.shape, after.shape);
  const row = shape.columns.map((column) => {
    const own = after.shape.columns.indexOf(column);
    return (own >= 0 ? after.row[own] : before.row[before.shape.columns.indexOf(column)]) ?? null;
  });
  return { index: after.index, shape, row, earlier };
}

/**
 * Writes rows, in one transaction where the database can undo a part of it. When the database refuses some, these are found by
 * halving, and all others are written.
 */
export async function writeRows(
  database: Pick<Database, 'session' | 'dialect'>,
  target: TargetTable,
  { rows, encoded, fates }: EncodedRows,
  signal: AbortSignal,
): Promise<Fate[]> {
  const groups = groupsOf(target, encoded);
  if (groups.length === 0) return fates;
  let refused: Refusal[];
  try {
    refused = await database.session({ transaction: true, signal }, async (session) => {
      for (const { write, rows: some } of groups) await session.write(write, rowsOf(some));
      return [];
    });
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    refused = await database.session({ transaction: database.dialect.savepoints, signal }, async (session) => {
      const found: Refusal[] = [];
      for (const { write, rows: some } of groups) await writeGood(session, write, some, found, signal);
      return found;
    });
  }
  for (const [index, why] of refused) fates[index] = errorFrom(why);
  if (refused.length > 0) await writeEarlier(database, target, rows, encoded, fates, signal);
  return fates;
}

/** Where the last row of a key was refused, the one before it counts. */
async function writeEarlier(
  database: Pick<Database, 'session' | 'dialect'>,
  target: TargetTable,
  rows: readonly DataRecord[],
  encoded: readonly Encoded[],
  fates: Fate[],
  signal: AbortSignal,
): Promise<void> {
  const again = encoded.filter(({ index }) => fates[index] !== undefined).flatMap(({ earlier }) => earlier);
  if (again.length === 0) return;
  const ready = await encodeRows(
    database.dialect,
    target,
    again.map((index) => rows[index] ?? {}),
    signal,
  );
  const found = await writeRows(database, target, ready, signal);
  again.forEach((index, i) => {
    fates[index] = found[i];
  });
}

interface Group {
  readonly write: Write;
  readonly rows: Encoded[];
}

/** Rows with the same columns are one statement. */
function groupsOf(target: TargetTable, encoded: readonly Encoded[]): Group[] {
  const groups = new Map<string, Group>();
  let last: { shape: RowShape; group: Group } | undefined;
  for (const one of encoded) {
    if (last?.shape !== one.shape) {
      const signature = one.shape.columns.map(({ name }) => name).join('\n');
      const group = groups.get(signature) ?? { write: target.write(one.shape.columns), rows: [] };
      groups.set(signature, group);
      last = { shape: one.shape, group };
    }
    last.group.rows.push(one);
  }
  return [...groups.values()];
}

function rowsOf(encoded: readonly Encoded[]): Row[] {
  return encoded.map(({ row }) => row);
}

async function writeGood(
  session: Session,
  write: Write,
  rows: readonly Encoded[],
  refused: Refusal[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (rows.length === 0) return;
  try {
    await session.attempt(() => session.write(write, rowsOf(rows)));
  } catch (error) {
    if (!(error instanceof NodeError) || !isRecordFault(error)) throw error;
    const [only] = rows;
    if (rows.length === 1 && only !== undefined) {
      refused.push([only.index, reportOf(error)]);
      return;
    }
    const half = Math.ceil(rows.length / 2);
    await writeGood(session, write, rows.slice(0, half), refused, signal);
    await writeGood(session, write, rows.slice(half), refused, signal);
  }
}

export function emptyKey(name: string): NodeError {
  return new NodeError({
    class: 'bad-data',
    code: 'sql-key-empty',
    message: `"${name}" is empty in this record, so it cannot be told which row it is.`,
    remedy: `Fill in "${name}", or leave such records out before this step.`,
    field: name,
  });
}

function nothingToWrite(): NodeError {
  return new NodeError({
    class: 'bad-data',
    code: 'sql-row-empty',
    message: 'This record has no field to write.',
    remedy: 'Leave empty records out before this step, or map at least one column.',
  });
}
