import {
  type Change,
  type DataRecord,
  isRecordFault,
  type NodeContext,
  reportOf,
  setOwnField,
} from '../../sdk/index.ts';
import { connectDatabase } from './connection.ts';
import { columnText } from './dialects/column-value.ts';
import { type Column, type Database, quoteTable } from './dialects/dialect.ts';
import { isoFromDatabase } from './dialects/moments.ts';
import type { Statement } from './sql-text.ts';
import { TargetTable } from './target-table.ts';
import { emptyKey } from './write-rows.ts';
import { keyOf, rowOf, settingsOf, type WriteParams } from './write-runner.ts';

/** What writing these records would do to the table, row by row. Reads the rows that are there, and writes nothing. */
export async function previewChanges(
  kind: 'insert' | 'upsert' | 'delete',
  records: readonly DataRecord[],
  params: readonly WriteParams[],
  ctx: NodeContext,
): Promise<Change[]> {
  const [first] = params;
  if (first === undefined) return [];
  const database = await connectDatabase(ctx);
  const settings = settingsOf(first);
  const key = keyOf(first);
  const target = new TargetTable(database, { kind, ...settings, key }, ctx.signal);
  const rows = records.map((record, i) => rowOf(record, params[i] ?? first));
  const exists = await target.look();
  if (!exists && settings.createTable)
    return rows.map((row, i) => ({ action: 'create', key: keyText(key, row, i), after: row }));
  await target.prepare(settings.addColumns ? rows.map((row) => known(target, row)) : kind === 'delete' ? [] : rows);
  const changes: Change[] = [];
  for (const [i, row] of rows.entries()) changes.push(await changeFor(database, target, kind, row, i, ctx.signal));
  return changes;
}

async function changeFor(
  database: Database,
  target: TargetTable,
  kind: 'insert' | 'upsert' | 'delete',
  row: DataRecord,
  index: number,
  signal: AbortSignal,
): Promise<Change> {
  const key = keyText(target.key, row, index);
  try {
    for (const name in row) {
      const column = target.find(name);
      if (column !== undefined) database.dialect.encode(row[name], column);
    }
    if (kind === 'insert') return { action: 'create', key, after: row };
    const before = await existing(database, target, row, signal);
    if (kind === 'delete')
      return before === undefined ? { action: 'unchanged', key } : { action: 'delete', key, before };
    if (before === undefined) return { action: 'create', key, after: row };
    const after = { ...before };
    for (const name in row) setOwnField(after, target.find(name)?.name ?? name, row[name]);
    const same = target.columns.every((column) => sameValue(before[column.name], after[column.name], column));
    return { action: same ? 'unchanged' : 'update', key, before, after };
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    return { action: 'reject', key, after: row, reason: reportOf(error).message };
  }
}

async function existing(
  database: Database,
  target: TargetTable,
  row: DataRecord,
  signal: AbortSignal,
): Promise<DataRecord | undefined> {
  for await (const [found] of database.read(selectByKey(database, target, row), signal)) return found;
  return undefined;
}

function selectByKey(database: Database, target: TargetTable, row: DataRecord): Statement {
  const { quote, lexis } = database.dialect;
  const values: unknown[] = [];
  const conditions = target.key.map((name) => {
    const column = target.find(name) as Column;
    const given = Object.keys(row).find((field) => target.find(field)?.name === name);
    const value = given === undefined ? null : database.dialect.encode(row[given], column);
    if (value === null) throw emptyKey(name);
    const place = lexis.placeholder(values.push(value));
    return `${quote(name)} = ${database.dialect.savepoints ? place : `CAST(${place} AS ${column.type})`}`;
  });
  const list = target.columns.map(({ name }) => quote(name)).join(', ');
  return {
    text: `SELECT ${list} FROM ${quoteTable(database.dialect, target.table)} WHERE ${conditions.join(' AND ')}`,
    values,
  };
}

/** Equal once both are in the column's own form: "1.50" and 1.5, an instant in two zones, JSON with its keys in another order. */
function sameValue(before: unknown, after: unknown, column: Column): boolean {
  return comparable(before, column) === comparable(after, column);
}

function comparable(value: unknown, column: Column): string | null {
  if (value === null || value === undefined) return null;
  if (column.kind === 'json' || column.kind === 'array') return JSON.stringify(value, sortedKeys);
  const text = columnText(value, column);
  if (text === null) return null;
  if (text instanceof Uint8Array) return Buffer.from(text).toString('base64');
  if (column.kind === 'decimal' || column.kind === 'integer')
    return String(Number(text)) === text ? text : trimmed(text);
  return column.kind === 'timestamp' || column.kind === 'timestamp-zone' ? isoFromDatabase(text) : text;
}

function trimmed(digits: string): string {
  if (/e/i.test(digits)) return String(Number(digits));
  const plain = digits.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1');
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function known(target: TargetTable, row: DataRecord): DataRecord {
  return Object.fromEntries(Object.entries(row).filter(([name]) => target.find(name) !== undefined));
}

function keyText(key: readonly string[], row: DataRecord, index: number): string {
  const parts = key.map((name) => row[name]).filter((value) => value !== undefined && value !== null);
  return parts.length === 0 ? `row ${index + 1}` : parts.map(String).join(' · ');
}
