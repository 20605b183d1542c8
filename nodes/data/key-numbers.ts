import { type MapKey, mapKey } from './exact-key.ts';

const UNKNOWN = -1;

/**
 * Numbers the combinations of values that it is given: 0, 1, 2, ... in the order in which they first come. A combination is looked up
 * value by value, so that no text has to be put together for each record.
 */
export class KeyNumbers {
  /** Of what it keeps, about. */
  bytes = 0;
  /** The number of each value, column by column. */
  readonly #values: readonly Map<MapKey, number>[];
  /** From the second column on: the number of a pair of what came before and the column's value. */
  readonly #pairs: readonly Map<number, number>[];

  constructor(width: number) {
    this.#values = Array.from({ length: width }, () => new Map());
    this.#pairs = this.#values.slice(1).map(() => new Map());
  }

  get size(): number {
    return (this.#pairs.at(-1) ?? this.#values[0])?.size ?? 0;
  }

  /** The number of a combination; -1 if it has not been added. */
  of(values: readonly unknown[]): number {
    let number = this.#values[0]?.get(mapKey(values[0])) ?? UNKNOWN;
    for (let c = 1; c < this.#values.length && number !== UNKNOWN; c++) {
      const value = this.#values[c]?.get(mapKey(values[c])) ?? UNKNOWN;
      number = value === UNKNOWN ? UNKNOWN : (this.#pairs[c - 1]?.get(pair(number, value)) ?? UNKNOWN);
    }
    return number;
  }

  /** The number of a combination, new if need be. */
  add(values: readonly unknown[]): number {
    let number = this.#numberOf(0, values[0]);
    for (let c = 1; c < this.#values.length; c++) {
      const pairs = this.#pairs[c - 1] as Map<number, number>;
      const key = pair(number, this.#numberOf(c, values[c]));
      number = pairs.get(key) ?? UNKNOWN;
      if (number !== UNKNOWN) continue;
      number = pairs.size;
      pairs.set(key, number);
      this.bytes += 48;
    }
    return number;
  }

  #numberOf(column: number, value: unknown): number {
    const known = this.#values[column] as Map<MapKey, number>;
    const key = mapKey(value);
    let number = known.get(key);
    if (number === undefined) {
      number = known.size;
      known.set(key, number);
      this.bytes += 64 + (typeof key === 'string' ? key.length : 0);
    }
    return number;
  }
}

/** One number for two; small ones give a small integer, which the engine handles much faster. Neither is above 2^26. */
function pair(a: number, b: number): number {
  return a < 0x4000 && b < 0x1_0000 ? (a << 16) | b : 2 ** 31 + a * 2 ** 26 + b;
}
