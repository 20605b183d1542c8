import { storageFault } from '../storage-fault.ts';
import type { Database } from './database.ts';
import { DiskWitness } from './disk-witness.ts';
import { type NewRun, type RunAct, type RunRead, RunTables, type RunWriter } from './run-tables.ts';

/** Milliseconds between two tries to write what the disk has refused. */
const RETRY = 1_000;

interface Queued {
  readonly apply: () => unknown;
  readonly subject: Subject;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Of the commits on a disk. */
type Witness = Pick<DiskWitness, 'check' | 'close'>;

/** The run that an act is about; `owed` where it was accepted before, so that the act must come to be written. */
interface Subject {
  readonly run?: string;
  readonly owed: boolean;
}

/**
 * Group commit in this thread: acts that come in one turn of the event loop go into one transaction, in order, and each promise
 * settles when it is on disk. Acts do not fail by design (`on conflict`); one that throws takes its whole group back.
 *
 * Where the disk is full or fails, acts that accept something are refused, and whoever asked is told; acts that are owed to runs accepted
 * before stay first in the queue, and are tried again until they are written. Once a commit came back that cannot be trusted, nothing is
 * written and nobody is told of anything any more: what is owed goes on after the next start, from what is on the disk then.
 */
export class GroupCommit implements RunWriter {
  private readonly db: Database;
  private readonly witness: Witness | undefined;
  private readonly tables: RunTables;
  private readonly begin;
  private readonly commit;
  private readonly rollback;
  private queue: Queued[] = [];
  private scheduled = false;
  private retry: NodeJS.Timeout | undefined;
  /** Runs whose acceptance was refused, and of which nothing more is written. */
  private readonly refused = new Set<string>();
  private probes = 0;
  /** Why no commit counts any more. */
  private distrust: unknown;

  constructor(db: Database, witness = witnessOf(db)) {
    this.db = db;
    this.witness = witness;
    this.tables = new RunTables(db);
    this.begin = db.prepare('begin immediate');
    this.commit = db.prepare('commit');
    this.rollback = db.prepare('rollback');
  }

  act<A extends RunAct>(name: A, ...args: Parameters<RunTables[A]>): Promise<ReturnType<RunTables[A]>> {
    return this.queued(() => this.call(name, args), subjectOf(name, args)) as Promise<ReturnType<RunTables[A]>>;
  }

  async probe(): Promise<void> {
    this.probes = (this.probes + 1) % 1_000_000;
    await this.queued(() => this.db.exec(`pragma user_version = ${this.probes}`), { owed: false });
  }

  private queued(apply: () => unknown, subject: Subject): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.queue.push({ apply, subject, resolve, reject });
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
    clearTimeout(this.retry);
    this.witness?.close();
    for (const { reject } of this.queue) reject(new Error('The run store was closed before this could be written'));
    this.queue = [];
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
      if (this.distrust !== undefined) throw this.distrust;
      this.begin.run();
      for (const one of queued) results.push(one.apply());
      this.commit.run();
      this.confirm();
    } catch (error) {
      if (this.db.isOpen && this.db.isTransaction) this.rollback.run();
      this.turnDown(queued, error);
      return;
    }
    queued.forEach((one, i) => {
      one.resolve(results[i]);
    });
  }

  private confirm(): void {
    try {
      this.witness?.check();
    } catch (error) {
      this.distrust = error;
      throw error;
    }
  }

  private turnDown(queued: readonly Queued[], error: unknown): void {
    const isDisk = storageFault(error) !== undefined;
    for (const { subject } of queued)
      if (isDisk && !subject.owed && subject.run !== undefined) this.refused.add(subject.run);
    for (const one of queued) {
      const { run, owed } = one.subject;
      if (isDisk && owed && !(run !== undefined && this.refused.has(run))) this.queue.push(one);
      else one.reject(error);
    }
    if (this.refused.size > 10_000) this.refused.clear();
    if (this.queue.length === 0) return;
    this.retry ??= setTimeout(() => {
      this.retry = undefined;
      this.flush();
    }, RETRY);
  }
}

function witnessOf(db: Database): Witness | undefined {
  const file = db.location();
  return file === null ? undefined : new DiskWitness(file);
}

function subjectOf(name: RunAct, args: readonly unknown[]): Subject {
  switch (name) {
    case 'accept':
      return { run: (args[0] as NewRun)[0], owed: false };
    case 'finish':
      // One that has no journal was never accepted: it is written whole, or its caller is told.
      return { run: (args[0] as NewRun)[0], owed: args[2] === true };
    case 'append':
    case 'stand':
    case 'forget':
      return { run: args[0] as string, owed: true };
    default:
      return { owed: false };
  }
}
