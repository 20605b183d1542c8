import { pipeline as connected } from 'node:stream/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Client, ClientConfig, Pool, PoolClient } from 'pg';
import type { DataRecord } from '../../../sdk/index.ts';
import type { Statement } from '../sql-text.ts';
import {
  type Column,
  type ColumnKind,
  type Database,
  quoteTable,
  type Row,
  type Session,
  type TableName,
  type Write,
} from './dialect.ts';
import { commitFault } from './fault.ts';
import { copyLines, postgresDialect, postgresStage, postgresWrite } from './postgres-dialect.ts';
import { postgresFault } from './postgres-fault.ts';
import { postgresTypes } from './postgres-types.ts';

export interface PostgresOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string | undefined;
  /** prefer: encrypted where the server can. verify: encrypted, and the server's certificate is checked. */
  readonly tls: 'off' | 'prefer' | 'require' | 'verify';
  readonly ca?: string | undefined;
}

const POOL = 10;
const CONNECT_TIMEOUT = 15_000;
const READ_BATCH = 1_000;
/** From so many rows on, COPY into a table of the transaction's own costs less than values beside the statement. */
const STAGED = 1_000;
/** Rows of one piece of what is copied. */
const COPY_PIECE = 1_000;

export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { default: pg } = await import('pg');
  const config = await reachable(options, pg.Client);
  const pool = new pg.Pool({ ...config, max: POOL, idleTimeoutMillis: 60_000, allowExitOnIdle: true });
  pool.on('error', () => {});
  return new Postgres(pool, () => new pg.Client(config));
}

/** Connects once, so that a wrong credential fails here, and finds out whether the server offers encryption. */
async function reachable(options: PostgresOptions, client: typeof Client): Promise<ClientConfig> {
  const plain: ClientConfig = {
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: options.password ?? '',
    application_name: 'sluice',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    types: postgresTypes,
  };
  const secure = {
    ...plain,
    ssl: { rejectUnauthorized: options.tls === 'verify', ...(options.ca ? { ca: options.ca } : {}) },
  };
  const tries = options.tls === 'off' ? [plain] : options.tls === 'prefer' ? [secure, plain] : [secure];
  for (const [i, config] of tries.entries()) {
    const one = new client(config);
    one.on('error', () => {});
    try {
      await one.connect();
      await one.end();
      return config;
    } catch (error) {
      const offersNone = error instanceof Error && error.message.includes('does not support SSL');
      if (!offersNone || i === tries.length - 1) throw postgresFault(error);
    }
  }
  return plain;
}

/** The stream's cursor gives whole batches, which is several times faster than row by row. The next one comes while one is worked on. */
interface Cursor {
  read(count: number): Promise<DataRecord[]>;
  close(): Promise<void>;
}

class Postgres implements Database {
  readonly dialect = postgresDialect;
  readonly #pool: Pool;
  readonly #newClient: () => Client;
  #stages: boolean | undefined;

  constructor(pool: Pool, newClient: () => Client) {
    this.#pool = pool;
    this.#newClient = newClient;
  }

  async *read({ text, values }: Statement, signal: AbortSignal): AsyncIterable<DataRecord[]> {
    const { default: QueryStream } = await import('pg-query-stream');
    const lease = await this.#lease(signal);
    try {
      await lease.client.query('BEGIN READ ONLY');
      const { cursor } = lease.client.query(
        new QueryStream(text, [...values], { types: postgresTypes } as ConstructorParameters<typeof QueryStream>[2]),
      ) as { cursor: Cursor };
      let coming: Promise<DataRecord[]> | undefined = cursor.read(READ_BATCH);
      while (coming !== undefined) {
        const rows: DataRecord[] = await coming;
        coming = rows.length < READ_BATCH ? undefined : cursor.read(READ_BATCH);
        // Nobody may come back for it.
        coming?.catch(ignore);
        if (rows.length > 0) yield rows;
      }
      await cursor.close();
      await lease.client.query('COMMIT');
      lease.release();
    } catch (error) {
      throw lease.failed(error, text);
    } finally {
      lease.drop();
    }
  }

  async session<T>(
    { transaction, signal }: { transaction: boolean; signal: AbortSignal },
    act: (session: Session) => Promise<T>,
  ): Promise<T> {
    const lease = await this.#lease(signal);
    try {
      if (transaction) await lease.client.query('BEGIN');
      const result = await act(new PostgresSession(lease, transaction, () => this.#mayStage(lease)));
      if (transaction) await commit(lease);
      lease.release();
      return result;
    } catch (error) {
      const failure = lease.failed(error);
      await lease.rollback();
      throw failure;
    } finally {
      lease.drop();
    }
  }

  async tables(signal: AbortSignal) {
    const rows = await this.#rows(
      `SELECT n.nspname AS schema, c.relname AS name, c.relkind IN ('v', 'm') AS view, n.nspname = ANY(current_schemas(false)) AS here
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_t%'
       ORDER BY here DESC, 1, 2`,
      [],
      signal,
    );
    return rows.map((row) => ({
      table: String(row.name),
      ...(row.here === true ? {} : { schema: String(row.schema) }),
      isView: row.view === true,
    }));
  }

  async columns(table: TableName, signal: AbortSignal): Promise<Column[]> {
    const rows = await this.#rows(
      `SELECT a.attname AS name, format_type(a.atttypid, -1) AS type, b.typname AS base, b.typcategory AS category, a.attnotnull AS required,
              a.atthasdef OR a.attidentity <> '' AS filled, coalesce(a.attnum = ANY(i.indkey), false) AS key
       FROM pg_attribute a
       JOIN pg_type t ON t.oid = a.atttypid
       JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
       LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
       WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
      [quoteTable(postgresDialect, table)],
      signal,
    );
    return rows.map((row) => ({
      name: String(row.name),
      type: String(row.type),
      kind: kindOf(String(row.base), String(row.category)),
      nullable: row.required !== true,
      hasDefault: row.filled === true,
      primary: row.key === true,
    }));
  }

  async uniqueKeys(table: TableName, signal: AbortSignal): Promise<string[][]> {
    const rows = await this.#rows(
      `SELECT array_agg(a.attname::text ORDER BY a.attnum) AS key
       FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
       WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL GROUP BY i.indexrelid`,
      [quoteTable(postgresDialect, table)],
      signal,
    );
    return rows.map((row) => row.key as string[]);
  }

  async describe(signal: AbortSignal): Promise<string> {
    const [row] = await this.#rows(
      `SELECT current_setting('server_version') AS version, current_database() AS database, current_user::text AS name`,
      [],
      signal,
    );
    const version = String(row?.version ?? '').split(' ')[0];
    return `PostgreSQL ${version}, database ${String(row?.database)}, as ${String(row?.name)}`;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  #rows(text: string, values: readonly unknown[], signal: AbortSignal): Promise<DataRecord[]> {
    return this.session({ transaction: false, signal }, (session) => session.rows({ text, values }));
  }

  async #lease(signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    try {
      return new Lease(await this.#pool.connect(), signal, (pid) => this.#cancel(pid));
    } catch (error) {
      throw postgresFault(error);
    }
  }

  /** Whether this user may make temporary tables in this database; nearly every user may. */
  async #mayStage(lease: Lease): Promise<boolean> {
    if (this.#stages !== undefined) return this.#stages;
    const { rows } = await lease.client.query(`SELECT has_database_privilege(current_database(), 'TEMP') AS may`);
    const may = (rows[0] as { may: boolean }).may;
    this.#stages = may;
    return may;
  }

  /** Asks the server, over a connection of its own, to stop what a connection is doing. */
  async #cancel(pid: number): Promise<void> {
    const client = this.#newClient();
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT pg_cancel_backend($1)', [pid]);
    } catch {
      // The connection is thrown away in any case; the server then notices by itself.
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** A pooled connection in use: stops with the signal, and goes back to the pool only when nothing is left half-done on it. */
class Lease {
  readonly client: PoolClient;
  readonly #signal: AbortSignal;
  readonly #stop: () => void;
  #done = false;

  constructor(client: PoolClient, signal: AbortSignal, cancel: (pid: number) => Promise<void>) {
    this.client = client;
    this.#signal = signal;
    this.#stop = () => {
      const pid = (client as PoolClient & { processID?: number }).processID;
      if (pid !== undefined) void cancel(pid);
    };
    client.on('error', ignore);
    signal.addEventListener('abort', this.#stop, { once: true });
  }

  failed(error: unknown, statement?: string): unknown {
    return this.#signal.aborted ? this.#signal.reason : postgresFault(error, statement);
  }

  async rollback(): Promise<void> {
    try {
      await this.client.query('ROLLBACK');
      if (!this.#signal.aborted) this.release();
    } catch {
      this.drop();
    }
  }

  release(): void {
    this.#end(false);
  }

  /** Throws the connection away, unless it has been given back. */
  drop(): void {
    this.#end(true);
  }

  #end(broken: boolean): void {
    if (this.#done) return;
    this.#done = true;
    this.#signal.removeEventListener('abort', this.#stop);
    this.client.off('error', ignore);
    this.client.release(broken);
  }
}

function ignore(): void {}

async function commit(lease: Lease): Promise<void> {
  try {
    await lease.client.query('COMMIT');
  } catch (error) {
    throw commitFault('PostgreSQL', postgresFault(error));
  }
}

class PostgresSession implements Session {
  readonly #lease: Lease;
  readonly #transaction: boolean;
  readonly #mayStage: () => Promise<boolean>;
  #stages = 0;

  constructor(lease: Lease, transaction: boolean, mayStage: () => Promise<boolean>) {
    this.#lease = lease;
    this.#transaction = transaction;
    this.#mayStage = mayStage;
  }

  async run({ text, values }: Statement): Promise<number> {
    return (await this.#query(text, values)).rowCount ?? 0;
  }

  async rows({ text, values }: Statement): Promise<DataRecord[]> {
    return (await this.#query(text, values)).rows as DataRecord[];
  }

  async write(write: Write, rows: readonly Row[]): Promise<void> {
    if (rows.length >= STAGED && this.#transaction && (await this.#mayStage())) return this.#throughStage(write, rows);
    await this.#query(
      postgresWrite(write),
      write.columns.map((_, i) => rows.map((row) => row[i])),
    );
  }

  async #throughStage(write: Write, rows: readonly Row[]): Promise<void> {
    const stage = postgresStage(write, `sluice_rows_${this.#stages++}`);
    await this.#query(stage.create, []);
    const { from } = await import('pg-copy-streams');
    async function* pieces() {
      for (let at = 0; at < rows.length; at += COPY_PIECE) {
        yield copyLines(write.columns, rows, at, Math.min(at + COPY_PIECE, rows.length));
        await breathe();
      }
    }
    try {
      await connected(pieces, this.#lease.client.query(from(stage.copy)));
    } catch (error) {
      throw this.#lease.failed(error, stage.copy);
    }
    await this.#query(stage.write, []);
  }

  async attempt<T>(act: () => Promise<T>): Promise<T> {
    const [begin, done, undo] = this.#transaction
      ? ['SAVEPOINT attempt', 'RELEASE SAVEPOINT attempt', 'ROLLBACK TO SAVEPOINT attempt']
      : ['BEGIN', 'COMMIT', 'ROLLBACK'];
    await this.#query(begin, []);
    try {
      const result = await act();
      if (this.#transaction) await this.#query(done, []);
      else await commit(this.#lease);
      return result;
    } catch (error) {
      const failure = this.#lease.failed(error);
      await this.#lease.client.query(undo).catch(() => {});
      throw failure;
    }
  }

  async #query(text: string, values: readonly unknown[]) {
    try {
      return await this.#lease.client.query(text, [...values]);
    } catch (error) {
      throw this.#lease.failed(error, text);
    }
  }
}

const NAMED_KINDS: Readonly<Record<string, ColumnKind>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'decimal',
  float4: 'decimal',
  float8: 'decimal',
  bool: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamp-zone',
  json: 'json',
  jsonb: 'json',
  bytea: 'bytes',
};

function kindOf(base: string, category: string): ColumnKind {
  return NAMED_KINDS[base] ?? (category === 'A' ? 'array' : category === 'S' ? 'text' : 'other');
}
