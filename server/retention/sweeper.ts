import type { BlobStore, Clock, EndedRun, RunStore } from '../../engine/ports.ts';
import { filesFolder, runFolder } from '../../engine/step-blobs.ts';
import { type BlobUsage, blobUsage } from './blob-usage.ts';
import { bytesOf, overdueRuns } from './overdue.ts';
import type { Policy } from './policy.ts';
import type { Removals } from './removals.ts';

/** Milliseconds from one sweep to the next. */
const EVERY = 3_600_000;
/** From a start to the first one, so that what was left unfinished goes on first. */
const FIRST = 10_000;
/** Run ids that the store is asked about at once. */
const PAGE = 200;

type Store = Pick<RunStore, 'endedRuns' | 'usage' | 'knownRuns' | 'deleteRuns' | 'reclaim' | 'loadRun'>;

export interface SweeperOptions {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly policy: Policy;
  readonly removals: Removals;
  readonly clock: Clock;
  /** Whether a run is being worked on in this process. */
  readonly isActive: (runId: string) => boolean;
  readonly swept: (report: SweepReport) => void;
  readonly failed: (what: string, error: unknown) => void;
}

/** What a sweep did. */
export interface SweepReport {
  readonly runs: number;
  readonly bytes: number;
  /** Blobs that belonged to nothing. */
  readonly orphans: { readonly count: number; readonly bytes: number };
}

/**
 * Gives space back, now and then: blobs that nothing points at any more, such as after a crash, and the runs that retention lets go.
 *
 * It never meets what is being written. A run is asked about after its blobs were seen: then it is either worked on here, or in the store, or gone.
 * Rows go before blobs, so that what a crash leaves in between is an orphan for the next sweep.
 */
export class Sweeper {
  readonly totals = { runs: 0, bytes: 0 };
  private readonly options: SweeperOptions;
  /** Ended runs that have been looked through: what is left of them does not change any more. */
  private readonly clean = new Set<string>();
  private stopTimer: (() => void) | undefined;
  private sweeping: Promise<SweepReport> | undefined;
  private closed = false;

  constructor(options: SweeperOptions) {
    this.options = options;
  }

  start(): void {
    this.arm(FIRST);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stopTimer?.();
    await this.sweeping?.catch(() => {});
  }

  /** One at a time: whoever asks while one is on gets that one. */
  sweep(): Promise<SweepReport> {
    this.sweeping ??= this.once().finally(() => {
      this.sweeping = undefined;
    });
    return this.sweeping;
  }

  private arm(after: number): void {
    this.stopTimer = this.options.clock.after(after, () => {
      void this.sweep()
        .then(this.options.swept, (error: unknown) => this.options.failed('Old runs could not be cleared away', error))
        .finally(() => !this.closed && this.arm(EVERY));
    });
  }

  private async once(): Promise<SweepReport> {
    const { store, blobs, policy, clock } = this.options;
    const usage = await blobUsage(blobs);
    const orphans = await this.clearOrphans(usage);
    let runs = 0;
    let bytes = 0;
    for await (const overdue of overdueRuns({ store, blobs: usage, policy, now: clock.now() })) {
      if (this.closed) break;
      const removed = await this.remove(overdue.runs, usage);
      runs += removed.length;
      bytes += bytesOf(removed, usage);
    }
    await this.reclaim();
    this.totals.runs += runs;
    this.totals.bytes += bytes + orphans.bytes;
    return { runs, bytes, orphans };
  }

  /** Stretch by stretch, so that commits come in between; until nothing is left, or no more is to be had. */
  private async reclaim(): Promise<void> {
    let left = Number.POSITIVE_INFINITY;
    for (;;) {
      const before = left;
      left = this.closed ? 0 : await this.options.store.reclaim();
      if (left === 0 || left >= before) return;
    }
  }

  /** Gives what is gone: a run that another has come to need meanwhile stays. */
  private async remove(runs: readonly EndedRun[], usage: ReadonlyMap<string, BlobUsage>): Promise<EndedRun[]> {
    const { store, blobs, removals, clock } = this.options;
    const gone = new Set(await store.deleteRuns(runs.map(({ id }) => id)));
    const removed = runs.filter(({ id }) => gone.has(id));
    for (const [workflowId, some] of Map.groupBy(removed, (run) => run.workflowId)) {
      removals.add(workflowId, some.length, Math.max(...some.map(({ endedAt }) => endedAt)), clock.now());
    }
    for (const { id } of removed) {
      this.clean.delete(id);
      if (usage.has(id)) await blobs.delete(runFolder(id));
    }
    return removed;
  }

  private async clearOrphans(usage: Map<string, BlobUsage>): Promise<SweepReport['orphans']> {
    const { store, blobs, isActive } = this.options;
    let count = 0;
    let bytes = 0;
    const note = (size: number) => {
      count++;
      bytes += size;
    };
    const ids = [...usage.keys()];
    for (let at = 0; at < ids.length && !this.closed; at += PAGE) {
      const asked = ids.slice(at, at + PAGE).filter((id) => !isActive(id) && !this.clean.has(id));
      const known = new Map((await store.knownRuns(asked)).map((run) => [run.id, run]));
      for (const id of asked) {
        const run = known.get(id);
        if (run?.isOver) await this.clearLeftovers(id, note);
        else if (!run) {
          note(usage.get(id)?.bytes ?? 0);
          await blobs.delete(runFolder(id));
          usage.delete(id);
        }
      }
    }
    return { count, bytes };
  }

  /** What attempts left that did not come to their end. What an ended run is made of stands in its snapshot, by name. */
  private async clearLeftovers(id: string, note: (bytes: number) => void): Promise<void> {
    const { store, blobs } = this.options;
    const snapshot = (await store.loadRun(id))?.snapshot;
    if (snapshot === undefined) return;
    for await (const { name, bytes } of blobs.list(runFolder(id))) {
      if (name.startsWith(`${filesFolder(id)}/`) || snapshot.includes(JSON.stringify(name))) continue;
      note(bytes);
      await blobs.delete(name);
    }
    this.clean.add(id);
  }
}
