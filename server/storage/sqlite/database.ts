import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

/** Opens (or makes) a database file for one process: WAL, foreign keys on, waits up to five seconds for a lock. */
export function openDatabase(file: string): Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec(
    'pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;',
  );
  return db;
}

/**
 * Brings the tables of one part of the program up to date. `statements[n]` is migration n and never changes once released;
 * each is applied once, in order, in a transaction of its own.
 */
export function migrate(db: Database, part: string, statements: readonly string[]): void {
  db.exec('create table if not exists migrations (part text primary key, applied integer not null) without rowid');
  const row = db.prepare('select applied from migrations where part = ?').get(part);
  const applied = typeof row?.applied === 'number' ? row.applied : 0;
  if (applied > statements.length) {
    throw new Error(
      `The data in "${part}" was written by a newer Sluice (format ${applied}, this one knows ${statements.length}). Start the newer version.`,
    );
  }
  for (let n = applied; n < statements.length; n++) {
    transaction(db, () => {
      db.exec(statements[n] ?? '');
      db.prepare(
        'insert into migrations values (?, ?) on conflict (part) do update set applied = excluded.applied',
      ).run(part, n + 1);
    });
  }
}

/** All or nothing. Must not be nested, and `act` must not wait. */
export function transaction<T>(db: Database, act: () => T): T {
  db.exec('begin immediate');
  try {
    const result = act();
    db.exec('commit');
    return result;
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}
