import { NodeError } from '../../sdk/index.ts';
import { type MapKey, mapKey } from './exact-key.ts';
import { ExactSum, type ExactSumState, isDecimal } from './exact-sum.ts';
import { sizeOf } from './record-size.ts';
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
  /** Gives the bytes that it holds more than before, about. */
  add(value: unknown): number;
  result(): unknown;
  /** All that it holds, as plain JSON, to go on from. */
  state(): unknown;
}

/** How a measure reads a record, refuses it, and gathers. */
export interface MeasurePlan {
  readonly as: string;
  /** The field that it reads; none where records are counted. */
  readonly of: string | undefined;
  /** Why it cannot take a value; none where it takes any. */
  readonly refuse: ((value: unknown) => NodeError | undefined) | undefined;
  /** Whether its values are only told apart and counted (its tallies are `Distinct`); else what it holds becomes part of one record. */
  readonly tellsApart: boolean;
  /** A new tally, or one that goes on from a state. */
  readonly start: (state?: unknown) => Tally;
}

export function planMeasure(measure: Measure): MeasurePlan {
  const { as, of, fn } = measure;
  if (of === undefined && fn !== 'count') throw missingField(as, fn);
  const isNumeric = (fn === 'sum' || fn === 'average') && of !== undefined;
  const refuse = isNumeric ? (value: unknown) => notANumber(value, of) : undefined;
  const start = (state: unknown) => startTally(fn, state, measure.separator);
  return { as, of, refuse, tellsApart: fn === 'count-distinct', start };
}

/** Empty values count for nothing, except in `first`, `last` and `list`, which give the records' values as they stand. */
function startTally(fn: Measure['fn'], state: unknown, separator = ', '): Tally {
  switch (fn) {
    case 'count':
      return new Count(state as number | undefined);
    case 'count-distinct':
      return new Distinct(state as MapKey[] | undefined);
    case 'sum':
    case 'average':
      return new Sum(fn === 'average', state as SumState | undefined);
    case 'min':
    case 'max':
      return new Extreme(fn === 'min' ? -1 : 1, state);
    case 'first':
      return new First(state as unknown[] | undefined);
    case 'last':
      return new Last(state);
    default:
      return new List(fn === 'list' ? undefined : separator, state as unknown[] | undefined);
  }
}

const isNull = (value: unknown) => value === null || value === undefined;

class Count implements Tally {
  #count: number;
  constructor(state = 0) {
    this.#count = state;
  }
  add(value: unknown): number {
    if (!isNull(value)) this.#count++;
    return 0;
  }
  result(): number {
    return this.#count;
  }
  state(): number {
    return this.#count;
  }
}

/** Its values can be taken from it and counted elsewhere: a state is to be had only where none were. */
export class Distinct implements Tally {
  #seen: Set<MapKey>;
  #countedElsewhere = 0;
  constructor(state: readonly MapKey[] = []) {
    this.#seen = new Set(state);
  }
  add(value: unknown): number {
    if (isNull(value)) return 0;
    const before = this.#seen.size;
    const key = mapKey(value);
    return this.#seen.add(key).size > before ? 32 + sizeOf(key) : 0;
  }
  /** Gives up the values that it holds. */
  take(): Iterable<MapKey> {
    const taken = this.#seen;
    this.#seen = new Set();
    return taken;
  }
  /** How many different ones those are that were taken from it, when it holds none. */
  countElsewhere(count: number): void {
    this.#countedElsewhere = count;
  }
  result(): number {
    return this.#countedElsewhere + this.#seen.size;
  }
  state(): MapKey[] {
    return [...this.#seen];
  }
}

interface SumState {
  readonly sum: ExactSumState;
  readonly count: number;
}

/** Null when there was no number, as in SQL. */
class Sum implements Tally {
  readonly #sum: ExactSum;
  readonly #average: boolean;
  #count: number;
  constructor(average: boolean, state?: SumState) {
    this.#average = average;
    this.#sum = new ExactSum(state?.sum);
    this.#count = state?.count ?? 0;
  }
  add(value: unknown): number {
    if (!isNull(value) && this.#sum.add(value)) this.#count++;
    return 0;
  }
  result(): unknown {
    if (this.#count === 0) return null;
    return this.#average ? this.#sum.dividedBy(this.#count) : this.#sum.value();
  }
  state(): SumState {
    return { sum: this.#sum.state(), count: this.#count };
  }
}

class Extreme implements Tally {
  readonly #sign: number;
  #value: unknown;
  constructor(sign: number, state: unknown = null) {
    this.#sign = sign;
    this.#value = state;
  }
  add(value: unknown): number {
    if (isNull(value)) return 0;
    const known = this.#value;
    if (known !== null && compareValues(value, known) * this.#sign <= 0) return 0;
    this.#value = value;
    return typeof value === 'number' ? 0 : sizeOf(value) - sizeOf(known);
  }
  result(): unknown {
    return this.#value;
  }
  state(): unknown {
    return this.#value;
  }
}

class First implements Tally {
  /** Nothing, or the value alone. */
  readonly #value: unknown[];
  constructor(state: readonly unknown[] = []) {
    this.#value = [...state];
  }
  add(value: unknown): number {
    if (this.#value.length > 0) return 0;
    this.#value.push(value ?? null);
    return sizeOf(value);
  }
  result(): unknown {
    return this.#value[0] ?? null;
  }
  state(): unknown[] {
    return this.#value;
  }
}

class Last implements Tally {
  #value: unknown;
  constructor(state: unknown = null) {
    this.#value = state;
  }
  add(value: unknown): number {
    const more = sizeOf(value) - sizeOf(this.#value);
    this.#value = value ?? null;
    return more;
  }
  result(): unknown {
    return this.#value;
  }
  state(): unknown {
    return this.#value;
  }
}

class List implements Tally {
  readonly #values: unknown[];
  readonly #separator: string | undefined;
  constructor(separator: string | undefined, state: readonly unknown[] = []) {
    this.#separator = separator;
    this.#values = [...state];
  }
  add(value: unknown): number {
    if (this.#separator !== undefined && isNull(value)) return 0;
    this.#values.push(value ?? null);
    return 8 + sizeOf(value);
  }
  result(): unknown {
    if (this.#separator === undefined) return this.#values;
    return this.#values
      .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
      .join(this.#separator);
  }
  state(): unknown[] {
    return this.#values;
  }
}

/** It takes numbers, and texts whose digits are one. */
function notANumber(value: unknown, field: string): NodeError | undefined {
  if (isNull(value) || Number.isFinite(value)) return undefined;
  if (typeof value === 'string' && isDecimal(value)) return undefined;
  return new NodeError({
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
