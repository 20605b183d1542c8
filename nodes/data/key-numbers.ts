import type { Column } from '../../spec/workflow/columns.ts';
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

  /** The numbers of combinations that come as columns, as `of` gives them. */
  ofAll(columns: readonly Column[], count: number): Int32Array {
    const numbers = new Int32Array(count);
    for (let c = 0; c < columns.length; c++) {
      const known = this.#values[c] as Map<MapKey, number>;
      const pairs = this.#pairs[c - 1];
      const column = columns[c] as Column;
      for (let i = 0; i < count; i++) {
        if (numbers[i] === UNKNOWN) continue;
        const value = known.get(mapKey(column[i])) ?? UNKNOWN;
        const isNew = value === UNKNOWN || pairs === undefined;
        numbers[i] = isNew ? value : (pairs.get(pair(numbers[i] as number, value)) ?? UNKNOWN);
      }
    }
    return numbers;
  }

  /** The number of a combination, new if need be. */
  add(values: readonly unknown[]): number {
    let number = this.#numberOf(0, values[0]);
    for (let c = 1; c < this.#values.length; c++) {
      const pairs = this.#pairs[c - 1] as Map<number, number>;
      const key = pair(number, this.#numberOf(c, values[c]));
      number = pairs.get(key) ?? this.#newPair(pairs, key);
    }
    return number;
  }

  /** The numbers of combinations that come as columns, as `add` gives them one after another. */
  addAll(columns: readonly Column[], count: number): Int32Array {
    const numbers = this.#numbersOf(0, columns[0] as Column, count);
    for (let c = 1; c < columns.length; c++) this.#pairAll(c, numbers, this.#numbersOf(c, columns[c] as Column, count));
    return numbers;
  }

  #numbersOf(at: number, column: Column, count: number): Int32Array {
    const known = this.#values[at] as Map<MapKey, number>;
    const numbers = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const key = mapKey(column[i]);
      numbers[i] = known.get(key) ?? this.#newNumber(known, key);
    }
    return numbers;
  }

  /** Puts the numbers of pairs in the place of those of what came before. */
  #pairAll(at: number, numbers: Int32Array, values: Int32Array): void {
    const pairs = this.#pairs[at - 1] as Map<number, number>;
    for (let i = 0; i < numbers.length; i++) {
      const key = pair(numbers[i] as number, values[i] as number);
      numbers[i] = pairs.get(key) ?? this.#newPair(pairs, key);
    }
  }

  #numberOf(column: number, value: unknown): number {
    const known = this.#values[column] as Map<MapKey, number>;
    const key = mapKey(value);
    return known.get(key) ?? this.#newNumber(known, key);
  }

  #newNumber(known: Map<MapKey, number>, key: MapKey): number {
    const number = known.size;
    known.set(key, number);
    this.bytes += 64 + (typeof key === 'string' ? key.length : 0);
    return number;
  }

  #newPair(pairs: Map<number, number>, key: number): number {
    const number = pairs.size;
    pairs.set(key, number);
    this.bytes += 48;
    return number;
  }
}

/** One number for two; small ones give a small integer, which the engine handles much faster. Neither is above 2^26. */
function pair(a: number, b: number): number {
  return a < 0x4000 && b < 0x1_0000 ? (a << 16) | b : 2 ** 31 + a * 2 ** 26 + b;
}
