import { type Database, migrate } from '../storage/sqlite/database.ts';

/** What triggers remember over restarts: when a schedule last fired, how far a poll has read. */
export class TriggerState {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
    migrate(db, 'triggers', [
      `create table trigger_state (workflow_id text not null, node_id text not null, state text not null,
        primary key (workflow_id, node_id)) without rowid`,
    ]);
  }

  get(workflowId: string, nodeId: string): unknown {
    const row = this.db
      .prepare('select state from trigger_state where workflow_id = ? and node_id = ?')
      .get(workflowId, nodeId);
    return row === undefined ? undefined : JSON.parse(String(row.state));
  }

  put(workflowId: string, nodeId: string, state: unknown): void {
    this.db
      .prepare('insert into trigger_state values (?, ?, ?) on conflict do update set state = excluded.state')
      .run(workflowId, nodeId, JSON.stringify(state));
  }

  /** Forgets what is not among the nodes. */
  keepOnly(workflowId: string, nodeIds: readonly string[]): void {
    const rows = this.db.prepare('select node_id from trigger_state where workflow_id = ?').all(workflowId);
    for (const { node_id } of rows) {
      if (nodeIds.includes(String(node_id))) continue;
      this.db
        .prepare('delete from trigger_state where workflow_id = ? and node_id = ?')
        .run(workflowId, String(node_id));
    }
  }
}
