import type { Clock } from '../../engine/ports.ts';
import { NodeError } from '../../sdk/index.ts';
import type { CredentialLimits } from '../../spec/api/credential.ts';

const PERIODS = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const;
/** Milliseconds of a pause that calls wait out; before the end of a longer one they fail, so that a person hears of it. */
const PATIENCE = 300_000;
/** Pause after "too many requests" without a time. */
const SHORT = 1_000;

interface Waiting {
  readonly begin: () => void;
}

/**
 * The calls that are made with one credential, by all runs: at most so many in any period, at most so many at once, and none before the time
 * that the service has asked for. Who comes first is served first.
 *
 *   free     -> the call is made
 *   full     -> it waits for another to end, for the window to move on, or for the pause to end; a stop of its step ends the waiting
 *   paused for long -> it fails as `rate-limited`
 */
export class CallBudget {
  private readonly clock: Clock;
  private readonly name: string;
  private limits: CredentialLimits;
  private readonly queue: Waiting[] = [];
  /** Times of the calls of the last period, oldest first from `head` on. */
  private begun: number[] = [];
  private head = 0;
  private running = 0;
  private pausedUntil = 0;
  private stopTimer: (() => void) | undefined;

  constructor(clock: Clock, name: string, limits: CredentialLimits) {
    this.clock = clock;
    this.name = name;
    this.limits = limits;
  }

  change(limits: CredentialLimits): void {
    this.limits = limits;
    this.next();
  }

  /** Makes a call when it is its turn. Rejects with a NodeError, so that nobody takes it for made, when its step is stopped before. */
  async call<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw notBegun(this.name, signal.reason);
    this.refuseIfPaused();
    if (this.queue.length > 0 || this.nextTime() > this.clock.now()) await this.turn(signal);
    else this.begin();
    try {
      return await act();
    } finally {
      this.running--;
      this.next();
    }
  }

  /** The service wants no call for a while; `ms` as it said, if it did. */
  pause(ms: number | undefined): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + (ms ?? SHORT));
    this.arm();
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(notBegun(this.name, signal.reason));
      };
      const waiting = {
        begin: () => {
          signal.removeEventListener('abort', aborted);
          resolve();
        },
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.queue.push(waiting);
      this.arm();
    });
  }

  private next(): void {
    while (this.queue.length > 0 && this.nextTime() <= this.clock.now()) {
      this.begin();
      this.queue.shift()?.begin();
    }
    this.arm();
  }

  private begin(): void {
    this.running++;
    if (this.limits.requests !== undefined) this.begun.push(this.clock.now());
  }

  /** When a call may begin, as far as time decides; never while too many are under way. */
  private nextTime(): number {
    const { requests, per = 'second', parallel } = this.limits;
    if (parallel !== undefined && this.running >= parallel) return Number.POSITIVE_INFINITY;
    if (requests === undefined) return this.pausedUntil;
    const period = PERIODS[per];
    const now = this.clock.now();
    while (this.head < this.begun.length && (this.begun[this.head] as number) + period <= now) this.head++;
    if (this.head > 1000) {
      this.begun = this.begun.slice(this.head);
      this.head = 0;
    }
    if (this.begun.length - this.head < requests) return this.pausedUntil;
    return Math.max(this.pausedUntil, (this.begun[this.begun.length - requests] as number) + period);
  }

  private arm(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
    const at = this.queue.length > 0 ? this.nextTime() : Number.POSITIVE_INFINITY;
    if (at === Number.POSITIVE_INFINITY) return;
    this.stopTimer = this.clock.after(Math.max(0, at - this.clock.now()), () => this.next());
  }

  private refuseIfPaused(): void {
    const left = this.pausedUntil - this.clock.now();
    if (left <= PATIENCE) return;
    throw new NodeError({
      class: 'rate-limited',
      code: 'credential-paused',
      message: `The service behind "${this.name}" wants no more requests for another ${Math.ceil(left / 60_000)} minutes.`,
      remedy:
        'Restart the run when that time is over. To stay below what the service allows, set limits in the credential.',
      retryAfter: left,
    });
  }
}

function notBegun(name: string, cause: unknown): NodeError {
  return new NodeError({
    class: 'transient',
    code: 'call-not-begun',
    message: `The step was stopped while it waited for its turn to call "${name}".`,
    remedy: 'Nothing was sent. Try again.',
    cause,
  });
}
