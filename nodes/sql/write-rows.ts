import { type DataRecord, isRecordFault, NodeError } from '../../sdk/index.ts';
import type { Column, Database, Row, Session, Write } from './dialects/dialect.ts';
import type { TargetTable } from './target-table.ts';

/** The fate of one row: nothing when it was written. */
export type Fate = NodeError | undefined;

interface Encoded {
  /** Place among the rows given. */
  readonly index: number;
  readonly row: Row;
}

/**
 * Writes rows, in one transaction where the database can undo a part of it. Of rows with the same key the last one wins. When the
 * database refuses some, these are found by halving, and all others are written.
 */
export async function writeRows(
  database: Database,
  target: TargetTable,
  rows: readonly DataRecord[],
  signal: AbortSignal,
): Promise<Fate[]> {
  const fates = new Array<Fate>(rows.length).fill(undefined);
  const merged = lastOfEachKey(target, rows, fates);
  const groups = groupRows(database, target, merged, fates);
  try {
    await database.session({ transaction: true, signal }, async (session) => {
      for (const { write, rows: some } of groups)
        if (some.length > 0)
          await session.write(
            write,
            some.map(({ row }) => row),
          );
    });
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    await database.session({ transaction: database.dialect.savepoints, signal }, async (session) => {
      for (const { write, rows: some } of groups) await writeGood(session, write, some, fates, signal);
    });
  }
  await writeEarlier(database, target, rows, merged, fates, signal);
  return fates;
}

/** Where the last row of a key was refused, the one before it counts. */
async function writeEarlier(
  database: Database,
  target: TargetTable,
  rows: readonly DataRecord[],
  merged: readonly Merged[],
  fates: Fate[],
  signal: AbortSignal,
): Promise<void> {
  const again = merged.filter(({ index }) => fates[index] !== undefined).flatMap(({ earlier }) => earlier);
  if (again.length === 0) return;
  const found = await writeRows(
    database,
    target,
    again.map((index) => rows[index] ?? {}),
    signal,
  );
  again.forEach((index, i) => {
    fates[index] = found[i];
  });
}

interface Group {
  readonly write: Write;
  readonly rows: Encoded[];
}

/** Rows with the same columns are one statement. */
function groupRows(database: Database, target: TargetTable, merged: readonly Merged[], fates: Fate[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { index, values } of merged) {
    const columns = target.columns.filter(({ name }) => name in values);
    const signature = columns.map(({ name }) => name).join('\n');
    try {
      if (columns.length === 0) throw nothingToWrite();
      const row = columns.map((column) => database.dialect.encode(values[column.name], column));
      const group = groups.get(signature) ?? { write: target.write(columns), rows: [] };
      groups.set(signature, group);
      group.rows.push({ index, row });
    } catch (error) {
      if (!(error instanceof NodeError) || !isRecordFault(error)) throw error;
      fates[index] = error;
    }
  }
  return [...groups.values()];
}

/** One row of a key, with what all rows of the key say, the later over the earlier. */
interface Merged {
  readonly index: number;
  readonly values: DataRecord;
  readonly earlier: readonly number[];
}

function lastOfEachKey(target: TargetTable, rows: readonly DataRecord[], fates: Fate[]): Merged[] {
  const { key } = target;
  const result = new Map<string, Merged>();
  rows.forEach((row, index) => {
    const values: DataRecord = {};
    for (const name in row) {
      const column: Column | undefined = target.find(name);
      if (column !== undefined) values[column.name] = row[name];
    }
    const empty = key.find((name) => values[name] === null || values[name] === undefined);
    if (empty !== undefined) {
      fates[index] = emptyKey(empty);
      return;
    }
    const id = key.length === 0 ? String(index) : JSON.stringify(key.map((name) => String(values[name])));
    const before = result.get(id);
    result.delete(id);
    if (before === undefined) result.set(id, { index, values, earlier: [] });
    else result.set(id, { index, values: { ...before.values, ...values }, earlier: [...before.earlier, before.index] });
  });
  return [...result.values()];
}

async function writeGood(
  session: Session,
  write: Write,
  rows: readonly Encoded[],
  fates: Fate[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (rows.length === 0) return;
  try {
    await session.attempt(() =>
      session.write(
        write,
        rows.map(({ row }) => row),
      ),
    );
  } catch (error) {
    if (!(error instanceof NodeError) || !isRecordFault(error)) throw error;
    const [only] = rows;
    if (rows.length === 1 && only !== undefined) {
      fates[only.index] = error;
      return;
    }
    const half = Math.ceil(rows.length / 2);
    await writeGood(session, write, rows.slice(0, half), fates, signal);
    await writeGood(session, write, rows.slice(half), fates, signal);
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
