import type { DataRecord, NodeError } from '../../../sdk/index.ts';
import type { Lexis, Statement } from '../sql-text.ts';

/**
 * What the nodes need of a database. One file a dialect stands behind it; nothing outside asks which one it is. Every method rejects
 * with a classified NodeError, or with the signal's reason.
 */
export interface Database {
  readonly dialect: Dialect;
  /** Rows of one reading statement, streamed; the database itself refuses to write meanwhile. */
  read(statement: Statement, signal: AbortSignal): AsyncIterable<DataRecord[]>;
  /** One connection for `act`, in a transaction or not. What was written is undone when `act` or the commit fails. */
  session<T>(options: SessionOptions, act: (session: Session) => Promise<T>): Promise<T>;
  tables(signal: AbortSignal): Promise<readonly TableEntry[]>;
  /** Columns in order; none when there is no such table. */
  columns(table: TableName, signal: AbortSignal): Promise<readonly Column[]>;
  /** Column sets that no two rows share: primary key and unique indexes. */
  uniqueKeys(table: TableName, signal: AbortSignal): Promise<readonly (readonly string[])[]>;
  /** Such as "PostgreSQL 15.19, database shop, as ops". */
  describe(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly transaction: boolean;
  readonly signal: AbortSignal;
}

export interface Session {
  /** Runs a statement; gives the number of rows that it changed. */
  run(statement: Statement): Promise<number>;
  /** Rows of a small result. */
  rows(statement: Statement): Promise<DataRecord[]>;
  /** Writes encoded rows in as few statements as the dialect can. */
  write(write: Write, rows: readonly Row[]): Promise<void>;
  /** All of `act` or nothing of it: a savepoint inside a transaction, a transaction of its own otherwise. */
  attempt<T>(act: () => Promise<T>): Promise<T>;
}

/** How a dialect writes SQL; pure. */
export interface Dialect {
  readonly title: string;
  readonly lexis: Lexis;
  /** Whether an attempt inside a transaction can be undone alone. */
  readonly savepoints: boolean;
  quote(identifier: string): string;
  /** A value as the driver takes it for this column. Throws NodeError `bad-data` for one that the column cannot hold. */
  encode(value: unknown, column: Column): Encoded;
  createTable(table: TableName, columns: readonly NewColumn[], key: readonly string[]): string;
  addColumn(table: TableName, column: NewColumn): string;
}

export type Encoded = string | number | bigint | Uint8Array | null;
export type Row = readonly Encoded[];

export interface TableName {
  readonly schema?: string;
  readonly table: string;
}

export interface TableEntry extends TableName {
  readonly isView: boolean;
}

export type ColumnKind =
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'date'
  /** Without a zone; instants are kept as UTC. */
  | 'timestamp'
  | 'timestamp-zone'
  | 'json'
  | 'bytes'
  | 'array'
  | 'text'
  | 'other';

export interface Column {
  readonly name: string;
  /** The database's own name of the type. */
  readonly type: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  /** The database fills it in when it is left out. */
  readonly hasDefault: boolean;
  readonly primary: boolean;
}

export interface NewColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Rows to be written hold a value for each column, in order; a delete's columns are its key. */
export interface Write {
  readonly kind: 'insert' | 'upsert' | 'delete';
  readonly table: TableName;
  readonly columns: readonly Column[];
  /** Columns that tell which row it is. */
  readonly key: readonly string[];
  /** Another unique key of the table is written too, so that a row could clash with one that it does not match. */
  readonly mayClash: boolean;
}

/** Turns a driver's failure into a classified one. */
export type Classify = (error: unknown, statement?: string) => NodeError;

export function quoteTable(dialect: Pick<Dialect, 'quote'>, { schema, table }: TableName): string {
  return schema === undefined ? dialect.quote(table) : `${dialect.quote(schema)}.${dialect.quote(table)}`;
}
