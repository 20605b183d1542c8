import { DateTime } from 'luxon';
import type { Comparison } from './conditions.ts';
import { type PatternTest, readPattern } from './pattern.ts';

/** Whether `left` compares so with `right`. Values of kinds that cannot be compared give false, never an error. */
export type Compare = (left: unknown, right: unknown, options: CompareOptions) => boolean;

export interface CompareOptions {
  /** A text that looks like a number equals that number. */
  readonly loose: boolean;
  /** IANA zone of dates that name none. */
  readonly zone: string;
}

/** Names for `is-type`. */
export const typeNames = ['text', 'number', 'integer', 'boolean', 'list', 'object', 'date', 'empty'] as const;

/** Comparisons of the left value alone. */
export const needsNoRight: ReadonlySet<Comparison> = new Set(['is-empty', 'is-not-empty', 'is-true', 'is-false']);

export const compare: Readonly<Record<Comparison, Compare>> = {
  equals: isEqual,
  'not-equals': (left, right, options) => !isEqual(left, right, options),
  'greater-than': (left, right, options) =>
    typeof left === 'number' && typeof right === 'number'
      ? left > right
      : ordered(left, right, options, (sign) => sign > 0),
  'greater-or-equal': (left, right, options) =>
    typeof left === 'number' && typeof right === 'number'
      ? left >= right
      : ordered(left, right, options, (sign) => sign >= 0),
  'less-than': (left, right, options) =>
    typeof left === 'number' && typeof right === 'number'
      ? left < right
      : ordered(left, right, options, (sign) => sign < 0),
  'less-or-equal': (left, right, options) =>
    typeof left === 'number' && typeof right === 'number'
      ? left <= right
      : ordered(left, right, options, (sign) => sign <= 0),
  contains,
  'not-contains': (left, right, options) => !contains(left, right, options),
  'starts-with': (left, right, options) => ofTexts(left, right, options, (text, part) => text.startsWith(part)),
  'ends-with': (left, right, options) => ofTexts(left, right, options, (text, part) => text.endsWith(part)),
  matches: (left, right, options) => ofTexts(left, right, options, (text, pattern) => patternOf(pattern)(text)),
  in: isIn,
  'not-in': (left, right, options) => !isIn(left, right, options),
  'is-empty': (left) => isEmpty(left),
  'is-not-empty': (left) => !isEmpty(left),
  'is-true': (left, _, { loose }) => left === true || (loose && (left === 1 || lowerText(left) === 'true')),
  'is-false': (left, _, { loose }) => left === false || (loose && (left === 0 || lowerText(left) === 'false')),
  before: (left, right, options) => ofMoments(left, right, options, (a, b) => a < b),
  after: (left, right, options) => ofMoments(left, right, options, (a, b) => a > b),
  'is-type': (left, right, { zone }) => isType(left, right, zone),
};

function isEqual(left: unknown, right: unknown, options: CompareOptions): boolean {
  if (left === right) return true;
  if (isNumber(left) && isNumber(right)) return sameNumber(left, right);
  if (options.loose) {
    if (isNumber(left) && typeof right === 'string') return looksLike(right, left);
    if (isNumber(right) && typeof left === 'string') return looksLike(left, right);
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (left instanceof Date || left instanceof DateTime || right instanceof Date || right instanceof DateTime) {
    return moment(left, options.zone) === moment(right, options.zone);
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((entry, i) => isEqual(entry, right[i], options));
  }
  return sameFields(left as Record<string, unknown>, right as Record<string, unknown>, options);
}

/** A field whose value is undefined counts as absent. */
function sameFields(left: Record<string, unknown>, right: Record<string, unknown>, options: CompareOptions): boolean {
  for (const key in left) {
    const other = Object.hasOwn(right, key) ? right[key] : undefined;
    if (!isEqual(left[key], other, options)) return false;
  }
  for (const key in right) if (right[key] !== undefined && !Object.hasOwn(left, key)) return false;
  return true;
}

type Numeric = number | bigint;

function isNumber(value: unknown): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint';
}

function sameNumber(left: Numeric, right: Numeric): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: compares a number with a big integer by value
  return left == right;
}

const numberText = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

function numberIn(text: string): Numeric | undefined {
  if (!numberText.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^\s*-?\d+\s*$/.test(text) ? number : BigInt(text.trim());
}

function looksLike(text: string, number: Numeric): boolean {
  const found = numberIn(text);
  return found !== undefined && sameNumber(found, number);
}

function ordered(left: unknown, right: unknown, options: CompareOptions, fits: (sign: number) => boolean): boolean {
  let a = left;
  let b = right;
  if (options.loose) {
    if (typeof a === 'string') a = numberIn(a) ?? a;
    if (typeof b === 'string') b = numberIn(b) ?? b;
  }
  if (isNumber(a) && isNumber(b)) return !Number.isNaN(a) && !Number.isNaN(b) && fits(a < b ? -1 : a > b ? 1 : 0);
  if (typeof a === 'string' && typeof b === 'string') return fits(a < b ? -1 : a > b ? 1 : 0);
  if (isDate(a) || isDate(b)) return ofMoments(a, b, options, (x, y) => fits(x - y));
  return false;
}

function contains(left: unknown, right: unknown, options: CompareOptions): boolean {
  if (Array.isArray(left)) return left.some((entry) => isEqual(entry, right, options));
  return ofTexts(left, right, options, (text, part) => text.includes(part));
}

function isIn(left: unknown, right: unknown, options: CompareOptions): boolean {
  const list = Array.isArray(right) ? right : [right];
  return list.some((entry) => isEqual(left, entry, options));
}

function ofTexts(
  left: unknown,
  right: unknown,
  { loose }: CompareOptions,
  test: (left: string, right: string) => boolean,
): boolean {
  const a = loose && isNumber(left) ? String(left) : left;
  const b = loose && isNumber(right) ? String(right) : right;
  return typeof a === 'string' && typeof b === 'string' && test(a, b);
}

function lowerText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim().toLowerCase() : undefined;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object' || value instanceof Date || value instanceof DateTime) return false;
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return true;
}

function isDate(value: unknown): boolean {
  return value instanceof Date || value instanceof DateTime;
}

function ofMoments(
  left: unknown,
  right: unknown,
  { zone }: CompareOptions,
  test: (left: number, right: number) => boolean,
): boolean {
  const a = moment(left, zone);
  const b = moment(right, zone);
  return a !== undefined && b !== undefined && test(a, b);
}

/** Epoch milliseconds of a date, an ISO 8601 or SQL date text, or epoch milliseconds; undefined for all else. */
export function moment(value: unknown, zone: string): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  if (value instanceof DateTime) return value.isValid ? value.toMillis() : undefined;
  if (typeof value !== 'string' || value.length > 40 || !/^\d{4}-?\d{2}/.test(value)) return undefined;
  const iso = DateTime.fromISO(value, { zone });
  if (iso.isValid) return iso.toMillis();
  const sql = DateTime.fromSQL(value, { zone });
  return sql.isValid ? sql.toMillis() : undefined;
}

function isType(value: unknown, name: unknown, zone: string): boolean {
  switch (name) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return isNumber(value);
    case 'integer':
      return typeof value === 'bigint' || Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) && !isDate(value);
    case 'date':
      return typeof value !== 'number' && moment(value, zone) !== undefined;
    case 'empty':
      return isEmpty(value);
    default:
      return false;
  }
}

const patterns = new Map<string, PatternTest>();

/** The pattern's test; one that cannot be used never matches. The last ones are remembered. */
function patternOf(source: string): PatternTest {
  const known = patterns.get(source);
  if (known) return known;
  const read = readPattern(source);
  const test = 'test' in read ? read.test : () => false;
  if (patterns.size >= 200) patterns.clear();
  patterns.set(source, test);
  return test;
}
