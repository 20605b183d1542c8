import type { StatementSync } from 'node:sqlite';
import type { JournalEntry, RunHeader } from '../../../engine/journal.ts';
import type { RunFilter, RunStore, StoredRun } from '../../../engine/ports.ts';
import type { RunSummary } from '../../../spec/api/run.ts';
import type { Workflow } from '../../../spec/workflow/document.ts';
import { type Database, migrate } from './database.ts';
import { GroupCommit } from './group-commit.ts';

const MIGRATIONS = [
  `create table runs (
     id text primary key,
     workflow_id text not null,
     status text not null,
     created_at integer not null,
     finished integer not null default 0,
     key text,
     header text not null,
     summary text,
     input blob not null,
     snapshot blob
   );
   create unique index runs_key on runs (key) where key is not null;
   create index runs_unfinished on runs (created_at) where finished = 0;
   create index runs_newest on runs (created_at desc, id desc);
   create index runs_of_workflow on runs (workflow_id, created_at desc, id desc);
   create table journal (
     run_id text not null,
     seq integer not null,
     entries text not null,
     primary key (run_id, seq)
   ) without rowid;
   create table versions (hash text primary key, document text not null);
   create table node_memory (
     workflow_id text not null,
     node_id text not null,
     key text not null,
     value text not null,
     primary key (workflow_id, node_id, key)
   ) without rowid;`,
];

/** The run store on SQLite: one writer process, group commit, a journal that folds into a snapshot when a run ends. */
export class SqliteRunStore implements RunStore {
  private readonly db: Database;
  private readonly group: GroupCommit;
  private readonly statements = new Map<string, StatementSync>();
  private seq: number;

  constructor(db: Database) {
    this.db = db;
    migrate(db, 'runs', MIGRATIONS);
    this.group = new GroupCommit(db);
    this.seq = Number(this.sql('select coalesce(max(seq), 0) as seq from journal').get()?.seq ?? 0);
  }

  private sql(text: string): StatementSync {
    let statement = this.statements.get(text);
    if (!statement) {
      statement = this.db.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }

  acceptRun(header: RunHeader, input: Uint8Array): Promise<{ id: string; isNew: boolean }> {
    return this.group.do(() => {
      const { changes } = this.sql(
        `insert into runs (id, workflow_id, status, created_at, key, header, input) values (?, ?, 'queued', ?, ?, ?, ?)
         on conflict do nothing`,
      ).run(header.id, header.workflowId, header.createdAt, header.key ?? null, JSON.stringify(header), input);
      if (Number(changes) > 0) return { id: header.id, isNew: true };
      const first = this.sql('select id from runs where key = ?').get(header.key ?? null);
      return { id: String(first?.id ?? header.id), isNew: false };
    });
  }

  append(runId: string, entries: readonly JournalEntry[]): Promise<void> {
    const text = JSON.stringify(entries);
    return this.group.do(() => {
      this.sql('insert into journal (run_id, seq, entries) values (?, ?, ?)').run(runId, ++this.seq, text);
    });
  }

  finishRun(header: RunHeader, summary: RunSummary, input: Uint8Array, snapshot: Uint8Array): Promise<void> {
    return this.group.do(() => {
      this.sql(
        `insert into runs (id, workflow_id, status, created_at, finished, key, header, summary, input, snapshot)
         values (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
         on conflict (id) do update set status = excluded.status, finished = 1, summary = excluded.summary, snapshot = excluded.snapshot`,
      ).run(
        header.id,
        header.workflowId,
        summary.status,
        header.createdAt,
        header.key ?? null,
        JSON.stringify(header),
        JSON.stringify(summary),
        input,
        snapshot,
      );
      this.sql('delete from journal where run_id = ?').run(header.id);
    });
  }

  updateSummary(summary: RunSummary): void {
    this.group
      .do(() => {
        this.sql('update runs set status = ?, summary = ? where id = ? and finished = 0').run(
          summary.status,
          JSON.stringify(summary),
          summary.id,
        );
      })
      .catch(() => {});
  }

  async loadRun(runId: string): Promise<StoredRun | undefined> {
    this.group.flush();
    const row = this.sql('select header, summary, input, snapshot from runs where id = ?').get(runId);
    if (!row) return undefined;
    const header = JSON.parse(String(row.header)) as RunHeader;
    const journal: JournalEntry[] = [];
    for (const { entries } of this.sql('select entries from journal where run_id = ? order by seq').iterate(runId)) {
      journal.push(...(JSON.parse(String(entries)) as JournalEntry[]));
    }
    return {
      header,
      summary: summaryFrom(header, row.summary),
      input: row.input as Uint8Array,
      ...(row.snapshot ? { snapshot: row.snapshot as Uint8Array } : {}),
      journal,
    };
  }

  async listRuns(filter: RunFilter): Promise<{ runs: RunSummary[]; cursor?: string }> {
    this.group.flush();
    const where: string[] = [];
    const values: (string | number)[] = [];
    if (filter.workflowId !== undefined) {
      where.push('workflow_id = ?');
      values.push(filter.workflowId);
    }
    if (filter.status && filter.status.length > 0) {
      where.push(`status in (${filter.status.map(() => '?').join(', ')})`);
      values.push(...filter.status);
    }
    const after = /^(\d+)_(.+)$/.exec(filter.cursor ?? '');
    if (after) {
      where.push('(created_at, id) < (?, ?)');
      values.push(Number(after[1]), String(after[2]));
    }
    const rows = this.sql(
      `select id, created_at, header, summary from runs ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       order by created_at desc, id desc limit ?`,
    ).all(...values, filter.limit + 1);
    const shown = rows.slice(0, filter.limit);
    const last = shown.at(-1);
    return {
      runs: shown.map((row) => summaryFrom(JSON.parse(String(row.header)) as RunHeader, row.summary)),
      ...(rows.length > filter.limit && last ? { cursor: `${last.created_at}_${last.id}` } : {}),
    };
  }

  async unfinishedRuns(): Promise<string[]> {
    this.group.flush();
    return this.sql('select id from runs where finished = 0 order by created_at')
      .all()
      .map((row) => String(row.id));
  }

  dropRun(runId: string): Promise<void> {
    return this.group.do(() => this.forget(runId));
  }

  private forget(runId: string): void {
    this.sql('delete from journal where run_id = ?').run(runId);
    this.sql('delete from runs where id = ?').run(runId);
  }

  saveVersion(hash: string, document: Workflow): Promise<void> {
    return this.group.do(() => {
      this.sql('insert into versions (hash, document) values (?, ?) on conflict do nothing').run(
        hash,
        JSON.stringify(document),
      );
    });
  }

  async loadVersion(hash: string): Promise<Workflow | undefined> {
    this.group.flush();
    const row = this.sql('select document from versions where hash = ?').get(hash);
    return row && (JSON.parse(String(row.document)) as Workflow);
  }

  async readMemory(workflowId: string, nodeId: string, key: string): Promise<unknown> {
    this.group.flush();
    const row = this.sql('select value from node_memory where workflow_id = ? and node_id = ? and key = ?').get(
      workflowId,
      nodeId,
      key,
    );
    return row ? JSON.parse(String(row.value)) : undefined;
  }

  writeMemory(entries: readonly { workflowId: string; nodeId: string; key: string; value: unknown }[]): Promise<void> {
    return this.group.do(() => {
      for (const { workflowId, nodeId, key, value } of entries) {
        this.sql(`insert into node_memory values (?, ?, ?, ?) on conflict do update set value = excluded.value`).run(
          workflowId,
          nodeId,
          key,
          JSON.stringify(value ?? null),
        );
      }
    });
  }

  deleteRuns(before: number, workflowId?: string): Promise<string[]> {
    return this.group.do(() => {
      const ids = this.sql(
        'select id from runs where finished = 1 and created_at < ? and (? is null or workflow_id = ?)',
      )
        .all(before, workflowId ?? null, workflowId ?? null)
        .map((row) => String(row.id));
      for (const id of ids) this.forget(id);
      return ids;
    });
  }

  async close(): Promise<void> {
    this.group.flush();
  }
}

function summaryFrom(header: RunHeader, summary: unknown): RunSummary {
  if (typeof summary === 'string') return JSON.parse(summary) as RunSummary;
  const { id, workflowId, workflowName, version, draft, trigger, cause, createdAt, restartOf } = header;
  const base = { id, workflowId, workflowName, version, draft, trigger, cause, createdAt, status: 'queued' as const };
  return restartOf === undefined ? base : { ...base, restartOf };
}
