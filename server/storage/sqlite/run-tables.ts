import type { StatementSync } from 'node:sqlite';
import type { EndedRun, StoreUsage } from '../../../engine/ports.ts';
import { type Database, migrate } from './database.ts';
import { MIGRATIONS } from './run-migrations.ts';

/** Whether a run that has not ended restarts, called or was called by the run `r`. */
const IS_NEEDED = `exists (select 1 from runs o where o.restart_of = r.id and o.finished = 0)
  or exists (select 1 from runs o where o.id = r.called_by and o.finished = 0)
  or exists (select 1 from runs o where o.called_by = r.id and o.finished = 0)`;

/** Pages that one stretch of reclaiming gives back: some megabytes, so that no commit waits long for it. */
const RECLAIMED = 1024;

/** Characters of a journal that are read at once: what parsing them takes holds nobody up. */
const PAGE = 1024 * 1024;

/** Entries of a journal, those that were written at once as JSON each; `more` is where the next ones begin. */
export interface JournalRows {
  readonly journal: readonly string[];
  readonly more?: number;
}

/** How a run stands, in columns; times in epoch milliseconds, `error` as JSON. */
export interface StandingColumns {
  readonly status: string;
  readonly startedAt: number | null;
  /** Null while it has not ended. */
  readonly endedAt: number | null;
  readonly error: string | null;
}

/** A row of `runs`; header, input and snapshot are JSON. */
export interface RunRow extends StandingColumns {
  readonly id: string;
  readonly workflowId: string;
  readonly createdAt: number;
  readonly restartOf: string | null;
  readonly calledBy: string | null;
  readonly key: string | null;
  readonly header: string;
  readonly input: string;
  readonly snapshot: string | null;
}

/** A run as it is written: flat, since to copy the names of an object to another thread costs more than the values. */
export type NewRun = readonly [
  id: string,
  workflowId: string,
  createdAt: number,
  key: string | null,
  restartOf: string | null,
  calledBy: string | null,
  header: string,
  input: string,
];

/** How a run ended, beside the run. */
export type RunEnd = readonly [
  status: string,
  startedAt: number | null,
  endedAt: number | null,
  error: string | null,
  snapshot: string,
];

/** A row of `node_memory`; the value is JSON. With a number it is a list that joins the one there, of which the `most` newest are kept. */
export type MemoryRow = readonly [workflowId: string, nodeId: string, key: string, value: string, most: number | null];

export interface EndedQuery {
  readonly workflowId: string | null;
  readonly before: number | null;
  readonly after: { readonly createdAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

export interface EndedRow extends EndedRun {
  readonly createdAt: number;
}

/** What lists need of a row. */
export type ListedRow = StandingColumns & Pick<RunRow, 'id' | 'createdAt' | 'header'>;

export interface ListQuery {
  readonly workflowId: string | undefined;
  readonly status: readonly string[];
  readonly notRestarted: boolean;
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
    // Files of before cannot shrink; this once, they are written anew.
    if (Number(db.prepare('pragma auto_vacuum').get()?.auto_vacuum) === 0) {
      db.exec('pragma auto_vacuum = incremental; vacuum;');
    }
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
  accept(run: NewRun): string {
    const { changes } = this.sql(
      `insert into runs (status, id, workflow_id, created_at, key, restart_of, called_by, header, input)
       values ('queued', ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    ).run(...run);
    const [id, , , key] = run;
    if (Number(changes) > 0) return id;
    return (key === null ? undefined : this.ofKey(key)) ?? id;
  }

  ofKey(key: string): string | undefined {
    const row = this.sql('select id from runs where key = ?').get(key);
    return row && String(row.id);
  }

  append(runId: string, entries: string): void {
    this.sql('insert into journal (run_id, seq, entries) values (?, ?, ?)').run(runId, ++this.seq, entries);
  }

  finish(run: NewRun, end: RunEnd, hasJournal: boolean, memory: readonly MemoryRow[]): void {
    const [id, , , , , , header, input] = run;
    const [, , , , snapshot] = end;
    const bytes = Buffer.byteLength(header) + Buffer.byteLength(input) + Buffer.byteLength(snapshot);
    this.sql(
      `insert into runs (finished, id, workflow_id, created_at, key, restart_of, called_by, header, input,
         status, started_at, ended_at, error, snapshot, bytes)
       values (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (id) do update set status = excluded.status, finished = 1, started_at = excluded.started_at,
         ended_at = excluded.ended_at, error = excluded.error, bytes = excluded.bytes, snapshot = excluded.snapshot`,
    ).run(...run, ...end, bytes);
    if (hasJournal) this.sql('delete from journal where run_id = ?').run(id);
    this.remember(memory);
  }

  stand(runId: string, { status, startedAt, error }: StandingColumns): void {
    this.sql('update runs set status = ?, started_at = ?, error = ? where id = ? and finished = 0').run(
      status,
      startedAt,
      error,
      runId,
    );
  }

  forget(runId: string, memory: readonly MemoryRow[]): void {
    this.sql('delete from journal where run_id = ?').run(runId);
    this.sql('delete from runs where id = ?').run(runId);
    this.remember(memory);
  }

  forgetEnded(ids: readonly string[]): string[] {
    const forget = this.sql(`delete from runs as r where id = ? and finished = 1 and not (${IS_NEEDED})`);
    return ids.filter((id) => Number(forget.run(id).changes) > 0);
  }

  /** A run has not ended before it was accepted: none is looked at that came later than `before`. */
  ended({ workflowId, before, after, limit }: EndedQuery): EndedRow[] {
    const ofOne = workflowId === null ? '' : 'and workflow_id = ?';
    const latest = before ?? Number.MAX_SAFE_INTEGER;
    return this.sql(
      `select id, workflow_id, created_at, ended_at, bytes,
         ${IS_NEEDED} as needed,
         exists (select 1 from runs o where o.restart_of = r.id)
           or exists (select 1 from runs o where o.id = r.called_by) as shared
       from runs r
       where ended_at < ? and created_at < ? and (created_at, id) > (?, ?) ${ofOne} order by created_at, id limit ?`,
    )
      .all(
        latest,
        latest,
        after?.createdAt ?? Number.MIN_SAFE_INTEGER,
        after?.id ?? '',
        ...(workflowId === null ? [] : [workflowId]),
        limit,
      )
      .map((row) => ({
        id: String(row.id),
        workflowId: String(row.workflow_id),
        createdAt: Number(row.created_at),
        endedAt: Number(row.ended_at),
        bytes: Number(row.bytes),
        isNeeded: Number(row.needed) === 1,
        isShared: Number(row.shared) === 1,
      }));
  }

  known(ids: readonly string[]): { id: string; workflowId: string; isOver: boolean }[] {
    return ids.flatMap((id) => {
      const row = this.sql('select workflow_id, finished from runs where id = ?').get(id);
      return row ? [{ id, workflowId: String(row.workflow_id), isOver: Number(row.finished) === 1 }] : [];
    });
  }

  usage(): StoreUsage[] {
    return this.sql(
      'select workflow_id, count(*) as runs, sum(bytes) as bytes, min(ended_at) as oldest from runs group by workflow_id',
    )
      .all()
      .map((row) => ({
        workflowId: String(row.workflow_id),
        runs: Number(row.runs),
        bytes: Number(row.bytes),
        ...(row.oldest === null ? {} : { oldest: Number(row.oldest) }),
      }));
  }

  /** Not inside a transaction: the file shrinks only when what was written is moved into it. */
  reclaim(): number {
    const free = () => Number(this.sql('pragma freelist_count').get()?.freelist_count);
    if (free() === 0) return 0;
    this.db.exec(`pragma incremental_vacuum(${RECLAIMED}); pragma wal_checkpoint(truncate);`);
    return free() * Number(this.sql('pragma page_size').get()?.page_size);
  }

  load(runId: string): ({ row: RunRow } & JournalRows) | undefined {
    const row = this.sql('select * from runs where id = ?').get(runId);
    return row && { row: rowOf(row), ...this.journalFrom(runId, 0) };
  }

  loadJournal(runId: string, from: number): JournalRows | undefined {
    const isOpen = this.sql('select 1 from runs where id = ? and finished = 0').get(runId) !== undefined;
    return isOpen ? this.journalFrom(runId, from) : undefined;
  }

  private journalFrom(runId: string, from: number): JournalRows {
    const journal: string[] = [];
    let length = 0;
    for (const { seq, entries } of this.sql(
      'select seq, entries from journal where run_id = ? and seq > ? order by seq',
    ).iterate(runId, from)) {
      journal.push(String(entries));
      length += String(entries).length;
      if (length >= PAGE) return { journal, more: Number(seq) };
    }
    return { journal };
  }

  list({ workflowId, status, notRestarted, before, limit }: ListQuery): ListedRow[] {
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
    if (notRestarted) where.push('not exists (select 1 from runs as later where later.restart_of = runs.id)');
    if (before) {
      where.push('(created_at, id) < (?, ?)');
      values.push(before.createdAt, before.id);
    }
    return this.sql(
      `select id, created_at, header, status, started_at, ended_at, error from runs ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       order by created_at desc, id desc limit ?`,
    )
      .all(...values, limit)
      .map((row) => ({
        id: String(row.id),
        createdAt: Number(row.created_at),
        header: String(row.header),
        ...standingOf(row),
      }));
  }

  unfinished(): { header: string; status: string }[] {
    return this.sql('select header, status from runs where finished = 0 order by created_at, rowid')
      .all()
      .map((row) => ({ header: String(row.header), status: String(row.status) }));
  }

  called(runId: string): string[] {
    return this.sql(
      `with recursive line (id) as (
         select ? union select r.restart_of from runs r join line on r.id = line.id where r.restart_of is not null
       )
       select id from runs where called_by in (select id from line) and finished = 0 order by created_at, rowid`,
    )
      .all(runId)
      .map((row) => String(row.id));
  }

  saveVersion(hash: string, document: string): void {
    this.sql('insert into versions (hash, document) values (?, ?) on conflict do nothing').run(hash, document);
  }

  loadVersion(hash: string): string | undefined {
    const row = this.sql('select document from versions where hash = ?').get(hash);
    return row && String(row.document);
  }

  private remember(memory: readonly MemoryRow[]): void {
    for (const [workflowId, nodeId, key, value, most] of memory) {
      this.sql('insert into node_memory values (?, ?, ?, ?) on conflict do update set value = excluded.value').run(
        workflowId,
        nodeId,
        key,
        most === null ? value : joined(this.recall(workflowId, nodeId, key), value, most),
      );
    }
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

/** Anything else than a list that was there before is given up. */
function joined(known: string | undefined, added: string, most: number): string {
  const before: unknown = JSON.parse(known ?? '[]');
  const all = new Set([...(Array.isArray(before) ? before : []), ...(JSON.parse(added) as string[])]);
  return JSON.stringify([...all].slice(-most));
}

function rowOf(row: Columns): RunRow {
  return {
    id: String(row.id),
    workflowId: String(row.workflow_id),
    createdAt: Number(row.created_at),
    restartOf: textOrNull(row.restart_of),
    calledBy: textOrNull(row.called_by),
    key: textOrNull(row.key),
    header: String(row.header),
    input: String(row.input),
    snapshot: textOrNull(row.snapshot),
    ...standingOf(row),
  };
}

type Columns = Readonly<Record<string, unknown>>;

function standingOf(row: Columns): StandingColumns {
  return {
    status: String(row.status),
    startedAt: numberOrNull(row.started_at),
    endedAt: numberOrNull(row.ended_at),
    error: textOrNull(row.error),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Acts that are committed in groups, by name. */
export type RunAct = 'accept' | 'append' | 'finish' | 'stand' | 'forget' | 'forgetEnded' | 'saveVersion';
/** What is done by itself, in no group: everything called before is durable then. */
export type RunRead =
  | 'load'
  | 'loadJournal'
  | 'list'
  | 'unfinished'
  | 'called'
  | 'ofKey'
  | 'loadVersion'
  | 'recall'
  | 'ended'
  | 'known'
  | 'usage'
  | 'reclaim';

/** Where the tables are worked: each promise settles when its act is durable; reads see every act called before. */
export interface RunWriter {
  act<A extends RunAct>(name: A, ...args: Parameters<RunTables[A]>): Promise<ReturnType<RunTables[A]>>;
  read<R extends RunRead>(name: R, ...args: Parameters<RunTables[R]>): Promise<ReturnType<RunTables[R]>>;
  /** Writes something of no account. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
