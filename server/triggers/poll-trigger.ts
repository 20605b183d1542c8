import type { Clock } from '../../engine/ports.ts';
import type { NodeContext, TriggerSource } from '../../sdk/index.ts';
import type { ActiveTrigger, TriggerPlace } from './trigger-place.ts';

export type PollSource = Extract<TriggerSource, { kind: 'poll' }>;

interface Remembered {
  readonly cursor: unknown;
  /** Cursor of a run that has been started and whose end is not known yet. */
  readonly pending?: { readonly cursor: unknown; readonly runId: string };
}

/** Longest pause between tries while a service cannot be read. */
const LONGEST_PAUSE = 15 * 60_000;

/**
 * Asks a service for what is new. The cursor moves on only when the run that got the records has succeeded; if it fails, the same
 * records come again. While a run is on, nothing is asked.
 */
export class PollTrigger implements ActiveTrigger {
  private readonly place: TriggerPlace;
  private readonly source: PollSource;
  private readonly clock: Clock;
  private readonly context: (signal: AbortSignal) => Promise<NodeContext>;
  private readonly statusOf: (runId: string) => Promise<string | undefined>;
  private readonly abort = new AbortController();
  private stopTimer: (() => void) | undefined;
  private failures = 0;
  next: number | undefined;

  constructor(
    place: TriggerPlace,
    source: PollSource,
    clock: Clock,
    world: {
      context: (signal: AbortSignal) => Promise<NodeContext>;
      /** Final status of a run, once it has ended; `undefined` if there is no such run. */
      statusOf: (runId: string) => Promise<string | undefined>;
    },
  ) {
    this.place = place;
    this.source = source;
    this.clock = clock;
    this.context = world.context;
    this.statusOf = world.statusOf;
  }

  async start(): Promise<void> {
    void this.turn();
  }

  stop(): void {
    this.abort.abort(new Error('The trigger was taken down'));
    this.stopTimer?.();
  }

  private async turn(): Promise<void> {
    this.next = undefined;
    try {
      await this.settlePending();
      await this.poll();
      this.failures = 0;
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.failures++;
      this.place.failed('The service could not be asked for what is new', error);
    }
    if (this.abort.signal.aborted) return;
    const pause = Math.min(this.source.every * 2 ** this.failures, Math.max(LONGEST_PAUSE, this.source.every));
    this.next = this.clock.now() + pause;
    this.stopTimer = this.clock.after(pause, () => void this.turn());
  }

  private async settlePending(): Promise<void> {
    const remembered = this.remembered();
    if (!remembered.pending) return;
    const { runId, cursor } = remembered.pending;
    const status = await this.statusOf(runId);
    if (this.abort.signal.aborted) return;
    this.place.remember({ cursor: status === 'succeeded' ? cursor : remembered.cursor });
  }

  private async poll(): Promise<void> {
    const before = this.remembered();
    const { records, cursor } = await this.source.poll(before.cursor, await this.context(this.abort.signal));
    if (this.abort.signal.aborted) return;
    if (records.length === 0) {
      this.place.remember({ cursor });
      return;
    }
    const key = `poll:${this.place.workflowId}:${this.place.nodeId}:${this.clock.now()}`;
    const started = await this.place.start({ records, key });
    if (!started) return;
    this.place.remember({ ...before, pending: { cursor, runId: started.id } });
    await started.finished.catch(() => {});
    await this.settlePending();
  }

  private remembered(): Remembered {
    return (this.place.remembered() as Remembered | undefined) ?? { cursor: undefined };
  }
}
