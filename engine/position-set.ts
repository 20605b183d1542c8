/** Positions of a dataset, one bit each: what is known of a million records takes 125 kB. */
export class PositionSet {
  private readonly bits: Uint32Array;
  private known = 0;

  /** `size`: records of the dataset. */
  constructor(size: number) {
    this.bits = new Uint32Array(Math.ceil(size / 32));
  }

  get count(): number {
    return this.known;
  }

  add(position: number): void {
    const at = position >>> 5;
    const bit = 1 << (position & 31);
    const before = this.bits[at];
    if (before === undefined || (before & bit) !== 0) return;
    this.bits[at] = before | bit;
    this.known++;
  }

  has(position: number): boolean {
    return ((this.bits[position >>> 5] ?? 0) & (1 << (position & 31))) !== 0;
  }

  /** In ascending order. */
  *[Symbol.iterator](): Iterator<number> {
    for (let at = 0; at < this.bits.length; at++) {
      for (let rest = this.bits[at] as number; rest !== 0; rest &= rest - 1) {
        yield at * 32 + (31 - Math.clz32(rest & -rest));
      }
    }
  }
}
