import { type RunEvent, runEventSchema } from '../../spec/api/run.ts';

type Listener = (event: RunEvent) => void;

/**
 * One connection to the server's events for the whole app: opened by the first listener, closed after the last.
 *
 *   idle --listen--> connecting --open--> live --error--> connecting (EventSource retries by itself) ...
 *
 * Events before the connection stands, or in a gap of it, are lost: whenever it opens, `onGap` listeners read again what they show.
 */
export class EventFeed {
  readonly #open: () => EventSource;
  readonly #listeners = new Set<Listener>();
  readonly #gapListeners = new Set<() => void>();
  #source: EventSource | undefined;

  constructor(open: () => EventSource) {
    this.#open = open;
  }

  /** Gives the function that ends listening. */
  listen(listener: Listener, onGap?: () => void): () => void {
    this.#listeners.add(listener);
    if (onGap) this.#gapListeners.add(onGap);
    this.#connect();
    return () => {
      this.#listeners.delete(listener);
      if (onGap) this.#gapListeners.delete(onGap);
      if (this.#listeners.size === 0) this.#close();
    };
  }

  #connect(): void {
    if (this.#source) return;
    const source = this.#open();
    source.onmessage = (message: MessageEvent<string>) => this.#receive(message.data);
    source.onopen = () => {
      for (const listener of this.#gapListeners) listener();
    };
    this.#source = source;
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #receive(data: string): void {
    const event = runEventSchema.safeParse(parse(data));
    if (event.success) for (const listener of this.#listeners) listener(event.data);
  }
}

export const events = new EventFeed(() => new EventSource('/api/v1/events'));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
