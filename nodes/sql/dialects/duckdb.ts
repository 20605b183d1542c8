import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { type DataRecord, setOwnField } from '../../../sdk/index.ts';
import type { Statement } from '../sql-text.ts';
import type { Column, Database, Row, Session, TableName, Write } from './dialect.ts';
import { duckdbDialect, duckdbKind, duckdbStage, duckdbWrite, STAGE } from './duckdb-dialect.ts';
import { duckdbFault } from './duckdb-fault.ts';
import { duckdbConverter } from './duckdb-values.ts';
import { asOnlyWriter } from './writer-lock.ts';

type DuckdbModule = typeof import('@duckdb/node-api');

/** The database reaches nothing outside its own file: no other files, no downloads. */
const SAFE = {
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};
/** Of a step's own database. Ten thousand columns need as much. */
const SCRATCH_MEMORY = '512MB';
/** Rows that one chunk of the appender holds. */
const CHUNK = 2_048;

/**
 * One instance a file, shared by all runs and open for as long as the process lives: a streamed result keeps its database alive until it
 * is collected as garbage, and to open the file a second time before that would wait without end.
 */
const instances = new Map<string, Promise<DuckDBInstance>>();

/** @param file absolute path; made when it is missing. */
export async function openDuckdb(file: string): Promise<Database> {
  const duckdb = await import('@duckdb/node-api');
  await mkdir(dirname(file), { recursive: true });
  let instance = instances.get(file);
  if (instance === undefined) {
    instance = duckdb.DuckDBInstance.create(file, SAFE);
    instances.set(file, instance);
  }
  try {
    return new Duckdb(duckdb, file, await instance);
  } catch (error) {
    instances.delete(file);
    throw duckdbFault(error);
  }
}

/**
 * A database of one step's own, in an empty folder, to which it also moves what is too much for memory. Nobody can change its settings,
 * and `read` changes nothing else.
 */
export async function withScratchDuckdb<T>(
  folder: string,
  act: (duckdb: DuckdbModule, instance: DuckDBInstance, database: Pick<Database, 'read'>) => Promise<T>,
): Promise<T> {
  const duckdb = await import('@duckdb/node-api');
  const file = join(folder, 'steps.duckdb');
  const instance = await duckdb.DuckDBInstance.create(file, {
    memory_limit: SCRATCH_MEMORY,
    threads: '2',
    checkpoint_threshold: '1TB',
    // Before `SAFE`, which takes paths for granted from then on.
    temp_directory: join(folder, 'spilled'),
    ...SAFE,
    lock_configuration: 'true',
  });
  try {
    await dropAtEnd(instance);
    return await act(duckdb, instance, new Duckdb(duckdb, file, instance));
  } finally {
    instance.closeSync();
  }
}

/** What the file holds is wanted no more once it is closed, so it is not brought in order then: with many columns that takes seconds. */
async function dropAtEnd(instance: DuckDBInstance): Promise<void> {
  const connection = await instance.connect();
  try {
    await connection.run('PRAGMA disable_checkpoint_on_shutdown');
  } finally {
    connection.closeSync();
  }
}

class Duckdb implements Database {
  readonly dialect = duckdbDialect;
  readonly #duckdb: DuckdbModule;
  readonly #file: string;
  readonly #instance: DuckDBInstance;

  constructor(duckdb: DuckdbModule, file: string, instance: DuckDBInstance) {
    this.#duckdb = duckdb;
    this.#file = file;
    this.#instance = instance;
  }

  async *read({ text, values }: Statement, signal: AbortSignal): AsyncIterable<DataRecord[]> {
    const link = await this.#link(signal);
    try {
      await link.connection.run('BEGIN TRANSACTION READ ONLY');
      const result = await link.connection.stream(
        text,
        values.map((value) => this.#value(value)),
      );
      const names = result.deduplicatedColumnNames();
      const types = result.columnTypes();
      const convert = duckdbConverter(this.#duckdb);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        const columns = types.map((type, i) => chunk.getColumnValues(i).map((value) => convert(value, type)));
        yield Array.from({ length: chunk.rowCount }, (_, r) => toRecord(names, columns, r));
        signal.throwIfAborted();
      }
      await link.connection.run('COMMIT');
    } catch (error) {
      throw link.failed(error);
    } finally {
      link.close();
    }
  }

  session<T>(
    { transaction, signal }: { transaction: boolean; signal: AbortSignal },
    act: (session: Session) => Promise<T>,
  ): Promise<T> {
    return asOnlyWriter(this.#file, signal, async () => {
      const link = await this.#link(signal);
      try {
        const session = new DuckdbSession(this.#duckdb, link, transaction);
        if (transaction) await link.connection.run('BEGIN');
        const result = await act(session);
        if (transaction) await link.connection.run('COMMIT');
        return result;
      } catch (error) {
        throw link.failed(error);
      } finally {
        link.close();
      }
    });
  }

  async tables(signal: AbortSignal) {
    const rows = await this.#rows(
      `SELECT table_schema AS schema, table_name AS name, table_type AS type, table_schema = current_schema() AS here
       FROM information_schema.tables WHERE table_catalog = current_database() ORDER BY here DESC, 1, 2`,
      [],
      signal,
    );
    return rows.map((row) => ({
      table: String(row.name),
      ...(row.here === true ? {} : { schema: String(row.schema) }),
      isView: row.type === 'VIEW',
    }));
  }

  async columns({ schema, table }: TableName, signal: AbortSignal): Promise<Column[]> {
    const keys = (await this.#constraints({ table, ...(schema === undefined ? {} : { schema }) }, signal)).filter(
      ({ kind }) => kind === 'PRIMARY KEY',
    );
    const primary = new Set(keys.flatMap(({ columns }) => columns));
    const rows = await this.#rows(
      `SELECT column_name AS name, data_type AS type, is_nullable AS nullable, column_default AS filled FROM duckdb_columns()
       WHERE database_name = current_database() AND schema_name = coalesce($1, current_schema()) AND table_name = $2 ORDER BY column_index`,
      [schema ?? null, table],
      signal,
    );
    return rows.map((row) => ({
      name: String(row.name),
      type: String(row.type),
      kind: duckdbKind(String(row.type)),
      nullable: row.nullable === true,
      hasDefault: row.filled !== null,
      primary: primary.has(String(row.name)),
    }));
  }

  async uniqueKeys(table: TableName, signal: AbortSignal): Promise<string[][]> {
    const constraints = await this.#constraints(table, signal);
    const indexes = await this.#rows(
      `SELECT sql FROM duckdb_indexes()
       WHERE database_name = current_database() AND schema_name = coalesce($1, current_schema()) AND table_name = $2 AND is_unique`,
      [table.schema ?? null, table.table],
      signal,
    );
    const indexed = indexes.map((row) => /\(([^()]*)\)\s*;?\s*$/.exec(String(row.sql))?.[1] ?? '');
    return [
      ...constraints.map(({ columns }) => columns),
      ...indexed.map((list) => list.split(',').map((name) => name.trim().replace(/^"|"$/g, '').replaceAll('""', '"'))),
    ];
  }

  async describe(signal: AbortSignal): Promise<string> {
    const [row] = await this.#rows('SELECT version() AS version', [], signal);
    return `DuckDB ${String(row?.version).replace(/^v/, '')}, file ${basename(this.#file)}`;
  }

  /** Brings the file up to date; the instance stays. */
  async close(): Promise<void> {
    const connection = await this.#instance.connect();
    try {
      await connection.run('CHECKPOINT');
    } catch {
      // Someone is writing, and the next checkpoint takes this one's work along.
    } finally {
      connection.closeSync();
    }
  }

  async #constraints({ schema, table }: TableName, signal: AbortSignal) {
    const rows = await this.#rows(
      `SELECT constraint_type AS kind, constraint_column_names AS columns FROM duckdb_constraints()
       WHERE database_name = current_database() AND schema_name = coalesce($1, current_schema()) AND table_name = $2
         AND constraint_type IN ('PRIMARY KEY', 'UNIQUE') ORDER BY constraint_index`,
      [schema ?? null, table],
      signal,
    );
    return rows.map((row) => ({ kind: String(row.kind), columns: row.columns as string[] }));
  }

  async #rows(text: string, values: readonly unknown[], signal: AbortSignal): Promise<DataRecord[]> {
    const rows: DataRecord[] = [];
    for await (const batch of this.read({ text, values }, signal)) rows.push(...batch);
    return rows;
  }

  async #link(signal: AbortSignal): Promise<Link> {
    signal.throwIfAborted();
    try {
      return new Link(await this.#instance.connect(), signal);
    } catch (error) {
      throw duckdbFault(error);
    }
  }

  #value(value: unknown): DuckDBValue {
    return driverValue(this.#duckdb, value);
  }
}

/** A connection in use; the signal interrupts what it is doing. */
class Link {
  readonly connection: DuckDBConnection;
  readonly #signal: AbortSignal;
  readonly #stop: () => void;

  constructor(connection: DuckDBConnection, signal: AbortSignal) {
    this.connection = connection;
    this.#signal = signal;
    this.#stop = () => connection.interrupt();
    signal.addEventListener('abort', this.#stop, { once: true });
  }

  failed(error: unknown): unknown {
    return this.#signal.aborted ? this.#signal.reason : duckdbFault(error);
  }

  /** What is not committed is undone. */
  close(): void {
    this.#signal.removeEventListener('abort', this.#stop);
    this.connection.closeSync();
  }
}

class DuckdbSession implements Session {
  readonly #duckdb: DuckdbModule;
  readonly #link: Link;
  readonly #transaction: boolean;
  #stage = 0;

  constructor(duckdb: DuckdbModule, link: Link, transaction: boolean) {
    this.#duckdb = duckdb;
    this.#link = link;
    this.#transaction = transaction;
  }

  async run({ text, values }: Statement): Promise<number> {
    return this.#guard(async () => {
      const result = await this.#link.connection.run(
        text,
        values.map((value) => driverValue(this.#duckdb, value)),
      );
      return result.rowsChanged;
    });
  }

  async rows({ text, values }: Statement): Promise<DataRecord[]> {
    return this.#guard(async () => {
      const result = await this.#link.connection.run(
        text,
        values.map((value) => driverValue(this.#duckdb, value)),
      );
      const types = result.columnTypes();
      const names = result.deduplicatedColumnNames();
      const convert = duckdbConverter(this.#duckdb);
      const columns = (await result.getColumns()).map((values, i) => values.map((value) => convert(value, types[i])));
      return Array.from({ length: columns[0]?.length ?? 0 }, (_, r) => toRecord(names, columns, r));
    });
  }

  async write(write: Write, rows: readonly Row[]): Promise<void> {
    await this.#guard(async () => {
      await this.#fill(write.columns.length, rows);
      await this.#link.connection.run(duckdbWrite(write));
    });
  }

  /** Without savepoints, an attempt inside a transaction cannot be undone alone: its failure fails the transaction. */
  async attempt<T>(act: () => Promise<T>): Promise<T> {
    if (this.#transaction) return act();
    await this.#guard(() => this.#link.connection.run('BEGIN'));
    try {
      const result = await act();
      await this.#guard(() => this.#link.connection.run('COMMIT'));
      return result;
    } catch (error) {
      this.#stage = 0;
      await this.#link.connection.run('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  async #fill(width: number, rows: readonly Row[]): Promise<void> {
    const { DuckDBDataChunk, VARCHAR } = this.#duckdb;
    if (this.#stage === width) await this.#link.connection.run(`DELETE FROM temp.main.${STAGE}`);
    else await this.#link.connection.run(duckdbStage(width));
    this.#stage = width;
    const appender = await this.#link.connection.createAppender(STAGE, 'main', 'temp');
    try {
      for (let from = 0; from < rows.length; from += CHUNK) {
        const some = rows.slice(from, from + CHUNK);
        const chunk = DuckDBDataChunk.create(new Array(width).fill(VARCHAR), some.length);
        chunk.setColumns(Array.from({ length: width }, (_, i) => some.map((row) => textOf(row[i]))));
        appender.appendDataChunk(chunk);
        await breathe();
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }

  async #guard<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw this.#link.failed(error);
    }
  }
}

function toRecord(names: readonly string[], columns: readonly (readonly unknown[])[], row: number): DataRecord {
  const record: DataRecord = {};
  for (let i = 0; i < names.length; i++) setOwnField(record, names[i] as string, columns[i]?.[row] ?? null);
  return record;
}

function textOf(value: Row[number] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function driverValue(duckdb: DuckdbModule, value: unknown): DuckDBValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return duckdb.listValue(value.map((entry) => driverValue(duckdb, entry)));
  if (typeof value === 'object' && !(value instanceof Uint8Array)) return JSON.stringify(value);
  if (value instanceof Uint8Array) return duckdb.blobValue(value);
  return value as DuckDBValue;
}
