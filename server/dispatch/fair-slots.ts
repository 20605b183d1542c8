interface Waiting {
  readonly id: string;
  readonly begin: () => void;
}

/** A number of slots that groups share: whoever waits gets one in the order of coming within its group, and the groups take turns. */
export class FairSlots {
  private readonly count: number;
  private readonly taken = new Set<string>();
  /** In the order of their turns. */
  private readonly groups = new Map<string, Waiting[]>();

  constructor(count: number) {
    this.count = count;
  }

  /** Resolves when `id` has a slot; `undefined` when it has one at once. */
  take(id: string, group: string): Promise<void> | undefined {
    if (this.taken.has(id)) return undefined;
    if (this.taken.size < this.count && this.groups.size === 0) {
      this.taken.add(id);
      return undefined;
    }
    return new Promise((begin) => {
      const waiting = this.groups.get(group) ?? [];
      waiting.push({ id, begin });
      this.groups.set(group, waiting);
    });
  }

  /** Also for one that waits still, or has none. */
  giveBack(id: string, group: string): void {
    if (this.taken.delete(id)) this.next();
    else if (this.groups.size > 0) this.forget(id, group);
  }

  private next(): void {
    for (const [group, waiting] of this.groups) {
      if (this.taken.size >= this.count) return;
      const first = waiting.shift();
      this.groups.delete(group);
      if (waiting.length > 0) this.groups.set(group, waiting);
      if (!first) continue;
      this.taken.add(first.id);
      first.begin();
    }
  }

  private forget(id: string, group: string): void {
    const waiting = this.groups.get(group)?.filter((one) => one.id !== id);
    if (!waiting) return;
    if (waiting.length > 0) this.groups.set(group, waiting);
    else this.groups.delete(group);
  }
}
