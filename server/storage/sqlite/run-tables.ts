import type { StatementSync } from 'node:sqlite';
import { type Database, migrate } from './database.ts';

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

/** A row of `runs`; times in epoch milliseconds, JSON as text. */
export interface RunRow {
  readonly id: string;
  readonly workflowId: string;
  readonly status: string;
  readonly createdAt: number;
  readonly key: string | null;
  readonly header: string;
  readonly summary: string | null;
  readonly input: Uint8Array;
  readonly snapshot: Uint8Array | null;
}

export interface ListQuery {
  readonly workflowId: string | undefined;
  readonly status: readonly string[];
  readonly before: { readonly createdAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/**
 * The tables of the run store: plain SQL over plain values, each method one act inside whatever transaction is open. It runs in the
 * writer's thread; `SqliteRunStore` encodes and decodes in front of it.
 */
export class RunTables {
  private readonly db: Database;
  private readonly statements = new Map<string, StatementSync>();
  private seq: number;

  constructor(db: Database) {
    this.db = db;
    migrate(db, 'runs', MIGRATIONS);
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

  /** Gives the id of the run that has the key: this one, or the first. */
  accept(row: RunRow): string {
    const { changes } = this.sql(
      `insert into runs (id, workflow_id, status, created_at, key, header, input) values (?, ?, 'queued', ?, ?, ?, ?)
       on conflict do nothing`,
    ).run(row.id, row.workflowId, row.createdAt, row.key, row.header, row.input);
    if (Number(changes) > 0) return row.id;
    return String(this.sql('select id from runs where key = ?').get(row.key)?.id ?? row.id);
  }

  append(runId: string, entries: string): void {
    this.sql('insert into journal (run_id, seq, entries) values (?, ?, ?)').run(runId, ++this.seq, entries);
  }

  finish(row: RunRow, hasJournal: boolean): void {
    this.sql(
      `insert into runs (id, workflow_id, status, created_at, finished, key, header, summary, input, snapshot)
       values (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
       on conflict (id) do update set status = excluded.status, finished = 1, summary = excluded.summary, snapshot = excluded.snapshot`,
    ).run(row.id, row.workflowId, row.status, row.createdAt, row.key, row.header, row.summary, row.input, row.snapshot);
    if (hasJournal) this.sql('delete from journal where run_id = ?').run(row.id);
  }

  summarise(runId: string, status: string, summary: string): void {
    this.sql('update runs set status = ?, summary = ? where id = ? and finished = 0').run(status, summary, runId);
  }

  forget(runId: string): void {
    this.sql('delete from journal where run_id = ?').run(runId);
    this.sql('delete from runs where id = ?').run(runId);
  }

  forgetBefore(before: number, workflowId: string | undefined): string[] {
    const ids = this.sql('select id from runs where finished = 1 and created_at < ? and (? is null or workflow_id = ?)')
      .all(before, workflowId ?? null, workflowId ?? null)
      .map((row) => String(row.id));
    for (const id of ids) this.forget(id);
    return ids;
  }

  load(runId: string): { row: RunRow; journal: string[] } | undefined {
    const row = this.sql('select * from runs where id = ?').get(runId);
    if (!row) return undefined;
    const journal = this.sql('select entries from journal where run_id = ? order by seq').all(runId);
    return { row: rowOf(row), journal: journal.map(({ entries }) => String(entries)) };
  }

  list({ workflowId, status, before, limit }: ListQuery): Pick<RunRow, 'id' | 'createdAt' | 'header' | 'summary'>[] {
    const where: string[] = [];
    const values: (string | number)[] = [];
    if (workflowId !== undefined) {
      where.push('workflow_id = ?');
      values.push(workflowId);
    }
    if (status.length > 0) {
      where.push(`status in (${status.map(() => '?').join(', ')})`);
      values.push(...status);
    }
    if (before) {
      where.push('(created_at, id) < (?, ?)');
      values.push(before.createdAt, before.id);
    }
    return this.sql(
      `select id, created_at, header, summary from runs ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       order by created_at desc, id desc limit ?`,
    )
      .all(...values, limit)
      .map((row) => ({
        id: String(row.id),
        createdAt: Number(row.created_at),
        header: String(row.header),
        summary: textOrNull(row.summary),
      }));
  }

  unfinished(): string[] {
    return this.sql('select id from runs where finished = 0 order by created_at')
      .all()
      .map((row) => String(row.id));
  }

  saveVersion(hash: string, document: string): void {
    this.sql('insert into versions (hash, document) values (?, ?) on conflict do nothing').run(hash, document);
  }

  loadVersion(hash: string): string | undefined {
    const row = this.sql('select document from versions where hash = ?').get(hash);
    return row && String(row.document);
  }

  remember(workflowId: string, nodeId: string, key: string, value: string): void {
    this.sql('insert into node_memory values (?, ?, ?, ?) on conflict do update set value = excluded.value').run(
      workflowId,
      nodeId,
      key,
      value,
    );
  }

  recall(workflowId: string, nodeId: string, key: string): string | undefined {
    const row = this.sql('select value from node_memory where workflow_id = ? and node_id = ? and key = ?').get(
      workflowId,
      nodeId,
      key,
    );
    return row && String(row.value);
  }
}

function rowOf(row: Record<string, unknown>): RunRow {
  return {
    id: String(row.id),
    workflowId: String(row.workflow_id),
    status: String(row.status),
    createdAt: Number(row.created_at),
    key: textOrNull(row.key),
    header: String(row.header),
    summary: textOrNull(row.summary),
    input: row.input as Uint8Array,
    snapshot: row.snapshot as Uint8Array | null,
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Acts that write, by name; the others only read. */
export type RunAct =
  | 'accept'
  | 'append'
  | 'finish'
  | 'summarise'
  | 'forget'
  | 'forgetBefore'
  | 'saveVersion'
  | 'remember';
export type RunRead = 'load' | 'list' | 'unfinished' | 'loadVersion' | 'recall';

/** Where the tables are worked: each promise settles when its act is durable; reads see every act called before. */
export interface RunWriter {
  act<A extends RunAct>(name: A, ...args: Parameters<RunTables[A]>): Promise<ReturnType<RunTables[A]>>;
  read<R extends RunRead>(name: R, ...args: Parameters<RunTables[R]>): Promise<ReturnType<RunTables[R]>>;
  close(): Promise<void>;
}
