/** Whole numbers of any size, held as the steps from each to the next: in few bytes each where they are near one another, and outside the heap. */
export class PackedNumbers {
  #bytes = new Uint8Array(64);
  #used = 0;
  // Held as a fraction from the start: V8 gives up, time and again, to compile what makes lists whose whole numbers turn into fractions later.
  #last = -0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Of memory. */
  get size(): number {
    return this.#bytes.length;
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. The lowest bit of all is the sign. */
  push(number: number): void {
    const step = number - this.#last;
    this.#last = number;
    this.#count++;
    let rest = step < 0 ? -step * 2 - 1 : step * 2;
    let bytes = this.#bytes;
    // A step is below 2^53, which is eight bytes.
    if (this.#used + 8 > bytes.length) {
      const more = new Uint8Array(Math.ceil(bytes.length * 1.5));
      more.set(bytes);
      this.#bytes = bytes = more;
    }
    while (rest >= 128) {
      bytes[this.#used++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    bytes[this.#used++] = rest;
  }

  /** For `unpack`. */
  get packed(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }
}

/** The first numbers of what `PackedNumbers` holds: as many as `into` has room for. */
export function unpack<T extends Float64Array | number[]>(packed: Uint8Array, into: T): T {
  let number = 0;
  let at = 0;
  for (let i = 0; i < into.length; i++) {
    let value = 0;
    let weight = 1;
    for (;;) {
      const byte = packed[at++] as number;
      value += (byte & 127) * weight;
      if (byte < 128) break;
      weight *= 128;
    }
    number += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    into[i] = number;
  }
  return into;
}
