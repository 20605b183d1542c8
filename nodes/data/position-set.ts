/** A set of positions in a bit each: millions of them are no burden. */
export class PositionSet {
  #bits = new Uint32Array(1024);

  add(position: number): void {
    const word = Math.floor(position / 32);
    if (word >= this.#bits.length) {
      const more = new Uint32Array(Math.max(word + 1, this.#bits.length * 2));
      more.set(this.#bits);
      this.#bits = more;
    }
    this.#bits[word] = (this.#bits[word] as number) | (1 << (position % 32));
  }

  has(position: number): boolean {
    return ((this.#bits[Math.floor(position / 32)] ?? 0) & (1 << (position % 32))) !== 0;
  }
}
