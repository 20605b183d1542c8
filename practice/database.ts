import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** What one column of a practice table can hold. Booleans are 0 and 1; dates are text. */
export type Cell = string | number | null;
export type Row = Record<string, Cell>;

/**
 * The SQLite database behind the practice services: one connection, statements kept, transactions that nest.
 * With a file it survives restarts and kills (write-ahead log); without one it lives in memory.
 */
export class PracticeDatabase {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  constructor(file?: string) {
    if (file) mkdirSync(dirname(file), { recursive: true });
    this.#db = new DatabaseSync(file ?? ':memory:');
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
    this.#db.exec('CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  run(sql: string, ...params: SQLInputValue[]): { changes: number; lastId: number } {
    const result = this.#kept(sql).run(...params);
    return { changes: Number(result.changes), lastId: Number(result.lastInsertRowid) };
  }

  get(sql: string, ...params: SQLInputValue[]): Row | undefined {
    return this.#kept(sql).get(...params) as Row | undefined;
  }

  all(sql: string, ...params: SQLInputValue[]): Row[] {
    return this.#kept(sql).all(...params) as Row[];
  }

  /** A statement that answers arrays in column order: for SQL made per query, where names may repeat. */
  arrays(sql: string): (...params: SQLInputValue[]) => Cell[][] {
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    return (...params) => statement.all(...params) as unknown as Cell[][];
  }

  /** Runs `act` in a transaction, or in a savepoint where one is open; a throw undoes what `act` wrote. */
  transaction<T>(act: () => T): T {
    const name = `nested_${this.#depth}`;
    this.#db.exec(this.#depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${name}`);
    this.#depth++;
    try {
      const result = act();
      this.#db.exec(this.#depth === 1 ? 'COMMIT' : `RELEASE ${name}`);
      return result;
    } catch (error) {
      this.#db.exec(this.#depth === 1 ? 'ROLLBACK' : `ROLLBACK TO ${name}; RELEASE ${name}`);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  meta(name: string): string | undefined {
    const value = this.get('SELECT value FROM meta WHERE name = ?', name)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  setMeta(name: string, value: string): void {
    this.run('INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', name, value);
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #kept(sql: string): StatementSync {
    const kept = this.#statements.get(sql);
    if (kept) return kept;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
