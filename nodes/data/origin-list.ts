/** Origins up to which a list is held as numbers. */
const FEW = 16;

/**
 * Origins that are added one after another, for as long as a group is open. Many are held as the steps from each to the next, in few
 * bytes each and outside the heap: a sum over millions of records has millions of origins.
 */
export class OriginList {
  #few: number[] = [];
  #packed: Uint8Array | undefined;
  #used = 0;
  #last = 0;
  #length = 0;

  static of(origins: Iterable<number>): OriginList {
    const list = new OriginList();
    for (const origin of origins) list.push(origin);
    return list;
  }

  /** Of what it holds, about. */
  get bytes(): number {
    return this.#packed?.length ?? this.#few.length * 8;
  }

  push(origin: number): void {
    this.#length++;
    if (this.#packed !== undefined) this.#pack(origin);
    else if (this.#few.push(origin) > FEW) {
      this.#packed = new Uint8Array(64);
      for (const one of this.#few) this.#pack(one);
      this.#few = [];
    }
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. The lowest bit of all is the sign. */
  #pack(origin: number): void {
    const step = origin - this.#last;
    this.#last = origin;
    let rest = step < 0 ? -step * 2 - 1 : step * 2;
    let bytes = this.#packed as Uint8Array;
    // A step is below 2^53, which is eight bytes.
    if (this.#used + 8 > bytes.length) {
      const more = new Uint8Array(Math.ceil(bytes.length * 1.5));
      more.set(bytes);
      this.#packed = bytes = more;
    }
    while (rest >= 128) {
      bytes[this.#used++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    bytes[this.#used++] = rest;
  }

  toArray(): number[] {
    const bytes = this.#packed;
    if (bytes === undefined) return [...this.#few];
    const origins = new Array<number>(this.#length);
    let origin = 0;
    let at = 0;
    for (let i = 0; i < origins.length; i++) {
      let value = 0;
      let weight = 1;
      for (;;) {
        const byte = bytes[at++] as number;
        value += (byte & 127) * weight;
        if (byte < 128) break;
        weight *= 128;
      }
      origin += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      origins[i] = origin;
    }
    return origins;
  }
}
