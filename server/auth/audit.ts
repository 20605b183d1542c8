import type { AuditEntry } from '../../spec/api/access.ts';
import { type Database, migrate } from '../storage/sqlite/database.ts';

/** What was done by whom; only added to. */
export interface Audit {
  write(entry: { who: string; action: string; target?: string | undefined; details?: unknown }): void;
  /** Newest first; `cursor` is the last id seen. */
  list(options: { cursor?: number | undefined; limit: number }): { entries: AuditEntry[]; cursor?: number };
}

export function createAudit(db: Database, now: () => number): Audit {
  migrate(db, 'audit', [
    'create table audit (id integer primary key, at integer not null, who text not null, action text not null, target text, details text)',
  ]);
  const insert = db.prepare('insert into audit (at, who, action, target, details) values (?, ?, ?, ?, ?)');
  const select = db.prepare('select * from audit where id < ? order by id desc limit ?');
  return {
    write: ({ who, action, target, details }) => {
      insert.run(now(), who, action, target ?? null, details === undefined ? null : JSON.stringify(details));
    },
    list: ({ cursor, limit }) => {
      const entries = select.all(cursor ?? Number.MAX_SAFE_INTEGER, limit).map(entryOf);
      const last = entries.at(-1);
      return { entries, ...(entries.length === limit && last ? { cursor: last.id } : {}) };
    },
  };
}

function entryOf(row: Record<string, unknown>): AuditEntry {
  return {
    id: Number(row.id),
    at: Number(row.at),
    who: String(row.who),
    action: String(row.action),
    ...(row.target === null ? {} : { target: String(row.target) }),
    ...(row.details === null ? {} : { details: JSON.parse(String(row.details)) }),
  };
}
