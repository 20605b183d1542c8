import { DateTime, Duration } from 'luxon';
import { ExpressionError } from '../expression-error.ts';
import { toText } from '../leave.ts';
import { arithmeticNumber } from '../operators.ts';
import type { Run } from '../run.ts';
import { describe, isPlainObject, Lambda, type PlainObject } from '../values.ts';

export function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Text, or a number, date or boolean as text; a missing value is an empty text. */
export function textOf(run: Run, value: unknown, who: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && !(value instanceof DateTime || value instanceof Date)) {
    throw needs(who, 'a text', value, 'Use one of its fields or entries, or toJson or join to make a text of it.');
  }
  return toText(run, value);
}

/** A number, or text that is one; undefined when missing. */
export function numberOf(value: unknown, who: string): number | undefined {
  if (typeof value === 'number') return value;
  try {
    return arithmeticNumber(value);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw needs(who, 'a number', value, error.remedy);
  }
}

/** A whole number within the range that positions and counts may have; `fallback` when missing. */
export function wholeOf(value: unknown, who: string, fallback: number): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return Math.trunc(value);
  const number = numberOf(value, who);
  if (number === undefined) return fallback;
  if (Number.isNaN(number)) throw needs(who, 'a whole number', value, 'Give a number such as 2.');
  return Math.trunc(number);
}

/** A list; a missing value is an empty one. */
export function listOf(value: unknown, who: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isMissing(value)) return [];
  throw needs(who, 'a list', value, 'Give a list such as [1, 2, 3], or a field that holds one.');
}

/** An object; a missing value is an empty one. */
export function objectOf(value: unknown, who: string): PlainObject {
  if (isPlainObject(value)) return value;
  if (isMissing(value)) return {};
  throw needs(who, 'an object', value, 'Give an object such as $json or { name: value }.');
}

export function lambdaOf(value: unknown, who: string): Lambda {
  if (value instanceof Lambda) return value;
  throw needs(who, 'a function', value, `Give a function such as ${who}(item => item.amount > 10).`);
}

/** How to get at a property of each entry: a function, or the name of a field. Without one, the entry itself. */
export function selectorOf(run: Run, value: unknown, who: string): (item: unknown) => unknown {
  if (isMissing(value)) return (item) => item;
  if (value instanceof Lambda) return (item) => value.call(run, [item]);
  if (typeof value === 'string') return (item) => fieldOf(item, value);
  throw needs(who, "a field's name or a function", value, `Write the field's name in quotes, or item => item.field.`);
}

/** An own field of an entry; undefined where the entry is no object. */
export function fieldOf(item: unknown, name: string): unknown {
  if (!isPlainObject(item) || !Object.hasOwn(item, name)) return undefined;
  const value = item[name];
  return typeof value === 'function' ? undefined : value;
}

/** A key by which equal entries meet: type and content, so that 1 and '1' differ. */
export function keyOf(run: Run, value: unknown): string | number | boolean | null | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || isMissing(value)) return value;
  if (typeof value === 'string') {
    run.spend(value.length >> 3);
    return `t${value}`;
  }
  if (value instanceof DateTime) return `d${value.toMillis()}`;
  if (value instanceof Duration) return `p${value.toMillis()}`;
  return `j${toText(run, value)}`;
}

export function needs(who: string, what: string, value: unknown, remedy: string): ExpressionError {
  return new ExpressionError('wrong-type', `${who} needs ${what}, but got ${describe(value)}.`, remedy);
}
