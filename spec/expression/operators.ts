import { DateTime, Duration } from 'luxon';
import { ExpressionError } from './expression-error.ts';
import { toText } from './leave.ts';
import type { Run } from './run.ts';
import { describe, isPlainObject, kindOf } from './values.ts';

/**
 * The number that arithmetic sees, or undefined where there is no value. Text counts when all of it is a number. Dates
 * and durations count in milliseconds.
 */
export function arithmeticNumber(value: unknown): number | undefined {
  switch (typeof value) {
    case 'number':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      return undefined;
    case 'string': {
      const trimmed = value.length > 400 ? value : value.trim();
      if (trimmed === '') return undefined;
      const number = trimmed.length > 400 ? Number.NaN : Number(trimmed);
      if (!Number.isNaN(number)) return exact(number, trimmed);
      throw new ExpressionError(
        'not-a-number',
        `Arithmetic needs a number, but got ${describe(value)}.`,
        'Turn the text into a number first, for example with toNumber, or take the part that is one.',
      );
    }
    default:
  }
  if (value === null) return undefined;
  if (value instanceof DateTime || value instanceof Duration) return value.toMillis();
  if (value instanceof Date) return value.getTime();
  throw new ExpressionError(
    'wrong-type',
    `Arithmetic needs a number, but got ${describe(value)}.`,
    kindOf(value) === 'list' ? 'Use sum, count or reduce to get a number from a list.' : 'Use one of its fields.',
  );
}

/**
 * Refuses whole numbers in text that would lose digits as numbers: ids and amounts beyond 15 digits come as text so that
 * they stay exact.
 */
export function exact(number: number, text: string): number {
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER || !/^[-+]?\d+$/.test(text)) return number;
  throw new ExpressionError(
    'not-a-number',
    `'${text.slice(0, 40)}' has more digits than a number can hold exactly.`,
    'Keep it as text, or calculate with it in SQL over steps.',
  );
}

export type ArithmeticOperator = '-' | '*' | '/' | '%' | '**' | '|' | '&' | '^' | '<<' | '>>' | '>>>';

/** Arithmetic on anything but two numbers. An operand without value gives no value: nothing is made up. */
export function arithmetic(operator: ArithmeticOperator, left: unknown, right: unknown): number | undefined {
  const a = arithmeticNumber(left);
  const b = arithmeticNumber(right);
  return a === undefined || b === undefined ? undefined : compute(operator, a, b);
}

function compute(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw divideByZero();
      return a / b;
    case '%':
      if (b === 0) throw divideByZero();
      return a % b;
    case '**':
      return a ** b;
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '>>>':
      return a >>> b;
  }
}

export function divideByZero(): ExpressionError {
  return new ExpressionError(
    'divide-by-zero',
    'A number cannot be divided by zero.',
    'Check the divisor first: $if(divisor == 0, 0, total / divisor).',
  );
}

/** `+` on anything but two numbers: text joins, other values add up. */
export function plus(run: Run, left: unknown, right: unknown): unknown {
  if (typeof left === 'string') return join(run, left, typeof right === 'string' ? right : toText(run, right));
  if (typeof right === 'string') return join(run, toText(run, left), right);
  if (kindOf(left) === 'date' || kindOf(right) === 'date') {
    throw new ExpressionError(
      'wrong-type',
      'A date and another value cannot be added with +.',
      'Use plus, as in $now.plus(3, "days"); to join it to text, put the text in quotes.',
    );
  }
  const a = arithmeticNumber(left);
  const b = arithmeticNumber(right);
  return a === undefined || b === undefined ? undefined : a + b;
}

/** Texts up to this length cost no more than the operation on them, so nothing is charged for them. */
export const shortText = 256;

/** Joins two texts. The longer side is shared, not copied, so only the shorter one counts as memory. */
export function join(run: Run, left: string, right: string): string {
  const length = left.length + right.length;
  if (length > shortText) {
    if (length > run.limits.text) throw run.tooBig();
    run.allocate(32 + Math.min(left.length, right.length));
  }
  return left + right;
}

/** A text with a value of a template and another text behind it. */
export function joined(run: Run, before: string, value: unknown, behind: string): string {
  const text = before + (typeof value === 'string' ? value : toText(run, value)) + behind;
  if (text.length > shortText) run.allocateText(text.length);
  return text;
}

/** `===`: as in JavaScript, and dates and durations are equal when they mean the same. */
export function strictlyEqual(run: Run, left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false;
    if (left.length > shortText) run.spend(left.length >> 3);
    return left === right;
  }
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  const a = meaning(left);
  return a !== undefined && a === meaning(right);
}

function meaning(value: object | null): number | undefined {
  if (value instanceof DateTime || value instanceof Duration) return value.toMillis();
  return value instanceof Date ? value.getTime() : undefined;
}

/** `==`: as in JavaScript, except that lists and objects never equal text or numbers. */
export function looselyEqual(run: Run, left: unknown, right: unknown): boolean {
  if (left === null || left === undefined) return right === null || right === undefined;
  if (right === null || right === undefined) return false;
  if (typeof left === typeof right) return strictlyEqual(run, left, right);
  if (typeof left === 'object' || typeof right === 'object') return false;
  run.spend(longText(left) + longText(right));
  return Number(left) === Number(right);
}

/** `<` and its kin, as in JavaScript, but text beside a date is a date; lists and objects cannot be compared. */
export function lessThan(run: Run, left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    run.spend(Math.min(longText(left), longText(right)));
    return left < right;
  }
  return comparable(run, left, right) < comparable(run, right, left);
}

/** `<=`; not the negation of `>`, since a missing value compares false with everything. */
export function atMost(run: Run, left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    run.spend(Math.min(longText(left), longText(right)));
    return left <= right;
  }
  return comparable(run, left, right) <= comparable(run, right, left);
}

/** Text beside a date is read as a date, since records hold their dates as ISO text. */
function comparable(run: Run, value: unknown, other: unknown): number {
  switch (typeof value) {
    case 'number':
      return value;
    case 'string':
      run.spend(longText(value));
      return other instanceof DateTime || other instanceof Date ? dateText(run, value) : Number(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      return Number.NaN;
    default:
  }
  if (value === null) return 0;
  const number = typeof value === 'object' ? meaning(value) : undefined;
  if (number !== undefined) return number;
  throw new ExpressionError(
    'wrong-type',
    `Only numbers, texts and dates can be compared with < and >, not ${describe(value)}.`,
    kindOf(value) === 'list' ? 'Compare its length, or one of its entries.' : 'Compare one of its fields.',
  );
}

function dateText(run: Run, text: string): number {
  run.spend(200);
  if (text === '') return Number.NaN;
  const date = DateTime.fromISO(text.slice(0, 60), { zone: run.scope.zone });
  if (date.isValid) return date.toMillis();
  throw new ExpressionError(
    'bad-date',
    `A date cannot be compared with ${describe(text)}.`,
    "Turn the text into a date first, for example with parseDate(text, 'dd.MM.yyyy').",
  );
}

function longText(value: unknown): number {
  return typeof value === 'string' && value.length > shortText ? value.length >> 3 : 0;
}

/** `in`: whether an object has the field, or a list the position. */
export function isIn(run: Run, key: unknown, container: unknown): boolean {
  if (Array.isArray(container)) {
    const index = typeof key === 'string' ? Number(key) : key;
    return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < container.length;
  }
  if (isPlainObject(container)) return Object.hasOwn(container, fieldName(run, key));
  throw new ExpressionError(
    'wrong-type',
    `'in' looks for a field in an object, but got ${describe(container)}.`,
    'To look inside a text or a list, use includes.',
  );
}

/** The name that a computed key stands for; only text, numbers and booleans can be one. */
export function fieldName(run: Run, key: unknown): string {
  if (typeof key === 'string') {
    run.spend(longText(key));
    return key;
  }
  if (typeof key === 'number' || typeof key === 'boolean') return String(key);
  throw new ExpressionError(
    'wrong-type',
    `A field's name must be a text, but got ${describe(key)}.`,
    'Put the name in quotes, or use a value that is a text.',
  );
}

export function typeName(value: unknown): string {
  switch (kindOf(value)) {
    case 'text':
      return 'string';
    case 'missing':
      return value === null ? 'object' : 'undefined';
    case 'number':
    case 'boolean':
    case 'function':
      return typeof value === 'object' ? 'function' : typeof value;
    default:
      return 'object';
  }
}
