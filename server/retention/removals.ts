import type { Removed } from '../../spec/api/runs.ts';
import { type Database, migrate } from '../storage/sqlite/database.ts';

/** How many runs retention has removed, for whoever looks for them. */
export class Removals {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
    migrate(db, 'removals', [
      `create table removal (workflow_id text primary key, runs integer not null, last_ended integer not null, at integer not null) without rowid;`,
    ]);
  }

  /** `lastEnded`: when the newest of them had ended. */
  add(workflowId: string, runs: number, lastEnded: number, at: number): void {
    this.db
      .prepare(
        `insert into removal values (?, ?, ?, ?) on conflict (workflow_id) do update set
           runs = runs + excluded.runs, last_ended = max(last_ended, excluded.last_ended), at = excluded.at`,
      )
      .run(workflowId, runs, lastEnded, at);
  }

  /** Of one workflow, or of all. */
  of(workflowId: string | undefined): Removed | undefined {
    const row = this.db
      .prepare(
        `select sum(runs) as runs, max(last_ended) as last_ended, max(at) as at from removal where (?1 is null or workflow_id = ?1)`,
      )
      .get(workflowId ?? null);
    if (!row || row.runs === null) return undefined;
    return { runs: Number(row.runs), lastEnded: Number(row.last_ended), at: Number(row.at) };
  }
}
