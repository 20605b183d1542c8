/** Milliseconds that a step may hold the event loop before it lets others in. */
const SLICE = 8;

/** Makes the loops over records let the event loop in, at most every few milliseconds. */
export class Pace {
  private since = performance.now();

  async beat(): Promise<void> {
    if (performance.now() - this.since < SLICE) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.since = performance.now();
  }
}
