import type { ConnectionOptions, FieldPacket, Pool, PoolConnection } from 'mysql2';
import { type DataRecord, setOwnField } from '../../../sdk/index.ts';
import type { Statement } from '../sql-text.ts';
import type { Column, Database, Row, Session, TableName, Write } from './dialect.ts';
import { commitFault } from './fault.ts';
import { mysqlDialect, mysqlUpdate, mysqlWrite } from './mysql-dialect.ts';
import { mysqlFault } from './mysql-fault.ts';
import { mysqlConverter, mysqlKind } from './mysql-values.ts';

export interface MysqlOptions {
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
const READ_BATCH = 1_000;
/** The protocol counts placeholders in 16 bits. */
const PLACEHOLDERS = 60_000;
/** The session's clock is UTC, so that TIMESTAMP columns are instants; bad values fail instead of being bent. */
const SETUP = `SET time_zone = '+00:00', sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), NAMES utf8mb4`;

type MysqlModule = typeof import('mysql2');

export async function openMysql(options: MysqlOptions): Promise<Database> {
  const { default: mysql } = (await import('mysql2')) as unknown as { default: MysqlModule };
  const config = await reachable(options, mysql);
  const pool = mysql.createPool({ ...config, connectionLimit: POOL, maxIdle: POOL, idleTimeout: 60_000 });
  return new Mysql(pool, () => mysql.createConnection(config));
}

/** Connects once, so that a wrong credential fails here, and finds out whether the server offers encryption. */
async function reachable(options: MysqlOptions, mysql: MysqlModule): Promise<ConnectionOptions> {
  const plain: ConnectionOptions = {
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: options.password ?? '',
    connectTimeout: 15_000,
    enableKeepAlive: true,
    charset: 'utf8mb4',
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    rowsAsArray: true,
    multipleStatements: false,
  };
  const secure = {
    ...plain,
    ssl: { rejectUnauthorized: options.tls === 'verify', ...(options.ca ? { ca: options.ca } : {}) },
  };
  const tries = options.tls === 'off' ? [plain] : options.tls === 'prefer' ? [secure, plain] : [secure];
  for (const [i, config] of tries.entries()) {
    try {
      await new Promise<void>((done, fail) => {
        const connection = mysql.createConnection(config);
        connection.on('error', fail);
        connection.connect((error) => {
          if (error) fail(error);
          else connection.end(() => done());
        });
      });
      return config;
    } catch (error) {
      const offersNone = (error as { code?: string }).code === 'HANDSHAKE_NO_SSL_SUPPORT';
      if (!offersNone || i === tries.length - 1) throw mysqlFault(error);
    }
  }
  return plain;
}

class Mysql implements Database {
  readonly dialect = mysqlDialect;
  readonly #pool: Pool;
  readonly #newConnection: () => ReturnType<MysqlModule['createConnection']>;
  readonly #ready = new WeakSet<PoolConnection>();

  constructor(pool: Pool, newConnection: () => ReturnType<MysqlModule['createConnection']>) {
    this.#pool = pool;
    this.#newConnection = newConnection;
  }

  async *read({ text, values }: Statement, signal: AbortSignal): AsyncIterable<DataRecord[]> {
    const lease = await this.#lease(signal);
    try {
      await lease.query('START TRANSACTION READ ONLY', []);
      for await (const rows of lease.stream(text, values)) yield rows;
      await lease.query('COMMIT', []);
      lease.release();
    } catch (error) {
      throw lease.failed(error);
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
      if (transaction) await lease.query('START TRANSACTION', []);
      const result = await act(new MysqlSession(lease, transaction));
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
      `SELECT table_schema AS s, table_name AS name, table_type AS type, table_schema = DATABASE() AS here FROM information_schema.tables
       WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY here DESC, 1, 2`,
      [],
      signal,
    );
    return rows.map((row) => ({
      table: String(row.name),
      ...(row.here === 1 ? {} : { schema: String(row.s) }),
      isView: row.type === 'VIEW',
    }));
  }

  async columns({ schema, table }: TableName, signal: AbortSignal): Promise<Column[]> {
    const rows = await this.#rows(
      `SELECT column_name AS name, data_type AS type, column_type AS full, is_nullable AS nullable, column_default AS filled, column_key AS k, extra
       FROM information_schema.columns WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ? ORDER BY ordinal_position`,
      [schema ?? null, table],
      signal,
    );
    const json = await this.#jsonColumns(schema, table, signal);
    return rows.map((row) => ({
      name: String(row.name),
      type: String(row.type),
      kind: json.has(String(row.name)) ? 'json' : mysqlKind(String(row.type), String(row.full)),
      nullable: row.nullable === 'YES',
      hasDefault:
        (row.filled !== null && row.filled !== 'NULL') || /auto_increment|generated|default/i.test(String(row.extra)),
      primary: row.k === 'PRI',
    }));
  }

  /** MariaDB's JSON is a text with a check. */
  async #jsonColumns(schema: string | undefined, table: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    try {
      const rows = await this.#rows(
        `SELECT check_clause AS rule FROM information_schema.check_constraints WHERE constraint_schema = COALESCE(?, DATABASE()) AND table_name = ?`,
        [schema ?? null, table],
        signal,
      );
      const names = rows.map((row) => /^json_valid\(`(.+)`\)$/i.exec(String(row.rule))?.[1]);
      return new Set(names.filter((name) => name !== undefined));
    } catch {
      signal.throwIfAborted();
      return new Set();
    }
  }

  async uniqueKeys({ schema, table }: TableName, signal: AbortSignal): Promise<string[][]> {
    const rows = await this.#rows(
      `SELECT index_name AS name, column_name AS part FROM information_schema.statistics
       WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ? AND non_unique = 0 AND sub_part IS NULL ORDER BY index_name, seq_in_index`,
      [schema ?? null, table],
      signal,
    );
    const keys = new Map<string, string[]>();
    for (const row of rows) keys.set(String(row.name), [...(keys.get(String(row.name)) ?? []), String(row.part)]);
    return [...keys.values()];
  }

  async describe(signal: AbortSignal): Promise<string> {
    const [row] = await this.#rows('SELECT VERSION() AS version, DATABASE() AS db, CURRENT_USER() AS name', [], signal);
    const version = String(row?.version);
    const number = version.split('-')[0];
    return `${/mariadb/i.test(version) ? 'MariaDB' : 'MySQL'} ${number}, database ${String(row?.db)}, as ${String(row?.name)}`;
  }

  close(): Promise<void> {
    return new Promise((done) => this.#pool.end(() => done()));
  }

  #rows(text: string, values: readonly unknown[], signal: AbortSignal): Promise<DataRecord[]> {
    return this.session({ transaction: false, signal }, (session) => session.rows({ text, values }));
  }

  async #lease(signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    const connection = await new Promise<PoolConnection>((done, fail) => {
      this.#pool.getConnection((error, given) => (error ? fail(mysqlFault(error)) : done(given)));
    });
    const lease = new Lease(connection, signal, (id) => this.#kill(id));
    if (this.#ready.has(connection)) return lease;
    try {
      await lease.query(SETUP, []);
      this.#ready.add(connection);
      return lease;
    } catch (error) {
      lease.drop();
      throw lease.failed(error);
    }
  }

  /** Asks the server, over a connection of its own, to stop what a connection is doing. */
  #kill(id: number): void {
    const connection = this.#newConnection();
    connection.on('error', () => {});
    connection.query(`KILL QUERY ${Math.trunc(id)}`, () => connection.destroy());
  }
}

/** A pooled connection in use: stops with the signal, and goes back to the pool only when nothing is left half-done on it. */
class Lease {
  readonly #connection: PoolConnection;
  readonly #signal: AbortSignal;
  readonly #stop: () => void;
  #done = false;

  constructor(connection: PoolConnection, signal: AbortSignal, kill: (id: number) => void) {
    this.#connection = connection;
    this.#signal = signal;
    this.#stop = () => kill(connection.threadId);
    signal.addEventListener('abort', this.#stop, { once: true });
  }

  failed(error: unknown): unknown {
    return this.#signal.aborted ? this.#signal.reason : mysqlFault(error);
  }

  query(text: string, values: readonly unknown[]): Promise<{ affected: number; rows: DataRecord[] }> {
    return new Promise((done, fail) => {
      const answer = (error: unknown, result: unknown, fields: FieldPacket[] | undefined) => {
        if (error) fail(this.failed(error));
        else if (Array.isArray(result) && Array.isArray(fields)) done({ affected: 0, rows: records(result, fields) });
        else done({ affected: (result as { affectedRows?: number }).affectedRows ?? 0, rows: [] });
      };
      if (values.length === 0) this.#connection.query(text, answer as never);
      else this.#connection.execute(text, values.map(driverValue) as never, answer as never);
    });
  }

  /** A statement with values is prepared on the server; one without goes as it is, for the server prepares not every kind. */
  async *stream(text: string, values: readonly unknown[]): AsyncIterable<DataRecord[]> {
    const query =
      values.length === 0
        ? this.#connection.query(text)
        : (this.#connection.execute(text, values.map(driverValue) as never) as unknown as ReturnType<
            PoolConnection['query']
          >);
    let fields: FieldPacket[] = [];
    query.on('fields', (given: FieldPacket[]) => {
      fields = given;
    });
    let rows: unknown[] = [];
    for await (const row of query.stream({ highWaterMark: READ_BATCH })) {
      rows.push(row);
      if (rows.length < READ_BATCH) continue;
      yield records(rows, fields);
      rows = [];
    }
    if (rows.length > 0) yield records(rows, fields);
  }

  async rollback(): Promise<void> {
    if (this.#signal.aborted) return;
    try {
      await this.query('ROLLBACK', []);
      this.release();
    } catch {
      this.drop();
    }
  }

  release(): void {
    if (!this.#end()) return;
    this.#connection.release();
  }

  /** Throws the connection away, unless it has been given back. */
  drop(): void {
    if (!this.#end()) return;
    this.#connection.destroy();
  }

  #end(): boolean {
    if (this.#done) return false;
    this.#done = true;
    this.#signal.removeEventListener('abort', this.#stop);
    return true;
  }
}

async function commit(lease: Lease): Promise<void> {
  try {
    await lease.query('COMMIT', []);
  } catch (error) {
    throw commitFault('MySQL', mysqlFault(error));
  }
}

class MysqlSession implements Session {
  readonly #lease: Lease;
  readonly #transaction: boolean;

  constructor(lease: Lease, transaction: boolean) {
    this.#lease = lease;
    this.#transaction = transaction;
  }

  async run({ text, values }: Statement): Promise<number> {
    return (await this.#lease.query(text, values)).affected;
  }

  async rows({ text, values }: Statement): Promise<DataRecord[]> {
    return (await this.#lease.query(text, values)).rows;
  }

  async write(write: Write, rows: readonly Row[]): Promise<void> {
    if (write.kind === 'upsert' && write.mayClash) return this.#updateOrInsert(write, rows);
    const most = Math.max(1, Math.floor(PLACEHOLDERS / write.columns.length));
    for (let from = 0; from < rows.length; from += most) {
      const some = rows.slice(from, from + most);
      await this.#lease.query(mysqlWrite(write, some.length), some.flat());
    }
  }

  /** `ON DUPLICATE KEY` matches on any unique key; this matches on the chosen one, and a clash with another one fails. */
  async #updateOrInsert(write: Write, rows: readonly Row[]): Promise<void> {
    const update = mysqlUpdate(write);
    const insert = mysqlWrite({ ...write, kind: 'insert' }, 1);
    const isKey = write.columns.map(({ name }) => write.key.includes(name));
    const place = write.key.map((name) => write.columns.findIndex((column) => column.name === name));
    for (const row of rows) {
      const others = row.filter((_, i) => !isKey[i]);
      const values = [...(others.length === 0 ? row.slice(0, 1) : others), ...place.map((i) => row[i])];
      const { affected } = await this.#lease.query(update, values);
      if (affected === 0) await this.#lease.query(insert, row);
    }
  }

  async attempt<T>(act: () => Promise<T>): Promise<T> {
    const [begin, done, undo] = this.#transaction
      ? ['SAVEPOINT attempt', 'RELEASE SAVEPOINT attempt', 'ROLLBACK TO SAVEPOINT attempt']
      : ['START TRANSACTION', 'COMMIT', 'ROLLBACK'];
    await this.#lease.query(begin, []);
    try {
      const result = await act();
      if (this.#transaction) await this.#lease.query(done, []);
      else await commit(this.#lease);
      return result;
    } catch (error) {
      const failure = this.#lease.failed(error);
      await this.#lease.query(undo, []).catch(() => {});
      throw failure;
    }
  }
}

function driverValue(value: unknown): unknown {
  return value === undefined
    ? null
    : value instanceof Uint8Array && !Buffer.isBuffer(value)
      ? Buffer.from(value)
      : value;
}

function records(rows: readonly unknown[], fields: readonly FieldPacket[]): DataRecord[] {
  const converters = fields.map(mysqlConverter);
  return (rows as unknown[][]).map((row) => {
    const record: DataRecord = {};
    for (let i = 0; i < fields.length; i++) {
      const value = row[i];
      const kept = value === null ? null : (converters[i]?.(value) ?? value);
      setOwnField(record, (fields[i] as FieldPacket).name, kept);
    }
    return record;
  });
}
