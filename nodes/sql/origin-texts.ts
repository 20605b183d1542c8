import { Breath } from '../../sdk/index.ts';

/** Origins of a table's records: the first, and how many there are. */
export interface OriginRange {
  readonly from: number;
  readonly count: number;
}

/** Characters of a text whose numbers may be sorted at once. */
const SHORT = 100_000;

/**
 * Reads texts of origins: each number once and in order, also where a join has brought some several times. DuckDB gathers them as its threads
 * come to them.
 */
export class OriginTexts {
  readonly #ranges: readonly OriginRange[];
  readonly #length: number;
  readonly #breath = new Breath();

  /** @param ranges of all tables whose origins the texts may have. */
  constructor(ranges: readonly OriginRange[]) {
    this.#ranges = [...ranges].sort((a, b) => a.from - b.from);
    // Of a text that has so many characters, to look through all records of the tables is the least of it.
    this.#length = ranges.reduce((sum, { count }) => sum + count, SHORT);
  }

  async read(text: string): Promise<number[]> {
    if (this.#breath.due()) await this.#breath.pause();
    return text.length > this.#length ? this.#marked(text) : sorted(text);
  }

  /** Marks them among all records, with breaks for others: to sort millions takes a second. */
  async #marked(text: string): Promise<number[]> {
    const sets = this.#ranges.map(({ from, count }) => ({ from, end: from + count, marks: new Uint8Array(count) }));
    let set = sets[0];
    let total = 0;
    let at = 0;
    const read = numberReader(text);
    for (let one = read(); one !== undefined; one = read()) {
      const number = one;
      if (!set || number < set.from || number >= set.end) {
        set = sets.find(({ from, end }) => number >= from && number < end);
      }
      if (set && set.marks[number - set.from] === 0) {
        set.marks[number - set.from] = 1;
        total++;
      }
      if (this.#breath.due()) await this.#breath.pause();
    }
    const numbers = new Array<number>(total);
    for (const { from, marks } of sets) {
      for (let i = 0; i < marks.length; i++) {
        if (marks[i] === 1) numbers[at++] = from + i;
        if (this.#breath.due()) await this.#breath.pause();
      }
    }
    return numbers;
  }
}

function sorted(text: string): number[] {
  const numbers: number[] = [];
  const read = numberReader(text);
  for (let one = read(); one !== undefined; one = read()) numbers.push(one);
  const once: number[] = [];
  for (const one of Float64Array.from(numbers).sort()) if (one !== once.at(-1)) once.push(one);
  return once;
}

/** Gives one number of a text after another. */
function numberReader(text: string): () => number | undefined {
  let at = 0;
  return () => {
    if (at >= text.length) return undefined;
    let number = 0;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0) break;
      number = number * 10 + digit;
    }
    at++;
    return number;
  };
}

const ZERO = '0'.charCodeAt(0);
