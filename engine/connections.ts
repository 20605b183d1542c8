import type { Clock } from './ports.ts';

interface Shared {
  readonly client: Promise<unknown>;
  readonly close: (client: unknown) => Promise<void> | void;
  idle: () => void;
}

/** Milliseconds after its last use that a client is closed. */
const IDLE = 60_000;

/** Clients shared by all runs, by credential and key: opened at first use, closed when idle. */
export class Connections {
  private readonly clock: Clock;
  private readonly shared = new Map<string, Shared>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async connect<T>(
    credential: string,
    key: string,
    open: () => Promise<T>,
    close: (client: T) => Promise<void> | void,
  ): Promise<T> {
    const name = `${credential}\n${key}`;
    let found = this.shared.get(name);
    if (!found) {
      const client = open();
      found = { client, close: close as (client: unknown) => Promise<void> | void, idle: () => {} };
      this.shared.set(name, found);
      client.catch(() => this.shared.delete(name));
    }
    found.idle();
    found.idle = this.clock.after(IDLE, () => void this.drop(name));
    return (await found.client) as T;
  }

  /** Closes one client, or every client of a credential. */
  async disconnect(credential: string, key?: string): Promise<void> {
    const names = [...this.shared.keys()].filter((name) =>
      key === undefined ? name.startsWith(`${credential}\n`) : name === `${credential}\n${key}`,
    );
    await Promise.all(names.map((name) => this.drop(name)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.shared.keys()].map((name) => this.drop(name)));
  }

  private async drop(name: string): Promise<void> {
    const found = this.shared.get(name);
    if (!found) return;
    this.shared.delete(name);
    found.idle();
    await found.client.then(found.close).catch(() => {});
  }
}
