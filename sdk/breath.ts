import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest stretch of work, in milliseconds, before others get their turn. */
const STRETCH = 8;

/**
 * Keeps a long loop from holding the event loop: `if (breath.due()) await breath.pause();` for each record. The clock is looked at
 * on every 32nd call only.
 */
export class Breath {
  #calls = 0;
  #since = performance.now();

  due(): boolean {
    this.#calls++;
    return (this.#calls & 31) === 0 && performance.now() - this.#since > STRETCH;
  }

  async pause(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}
