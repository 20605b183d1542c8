import type { Clock } from './ports.ts';

interface Alarm {
  readonly key: string;
  readonly at: number;
}

/** Alarms that ring at a time, so that many that are due at once do not come all together. */
const AT_ONCE = 32;
/** Milliseconds after which what could not be done is tried again. */
const AGAIN = 5_000;

/**
 * Any number of alarms behind one timer of the clock: a heap by time. Setting one again or calling it off leaves its old entry in
 * the heap, where it is passed over once its time has come.
 */
export class Alarms {
  private readonly clock: Clock;
  private readonly ring: (key: string) => Promise<unknown>;
  private readonly times = new Map<string, number>();
  private readonly heap: Alarm[] = [];
  private timer: { readonly at: number; readonly stop: () => void } | undefined;
  private ringing = false;

  constructor(clock: Clock, ring: (key: string) => Promise<unknown>) {
    this.clock = clock;
    this.ring = ring;
  }

  set(key: string, at: number): void {
    if (this.times.get(key) === at) return;
    this.times.set(key, at);
    this.push({ key, at });
    this.arm();
  }

  clear(key: string): void {
    this.times.delete(key);
  }

  get size(): number {
    return this.times.size;
  }

  close(): void {
    this.timer?.stop();
    this.times.clear();
    this.heap.length = 0;
  }

  private arm(): void {
    const [first] = this.heap;
    if (this.ringing || !first || (this.timer && this.timer.at <= first.at)) return;
    this.timer?.stop();
    const stop = this.clock.after(Math.max(0, first.at - this.clock.now()), () => {
      this.timer = undefined;
      void this.ringDue();
    });
    this.timer = { at: first.at, stop };
  }

  private async ringDue(): Promise<void> {
    this.ringing = true;
    for (let due = this.takeDue(); due.length > 0; due = this.takeDue()) {
      await Promise.all(due.map((key) => this.ring(key).catch(() => this.set(key, this.clock.now() + AGAIN))));
    }
    this.ringing = false;
    this.arm();
  }

  private takeDue(): string[] {
    const due: string[] = [];
    const now = this.clock.now();
    while (due.length < AT_ONCE && (this.heap[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      const { key, at } = this.pop() as Alarm;
      if (this.times.get(key) !== at) continue;
      this.times.delete(key);
      due.push(key);
    }
    return due;
  }

  private push(alarm: Alarm): void {
    const { heap } = this;
    let i = heap.length;
    for (heap.push(alarm); i > 0; ) {
      const above = (i - 1) >> 1;
      if ((heap[above] as Alarm).at <= alarm.at) break;
      heap[i] = heap[above] as Alarm;
      i = above;
    }
    heap[i] = alarm;
  }

  private pop(): Alarm | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let below = 2 * i + 1;
      if (below >= heap.length) break;
      if ((heap[below + 1]?.at ?? Number.POSITIVE_INFINITY) < (heap[below] as Alarm).at) below++;
      if ((heap[below] as Alarm).at >= last.at) break;
      heap[i] = heap[below] as Alarm;
      i = below;
    }
    heap[i] = last;
    return first;
  }
}
