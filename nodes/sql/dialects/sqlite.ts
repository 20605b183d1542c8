import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises';
import { type DataRecord, exactInteger, type NodeError, parseExactJson, setOwnField } from '../../../sdk/index.ts';
import type { Statement } from '../sql-text.ts';
import type { Column, Database, Row, Session, TableName, Write } from './dialect.ts';
import { sqliteDialect, sqliteKind, sqliteWrite } from './sqlite-dialect.ts';
import { sqliteFault } from './sqlite-fault.ts';
import { asOnlyWriter } from './writer-lock.ts';

const READ_BATCH = 1_000;
/** Rows between two pauses for everything else that the process does. */
const STRETCH = 200;
/** How long another process may hold the file. */
const PATIENCE = 10_000;

/** @param file absolute path; made when it is missing. */
export async function openSqlite(file: string): Promise<Database> {
  const sqlite = await import('node:sqlite');
  await mkdir(dirname(file), { recursive: true });
  const open = (): DatabaseSync => {
    const database = new sqlite.DatabaseSync(file, { timeout: 0, allowExtension: false, readBigInts: true });
    const { SQLITE_ATTACH, SQLITE_DENY, SQLITE_OK } = sqlite.constants;
    database.setAuthorizer((action) => (action === SQLITE_ATTACH ? SQLITE_DENY : SQLITE_OK));
    return database;
  };
  try {
    const first = open();
    first.exec('PRAGMA journal_mode = WAL');
    first.close();
  } catch (error) {
    throw sqliteFault(error);
  }
  return new Sqlite(file, open);
}

class Sqlite implements Database {
  readonly dialect = sqliteDialect;
  readonly #file: string;
  readonly #open: () => DatabaseSync;

  constructor(file: string, open: () => DatabaseSync) {
    this.#file = file;
    this.#open = open;
  }

  async *read({ text, values }: Statement, signal: AbortSignal): AsyncIterable<DataRecord[]> {
    signal.throwIfAborted();
    const database = this.#open();
    try {
      database.exec('PRAGMA query_only = 1');
      const statement = database.prepare(text);
      const toRecord = recordReader(statement);
      let batch: DataRecord[] = [];
      for (const row of statement.iterate(...values.map(driverValue))) {
        batch.push(toRecord(row));
        if (batch.length % STRETCH !== 0) continue;
        await breathe();
        signal.throwIfAborted();
        if (batch.length < READ_BATCH) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    } catch (error) {
      throw failed(error, signal);
    } finally {
      database.close();
    }
  }

  session<T>(
    { transaction, signal }: { transaction: boolean; signal: AbortSignal },
    act: (session: Session) => Promise<T>,
  ): Promise<T> {
    return asOnlyWriter(this.#file, signal, async () => {
      const database = this.#open();
      try {
        const session = new SqliteSession(database, signal, transaction);
        if (transaction) await session.begin();
        const result = await act(session);
        if (transaction) database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw failed(error, signal);
      } finally {
        database.close();
      }
    });
  }

  async tables(signal: AbortSignal) {
    const rows = await this.#rows(
      `SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      [],
      signal,
    );
    return rows.map((row) => ({ table: String(row.name), isView: row.type === 'view' }));
  }

  async columns({ schema, table }: TableName, signal: AbortSignal): Promise<Column[]> {
    const rows = await this.#rows(
      `SELECT name, type, "notnull" AS required, dflt_value AS filled, pk FROM pragma_table_xinfo(?1, ?2) WHERE hidden <> 1`,
      [table, schema ?? 'main'],
      signal,
    );
    const keys = rows.filter((row) => row.pk !== 0).length;
    return rows.map((row) => {
      const type = String(row.type);
      const isRowId = row.pk !== 0 && keys === 1 && type.toUpperCase() === 'INTEGER';
      return {
        name: String(row.name),
        type: type.toLowerCase(),
        kind: sqliteKind(type),
        nullable: row.required === 0,
        hasDefault: row.filled !== null || isRowId,
        primary: row.pk !== 0,
      };
    });
  }

  async uniqueKeys(table: TableName, signal: AbortSignal): Promise<string[][]> {
    const rows = await this.#rows(
      `SELECT l.name AS name, i.name AS part FROM pragma_index_list(?1, ?2) l, pragma_index_info(l.name, ?2) i
       WHERE l."unique" = 1 AND l.partial = 0 AND i.name IS NOT NULL ORDER BY l.seq, i.seqno`,
      [table.table, table.schema ?? 'main'],
      signal,
    );
    const keys = new Map<string, string[]>();
    for (const row of rows) keys.set(String(row.name), [...(keys.get(String(row.name)) ?? []), String(row.part)]);
    const primary = (await this.columns(table, signal)).filter((column) => column.primary).map(({ name }) => name);
    return [...(primary.length > 0 ? [primary] : []), ...keys.values()];
  }

  async describe(signal: AbortSignal): Promise<string> {
    const [row] = await this.#rows('SELECT sqlite_version() AS version', [], signal);
    return `SQLite ${String(row?.version)}, file ${basename(this.#file)}`;
  }

  async close(): Promise<void> {}

  async #rows(text: string, values: readonly unknown[], signal: AbortSignal): Promise<DataRecord[]> {
    const rows: DataRecord[] = [];
    for await (const batch of this.read({ text, values }, signal)) rows.push(...batch);
    return rows;
  }
}

class SqliteSession implements Session {
  readonly #database: DatabaseSync;
  readonly #signal: AbortSignal;
  readonly #transaction: boolean;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, signal: AbortSignal, transaction: boolean) {
    this.#database = database;
    this.#signal = signal;
    this.#transaction = transaction;
  }

  /** Takes the write lock at once; waits for another process that holds it without holding up this one. */
  async begin(): Promise<void> {
    for (let waited = 0, pause = 5; ; waited += pause, pause = Math.min(pause * 2, 250)) {
      try {
        this.#database.exec('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        const fault = sqliteFault(error);
        if (fault.code !== 'sql-busy' || waited >= PATIENCE) throw fault;
        await wait(pause, undefined, { signal: this.#signal });
      }
    }
  }

  async run({ text, values }: Statement): Promise<number> {
    try {
      const statement = this.#prepare(text);
      if (statement.columns().length === 0) return Number(statement.run(...values.map(driverValue)).changes);
      return statement.all(...values.map(driverValue)).length;
    } catch (error) {
      throw sqliteFault(error);
    }
  }

  async rows({ text, values }: Statement): Promise<DataRecord[]> {
    try {
      const statement = this.#prepare(text);
      return statement.all(...values.map(driverValue)).map(recordReader(statement));
    } catch (error) {
      throw sqliteFault(error);
    }
  }

  async write(write: Write, rows: readonly Row[]): Promise<void> {
    const statement = this.#prepare(sqliteWrite(write));
    for (const [i, row] of rows.entries()) {
      if (i % STRETCH === STRETCH - 1) await breathe();
      this.#signal.throwIfAborted();
      try {
        statement.run(...row);
      } catch (error) {
        throw sqliteFault(error);
      }
    }
  }

  async attempt<T>(act: () => Promise<T>): Promise<T> {
    if (this.#transaction) this.#database.exec('SAVEPOINT attempt');
    else await this.begin();
    try {
      const result = await act();
      this.#database.exec(this.#transaction ? 'RELEASE attempt' : 'COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) {
        this.#database.exec(this.#transaction ? 'ROLLBACK TO attempt; RELEASE attempt' : 'ROLLBACK');
      }
      throw error;
    }
  }

  #prepare(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      try {
        statement = this.#database.prepare(text);
      } catch (error) {
        throw sqliteFault(error);
      }
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

function failed(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : (sqliteFault(error) satisfies NodeError);
}

function driverValue(value: unknown): SQLInputValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  return JSON.stringify(value);
}

function recordReader(statement: StatementSync): (row: Record<string, unknown>) => DataRecord {
  const kinds = new Map(statement.columns().map(({ name, type }) => [name, sqliteKind(type ?? '')]));
  return (row) => {
    const record: DataRecord = {};
    for (const name in row) setOwnField(record, name, recordValue(row[name], kinds.get(name)));
    return record;
  };
}

function recordValue(value: unknown, kind: string | undefined): unknown {
  if (typeof value === 'bigint')
    return kind === 'boolean' && (value === 0n || value === 1n) ? value === 1n : exactInteger(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (kind === 'json' && typeof value === 'string') {
    try {
      return parseExactJson(value);
    } catch {
      return value;
    }
  }
  return value;
}
