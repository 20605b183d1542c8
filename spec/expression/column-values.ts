import type { Columns } from '../workflow/columns.ts';
import type { Rows } from './column-code.ts';
import { toText } from './leave.ts';
import type { Run } from './run.ts';

/** One value for all rows. */
export class Same {
  readonly value: unknown;
  readonly numbers: Float64Array | undefined;

  constructor(value: unknown) {
    this.value = value;
    this.numbers = typeof value === 'number' ? Float64Array.of(value) : undefined;
  }
}

/**
 * What a part of an expression gives for the rows of a batch: the same for all, any numbers (NaN too), truths as 1 and 0, or values of any
 * kind. They are never changed, for the records' own columns are among them.
 */
export type Values = Same | Float64Array | Uint8Array | readonly unknown[];

/**
 * For which rows besides those that need it a part may be worked out: all, since it cannot fail; all in an attempt, since it costs little
 * even where it fails; none.
 */
export type Reach = 'all' | 'attempt' | 'none';

/** A part of an expression. It throws where the batch cannot be told like this, whatever it throws. */
export interface Part {
  readonly values: (batch: Batch) => Values;
  readonly reach: Reach;
  /** Whether the numbers that it gives are in nobody else's hands. */
  readonly isFresh?: boolean;
}

/** The rows at hand. */
export class Batch {
  readonly run: Run;
  readonly count: number;
  /** Absent where `$json` is the same record for all rows. */
  readonly json: Columns | undefined;
  #itemIndex: Counted;
  #index: Counted;

  private constructor(run: Run, count: number, json: Columns | undefined, itemIndex: Counted, index: Counted) {
    this.run = run;
    this.count = count;
    this.json = json;
    this.#itemIndex = itemIndex;
    this.#index = index;
  }

  static of(run: Run, { count, scope, json, firstItem, firstIndex }: Rows): Batch {
    return new Batch(
      run,
      count,
      json,
      json === undefined ? new Same(scope.itemIndex) : firstItem,
      firstIndex ?? new Same(scope.index),
    );
  }

  get itemIndex(): Values {
    this.#itemIndex = counted(this.#itemIndex, this.count);
    return this.#itemIndex;
  }

  get index(): Values {
    this.#index = counted(this.#index, this.count);
    return this.#index;
  }

  pick(rows: Uint32Array): Batch {
    const { itemIndex, index } = this;
    return new Batch(this.run, rows.length, this.json?.pick(rows), picked(itemIndex, rows), picked(index, rows));
  }
}

/** Values, or the first of numbers that count up. */
type Counted = Values | number;

function counted(values: Counted, count: number): Values {
  if (typeof values !== 'number') return values;
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) numbers[i] = values + i;
  return numbers;
}

function picked(values: Values, rows: Uint32Array): Values {
  if (values instanceof Same) return values;
  const numbers = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) numbers[i] = values[rows[i] as number] as number;
  return numbers;
}

/**
 * A list to be gone through along with others: by one entry for each row, or not at all where there is one entry for all rows. So one loop
 * serves values and constants alike, and nothing is spread out for it.
 */
export interface Operand<List> {
  readonly list: List;
  readonly step: 0 | 1;
}

/** Undefined where not all are numbers. */
export function numbersOf(values: Values): Operand<Float64Array> | undefined {
  if (values instanceof Float64Array) return { list: values, step: 1 };
  if (values instanceof Same) return values.numbers && { list: values.numbers, step: 0 };
  if (values instanceof Uint8Array) return undefined;
  const list = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number') return undefined;
    list[i] = value;
  }
  return { list, step: 1 };
}

export function listOf(values: Values): Operand<readonly unknown[]> {
  if (values instanceof Same) return { list: [values.value], step: 0 };
  if (values instanceof Uint8Array) return { list: booleansOf(values), step: 1 };
  if (!(values instanceof Float64Array)) return { list: values, step: 1 };
  const list = new Array<number>(values.length);
  for (let i = 0; i < values.length; i++) list[i] = values[i] as number;
  return { list, step: 1 };
}

export function booleansOf(truths: Uint8Array): boolean[] {
  const booleans = new Array<boolean>(truths.length);
  for (let i = 0; i < truths.length; i++) booleans[i] = truths[i] === 1;
  return booleans;
}

/** Each as it is inside of text. */
export function textsOf(run: Run, values: Values): Operand<readonly string[]> {
  if (values instanceof Same) return { list: [toText(run, values.value)], step: 0 };
  if (values instanceof Float64Array) return { list: numberTexts(run, values), step: 1 };
  if (values instanceof Uint8Array) return { list: booleansOf(values).map(String), step: 1 };
  if (areTexts(values)) return { list: values, step: 1 };
  return { list: values.map((value) => toText(run, value)), step: 1 };
}

function numberTexts(run: Run, numbers: Float64Array): string[] {
  const texts = new Array<string>(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    texts[i] = Number.isFinite(number) ? `${number}` : toText(run, number);
  }
  return texts;
}

export function areTexts(values: readonly unknown[]): values is readonly string[] {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== 'string') return false;
  return true;
}

/** For each row what one of two parts gives, by a test. How a part fails for rows that do not take it plays no role. */
export function branched(batch: Batch, test: Values, yes: Part, no: Part): Values {
  if (test instanceof Same) return (test.value ? yes : no).values(batch);
  const truths = truthsOf(test);
  let held = 0;
  for (let i = 0; i < truths.length; i++) held += truths[i] as number;
  if (held === truths.length) return yes.values(batch);
  if (held === 0) return no.values(batch);
  return chosen(truths, taken(batch, yes, truths, 1, held), taken(batch, no, truths, 0, truths.length - held));
}

export function truthsOf(values: Exclude<Values, Same>): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const truths = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) truths[i] = values[i] ? 1 : 0;
  return truths;
}

/** Values for all rows, of which only those matter where `truths` is `wanted`. */
function taken(batch: Batch, part: Part, truths: Uint8Array, wanted: 0 | 1, count: number): Values {
  if (part.reach === 'all') return part.values(batch);
  if (part.reach === 'attempt') {
    try {
      return part.values(batch);
    } catch {
      // It may have been a row that does not take it.
    }
  }
  const rows = new Uint32Array(count);
  for (let i = 0, at = 0; i < truths.length; i++) if (truths[i] === wanted) rows[at++] = i;
  const values = part.values(batch.pick(rows));
  if (values instanceof Same) return values;
  const spread = values instanceof Float64Array ? new Float64Array(batch.count) : new Array<unknown>(batch.count);
  const list = values instanceof Uint8Array ? booleansOf(values) : values;
  for (let i = 0; i < rows.length; i++) spread[rows[i] as number] = list[i] as number;
  return spread;
}

function chosen(truths: Uint8Array, yes: Values, no: Values): Values {
  const [a, b] = [numbersAtHand(yes), numbersAtHand(no)];
  return a && b ? chosenNumbers(truths, a, b) : chosenValues(truths, listOf(yes), listOf(no));
}

function numbersAtHand(values: Values): Operand<Float64Array> | undefined {
  return Array.isArray(values) ? undefined : numbersOf(values);
}

function chosenNumbers(truths: Uint8Array, yes: Operand<Float64Array>, no: Operand<Float64Array>): Float64Array {
  const made = new Float64Array(truths.length);
  for (let i = 0, y = 0, n = 0; i < truths.length; i++, y += yes.step, n += no.step) {
    made[i] = (truths[i] === 1 ? yes.list[y] : no.list[n]) as number;
  }
  return made;
}

function chosenValues(
  truths: Uint8Array,
  yes: Operand<readonly unknown[]>,
  no: Operand<readonly unknown[]>,
): readonly unknown[] {
  const made = new Array<unknown>(truths.length);
  for (let i = 0, y = 0, n = 0; i < truths.length; i++, y += yes.step, n += no.step) {
    made[i] = truths[i] === 1 ? yes.list[y] : no.list[n];
  }
  return made;
}
