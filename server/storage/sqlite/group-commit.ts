import type { Database } from './database.ts';

interface Act {
  readonly apply: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: acts that come in one turn of the event loop go into one transaction, in order, and each promise settles when it is
 * on disk. Acts must not fail by design (use `on conflict`): one that throws takes the whole group back.
 */
export class GroupCommit {
  private readonly db: Database;
  private readonly begin;
  private readonly commit;
  private readonly rollback;
  private queue: Act[] = [];
  private scheduled = false;

  constructor(db: Database) {
    this.db = db;
    this.begin = db.prepare('begin immediate');
    this.commit = db.prepare('commit');
    this.rollback = db.prepare('rollback');
  }

  do<T>(apply: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ apply, resolve: resolve as (value: unknown) => void, reject });
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => this.flush());
    });
  }

  /** Commits what is queued now; reads that must see it call this first. */
  flush(): void {
    this.scheduled = false;
    const acts = this.queue;
    if (acts.length === 0) return;
    this.queue = [];
    const results: unknown[] = [];
    try {
      this.begin.run();
      for (const act of acts) results.push(act.apply());
      this.commit.run();
    } catch (error) {
      if (this.db.isTransaction) this.rollback.run();
      for (const act of acts) act.reject(error);
      return;
    }
    acts.forEach((act, i) => {
      act.resolve(results[i]);
    });
  }
}
