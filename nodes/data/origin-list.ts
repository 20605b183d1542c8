import { PackedNumbers, unpack } from '../../sdk/index.ts';

/** Origins up to which a list is held as numbers. */
const FEW = 16;

/**
 * Origins that are added one after another, for as long as a group is open. Many are packed: a sum over millions of records has millions
 * of origins.
 */
export class OriginList {
  #few: number[] = [];
  #packed: PackedNumbers | undefined;

  static of(origins: Iterable<number>): OriginList {
    const list = new OriginList();
    for (const origin of origins) list.push(origin);
    return list;
  }

  /** Of what it holds, about. */
  get bytes(): number {
    return this.#packed?.size ?? this.#few.length * 8;
  }

  push(origin: number): void {
    if (this.#packed !== undefined) this.#packed.push(origin);
    else if (this.#few.push(origin) > FEW) {
      this.#packed = new PackedNumbers();
      for (const one of this.#few) this.#packed.push(one);
      this.#few = [];
    }
  }

  toArray(): number[] {
    const packed = this.#packed;
    return packed === undefined ? [...this.#few] : unpack(packed.packed, new Array<number>(packed.count));
  }
}
