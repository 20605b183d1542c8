import { type DataRecord, NodeError } from '../../sdk/index.ts';
import { exactKey } from './exact-key.ts';
import { ExactSum } from './exact-sum.ts';
import { readField } from './read-field.ts';
import { compareValues } from './value-order.ts';

export const measureFunctions = [
  'count',
  'count-distinct',
  'sum',
  'average',
  'min',
  'max',
  'first',
  'last',
  'list',
  'join-text',
] as const;

export interface Measure {
  readonly as: string;
  readonly of?: string | undefined;
  readonly fn: (typeof measureFunctions)[number];
  readonly separator?: string | undefined;
}

/** What one measure has gathered for one group. */
export interface Tally {
  add(value: unknown): void;
  result(): unknown;
}

/** How a measure reads a record, refuses it, and gathers. */
export interface MeasurePlan {
  readonly as: string;
  /** The value that counts; throws `bad-data` for one that the measure cannot take. */
  readonly read: (record: DataRecord) => unknown;
  readonly start: () => Tally;
}

export function planMeasure(measure: Measure): MeasurePlan {
  const { as, of, fn } = measure;
  if (of === undefined && fn !== 'count') throw missingField(as, fn);
  const plain = of === undefined ? () => 1 : readField(of);
  const numeric = fn === 'sum' || fn === 'average';
  const read = numeric && of !== undefined ? (record: DataRecord) => numberOf(plain(record), of) : plain;
  return { as, read, start: () => startTally(fn, measure.separator) };
}

/** Empty values count for nothing, except in `first`, `last` and `list`, which give the records' values as they stand. */
function startTally(fn: Measure['fn'], separator = ', '): Tally {
  switch (fn) {
    case 'count':
      return new Count();
    case 'count-distinct':
      return new Distinct();
    case 'sum':
    case 'average':
      return new Sum(fn === 'average');
    case 'min':
    case 'max':
      return new Extreme(fn === 'min' ? -1 : 1);
    case 'first':
      return new First();
    case 'last':
      return new Last();
    default:
      return new List(fn === 'list' ? undefined : separator);
  }
}

const isNull = (value: unknown) => value === null || value === undefined;

class Count implements Tally {
  #count = 0;
  add(value: unknown): void {
    if (!isNull(value)) this.#count++;
  }
  result(): number {
    return this.#count;
  }
}

class Distinct implements Tally {
  readonly #seen = new Set<string>();
  add(value: unknown): void {
    if (!isNull(value)) this.#seen.add(exactKey(value));
  }
  result(): number {
    return this.#seen.size;
  }
}

/** Null when there was no number, as in SQL. */
class Sum implements Tally {
  readonly #sum = new ExactSum();
  readonly #average: boolean;
  #count = 0;
  constructor(average: boolean) {
    this.#average = average;
  }
  add(value: unknown): void {
    if (!isNull(value) && this.#sum.add(value)) this.#count++;
  }
  result(): unknown {
    if (this.#count === 0) return null;
    return this.#average ? this.#sum.dividedBy(this.#count) : this.#sum.value();
  }
}

class Extreme implements Tally {
  readonly #sign: number;
  #value: unknown = null;
  constructor(sign: number) {
    this.#sign = sign;
  }
  add(value: unknown): void {
    if (isNull(value)) return;
    if (this.#value === null || compareValues(value, this.#value) * this.#sign > 0) this.#value = value;
  }
  result(): unknown {
    return this.#value;
  }
}

class First implements Tally {
  #value: unknown;
  #known = false;
  add(value: unknown): void {
    if (!this.#known) this.#value = value;
    this.#known = true;
  }
  result(): unknown {
    return this.#value ?? null;
  }
}

class Last implements Tally {
  #value: unknown;
  add(value: unknown): void {
    this.#value = value;
  }
  result(): unknown {
    return this.#value ?? null;
  }
}

class List implements Tally {
  readonly #values: unknown[] = [];
  readonly #separator: string | undefined;
  constructor(separator: string | undefined) {
    this.#separator = separator;
  }
  add(value: unknown): void {
    if (this.#separator === undefined || !isNull(value)) this.#values.push(value ?? null);
  }
  result(): unknown {
    if (this.#separator === undefined) return this.#values;
    return this.#values
      .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
      .join(this.#separator);
  }
}

/** A number, or a text whose digits are one. */
function numberOf(value: unknown, field: string): unknown {
  if (isNull(value) || typeof value === 'number') return value;
  if (typeof value === 'string' && new ExactSum().add(value)) return value;
  throw new NodeError({
    class: 'bad-data',
    code: 'not-a-number',
    message: `${field} must be a number; this record gives ${typeof value === 'string' ? `the text '${value.slice(0, 60)}'` : 'something else'}.`,
    remedy: 'Correct the value, or leave such records out before.',
    field,
  });
}

function missingField(as: string, fn: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'measure-without-field',
    message: `"${as}" does not say of which field the ${fn} is wanted.`,
    remedy: 'Choose the field that it is made of.',
    field: 'Of field',
  });
}
