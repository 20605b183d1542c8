/** Longest stretch of work of one loop, in milliseconds, before others get their turn. */
const STRETCH = 4;

/** Loops that wait for their turn, in order. */
const waiting: (() => void)[] = [];

/** One loop a turn of the event loop: were all that pause let on at once, a caller would wait for the stretches of all of them. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(letOneOn);
  });
}

function letOneOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(letOneOn);
}

/**
 * Keeps a long loop from holding the event loop: `if (breath.due()) await breath.pause();` for each record. The clock is looked at
 * on every 32nd call only.
 */
export class Breath {
  #calls = 0;
  #since = performance.now();

  due(): boolean {
    this.#calls++;
    return (this.#calls & 31) === 0 && this.isSpent;
  }

  /** The same for each batch: looks at the clock every time. */
  get isSpent(): boolean {
    return performance.now() - this.#since > STRETCH;
  }

  async pause(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}
