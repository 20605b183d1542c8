import type { Publication } from '../../spec/api/workflow.ts';
import { type Database, migrate } from '../storage/sqlite/database.ts';

/** Which version of each workflow is live; the documents themselves are kept by content hash in the run store. */
export class Publications {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
    migrate(db, 'publications', [
      `create table publication (workflow_id text primary key, version text not null, at integer not null, by text not null) without rowid;
       create table publication_count (workflow_id text primary key, n integer not null) without rowid;`,
    ]);
  }

  get(workflowId: string): Publication | undefined {
    const row = this.db.prepare('select * from publication where workflow_id = ?').get(workflowId);
    return row && { version: String(row.version), at: Number(row.at), by: String(row.by) };
  }

  ids(): string[] {
    return this.db
      .prepare('select workflow_id from publication')
      .all()
      .map((row) => String(row.workflow_id));
  }

  /** Gives the number of the publication, counting from 1. */
  put(workflowId: string, { version, at, by }: Publication): number {
    this.db
      .prepare(
        `insert into publication values (?, ?, ?, ?)
         on conflict do update set version = excluded.version, at = excluded.at, by = excluded.by`,
      )
      .run(workflowId, version, at, by);
    const row = this.db
      .prepare('insert into publication_count values (?, 1) on conflict do update set n = n + 1 returning n')
      .get(workflowId);
    return Number(row?.n);
  }

  delete(workflowId: string): boolean {
    return Number(this.db.prepare('delete from publication where workflow_id = ?').run(workflowId).changes) > 0;
  }
}
