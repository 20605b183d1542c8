import type { Database } from './database.ts';
import { type RunAct, type RunRead, RunTables, type RunWriter } from './run-tables.ts';

interface Queued {
  readonly apply: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit in this thread: acts that come in one turn of the event loop go into one transaction, in order, and each promise
 * settles when it is on disk. Acts do not fail by design (`on conflict`); one that throws takes its whole group back.
 */
export class GroupCommit implements RunWriter {
  private readonly db: Database;
  private readonly tables: RunTables;
  private readonly begin;
  private readonly commit;
  private readonly rollback;
  private queue: Queued[] = [];
  private scheduled = false;

  constructor(db: Database) {
    this.db = db;
    this.tables = new RunTables(db);
    this.begin = db.prepare('begin immediate');
    this.commit = db.prepare('commit');
    this.rollback = db.prepare('rollback');
  }

  act<A extends RunAct>(name: A, ...args: Parameters<RunTables[A]>): Promise<ReturnType<RunTables[A]>> {
    return new Promise((resolve, reject) => {
      this.queue.push({ apply: () => this.call(name, args), resolve: resolve as (value: unknown) => void, reject });
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => this.flush());
    });
  }

  async read<R extends RunRead>(name: R, ...args: Parameters<RunTables[R]>): Promise<ReturnType<RunTables[R]>> {
    this.flush();
    return this.call(name, args) as ReturnType<RunTables[R]>;
  }

  async close(): Promise<void> {
    this.flush();
  }

  private call(name: RunAct | RunRead, args: readonly unknown[]): unknown {
    return (this.tables[name] as (...given: unknown[]) => unknown).apply(this.tables, [...args]);
  }

  private flush(): void {
    this.scheduled = false;
    const queued = this.queue;
    if (queued.length === 0) return;
    this.queue = [];
    const results: unknown[] = [];
    try {
      this.begin.run();
      for (const one of queued) results.push(one.apply());
      this.commit.run();
    } catch (error) {
      if (this.db.isOpen && this.db.isTransaction) this.rollback.run();
      for (const one of queued) one.reject(error);
      return;
    }
    queued.forEach((one, i) => {
      one.resolve(results[i]);
    });
  }
}
