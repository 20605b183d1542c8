/** What can be made to go wrong in the practice Slack; all off until asked for. */
export interface SlackFaults {
  slowMs: number;
  /** Answer the next `count` calls with 429 and this `Retry-After`. */
  rateLimitNext: { count: number; retryAfterSeconds: number };
  /** Hold posts to about one a second and channel, as Slack itself does. */
  realRateLimit: boolean;
  /** Answer the next `count` calls with `ok: false` and this error, and do nothing. */
  errorNext: { count: number; error: string };
  /** Answer the next `count` calls with this HTTP status, and do nothing. */
  failNext: { count: number; status: 500 | 503 };
  /** Do what the next this many writing calls ask, then cut the connection: the outcome is uncertain. */
  dropAfterEffect: number;
  /** Refuse every token with `token_revoked`. */
  tokenRevoked: boolean;
}

function noFaults(): SlackFaults {
  return {
    slowMs: 0,
    rateLimitNext: { count: 0, retryAfterSeconds: 1 },
    realRateLimit: false,
    errorNext: { count: 0, error: 'internal_error' },
    failNext: { count: 0, status: 500 },
    dropAfterEffect: 0,
    tokenRevoked: false,
  };
}

const POST_INTERVAL = 1000;

export class SlackFaultState {
  settings: SlackFaults = noFaults();
  readonly #clock: () => number;
  readonly #lastPost = new Map<string, number>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  set(changes: Partial<SlackFaults>): void {
    this.settings = { ...this.settings, ...changes };
  }

  clear(): void {
    this.settings = noFaults();
    this.#lastPost.clear();
  }

  /** Counts a fault down; true where it is this call's turn. */
  take(name: 'rateLimitNext' | 'errorNext' | 'failNext'): boolean {
    const fault = this.settings[name];
    if (fault.count <= 0) return false;
    fault.count--;
    return true;
  }

  takeDrop(): boolean {
    if (this.settings.dropAfterEffect <= 0) return false;
    this.settings.dropAfterEffect--;
    return true;
  }

  /** Seconds to wait before the next post to this channel; 0 where it may go now, which is then counted. */
  secondsUntilPost(channel: string): number {
    if (!this.settings.realRateLimit) return 0;
    const now = this.#clock();
    const free = (this.#lastPost.get(channel) ?? 0) + POST_INTERVAL;
    if (now < free) return Math.ceil((free - now) / 1000);
    this.#lastPost.set(channel, now);
    return 0;
  }
}
