import type { Builtin } from '../definition.ts';
import { category } from '../definition.ts';
import { ExpressionError } from '../expression-error.ts';
import { divideByZero } from '../operators.ts';
import type { Run } from '../run.ts';
import { listOf, numberOf, textOf, wholeOf } from './arguments.ts';
import { formatNumber, type NumberStyle, roundTo } from './number-format.ts';

const { fn } = category('Numbers');

/** Functions of one number; a missing number gives a missing result. */
function ofNumber(who: string, compute: (value: number) => number | boolean): Builtin {
  return (_, value) => {
    const number = numberOf(value, who);
    return number === undefined ? undefined : compute(number);
  };
}

/** The numbers among the values, entries of lists included; missing ones are left out, as a spreadsheet does. */
export function numbersIn(run: Run, values: readonly unknown[], who: string): number[] {
  const numbers: number[] = [];
  for (const value of values) {
    const entries = Array.isArray(value) ? listOf(value, who) : [value];
    run.allocate(entries.length * 8);
    for (const entry of entries) {
      const number = numberOf(entry, who);
      if (number !== undefined) numbers.push(number);
    }
  }
  return numbers;
}

export function leastOf(run: Run, values: readonly unknown[], who: string): number | undefined {
  return numbersIn(run, values, who).reduce<number | undefined>(
    (a, b) => (a === undefined || b < a ? b : a),
    undefined,
  );
}

export function greatestOf(run: Run, values: readonly unknown[], who: string): number | undefined {
  return numbersIn(run, values, who).reduce<number | undefined>(
    (a, b) => (a === undefined || b > a ? b : a),
    undefined,
  );
}

function style(run: Run, digits: unknown, locale: unknown, currency?: unknown): NumberStyle {
  const made: { -readonly [Key in keyof NumberStyle]: NumberStyle[Key] } = {
    locale: locale === undefined ? 'en-US' : textOf(run, locale, 'formatNumber'),
  };
  if (digits !== undefined) made.digits = wholeOf(digits, 'formatNumber', 0);
  if (currency !== undefined) made.currency = textOf(run, currency, 'formatCurrency');
  return made;
}

export const numberFunctions = [
  fn(
    'round(number, digits?)',
    'Rounds to a number of decimals (0 when left out); halves go away from zero, as in a spreadsheet.',
    [
      ['round(2.345, 2)', 2.35],
      ['round(-1.5)', -2],
      ["round('12.7')", 13],
    ],
    (_, value, digits) => {
      const number = numberOf(value, 'round');
      return number === undefined ? undefined : roundTo(number, wholeOf(digits, 'round', 0), 'nearest');
    },
  ),
  fn(
    'roundUp(number, digits?)',
    'Rounds away from zero to a number of decimals.',
    [['roundUp(2.341, 2)', 2.35]],
    (_, value, digits) => {
      const number = numberOf(value, 'roundUp');
      return number === undefined ? undefined : roundTo(number, wholeOf(digits, 'roundUp', 0), 'up');
    },
  ),
  fn(
    'roundDown(number, digits?)',
    'Cuts off after a number of decimals.',
    [['roundDown(2.349, 2)', 2.34]],
    (_, value, digits) => {
      const number = numberOf(value, 'roundDown');
      return number === undefined ? undefined : roundTo(number, wholeOf(digits, 'roundDown', 0), 'down');
    },
  ),
  fn('floor(number)', 'The next whole number below.', [['floor(2.9)', 2]], ofNumber('floor', Math.floor)),
  fn('ceil(number)', 'The next whole number above.', [['ceil(2.1)', 3]], ofNumber('ceil', Math.ceil)),
  fn('trunc(number)', 'The whole part of the number.', [['trunc(-2.9)', -2]], ofNumber('trunc', Math.trunc)),
  fn('abs(number)', 'The number without its sign.', [['abs(-5)', 5]], ofNumber('abs', Math.abs)),
  fn('sign(number)', '-1, 0 or 1 by the sign of the number.', [['sign(-5)', -1]], ofNumber('sign', Math.sign)),
  fn('sqrt(number)', 'The square root.', [['sqrt(9)', 3]], ofNumber('sqrt', Math.sqrt)),
  fn('exp(number)', 'e to the power of the number.', [['exp(0)', 1]], ofNumber('exp', Math.exp)),
  fn('ln(number)', 'The natural logarithm.', [['ln(1)', 0]], ofNumber('ln', Math.log)),
  fn('log10(number)', 'The logarithm to the base of 10.', [['log10(1000)', 3]], ofNumber('log10', Math.log10)),
  fn(
    'isEven(number)',
    'Whether the number is even.',
    [['isEven(4)', true]],
    ofNumber('isEven', (n) => n % 2 === 0),
  ),
  fn(
    'isOdd(number)',
    'Whether the number is odd.',
    [['isOdd(4)', false]],
    ofNumber('isOdd', (n) => Math.abs(n % 2) === 1),
  ),
  fn(
    'power(number, exponent)',
    'The number to the power of the exponent.',
    [['power(2, 10)', 1024]],
    (_, base, exponent) => {
      const a = numberOf(base, 'power');
      const b = numberOf(exponent, 'power');
      return a === undefined || b === undefined ? undefined : a ** b;
    },
  ),
  fn(
    'mod(number, divisor)',
    'The remainder, with the sign of the divisor as in a spreadsheet.',
    [
      ['mod(7, 3)', 1],
      ['mod(-1, 3)', 2],
    ],
    (_, value, divisor) => {
      const a = numberOf(value, 'mod');
      const b = numberOf(divisor, 'mod');
      if (a === undefined || b === undefined) return undefined;
      if (b === 0) throw divideByZero();
      return ((a % b) + b) % b;
    },
  ),
  fn(
    'divide(number, divisor, otherwise?)',
    'Divides; gives the third value when the divisor is zero or missing.',
    [
      ['divide(10, 4)', 2.5],
      ['divide(10, 0, 0)', 0],
    ],
    (_, value, divisor, otherwise) => {
      const a = numberOf(value, 'divide');
      const b = numberOf(divisor, 'divide');
      return a === undefined || b === undefined || b === 0 ? otherwise : a / b;
    },
  ),
  fn(
    'percent(part, whole, digits?)',
    'What percentage the part is of the whole, rounded to 1 decimal unless said otherwise; missing when the whole is 0.',
    [['percent(1, 3)', 33.3]],
    (_, part, whole, digits) => {
      const a = numberOf(part, 'percent');
      const b = numberOf(whole, 'percent');
      if (a === undefined || b === undefined || b === 0) return undefined;
      return roundTo((a / b) * 100, wholeOf(digits, 'percent', 1), 'nearest');
    },
  ),
  fn(
    'min(...numbers)',
    'The smallest of the numbers; lists count with their entries, missing values do not count.',
    [
      ['min(3, 1, 2)', 1],
      ['min([3, null, 2])', 2],
    ],
    (run, ...values) => leastOf(run, values, 'min'),
  ),
  fn(
    'max(...numbers)',
    'The largest of the numbers; lists count with their entries, missing values do not count.',
    [['max(3, 1, [7, 2])', 7]],
    (run, ...values) => greatestOf(run, values, 'max'),
  ),
  fn('$min(...numbers)', 'The same as min.', [['$min(3, 1)', 1]], (run, ...values) => leastOf(run, values, '$min')),
  fn('$max(...numbers)', 'The same as max.', [['$max(3, 1)', 3]], (run, ...values) => greatestOf(run, values, '$max')),
  fn(
    'clamp(number, least, most)',
    'The number, or the nearer limit when it lies outside of them.',
    [['clamp(120, 0, 100)', 100]],
    (_, value, least, most) => {
      const number = numberOf(value, 'clamp');
      if (number === undefined) return undefined;
      const low = numberOf(least, 'clamp') ?? Number.NEGATIVE_INFINITY;
      const high = numberOf(most, 'clamp') ?? Number.POSITIVE_INFINITY;
      if (low > high) {
        throw new ExpressionError(
          'bad-value',
          'clamp has its limits the wrong way round.',
          'Give the smaller one first.',
        );
      }
      return Math.min(Math.max(number, low), high);
    },
  ),
  fn(
    'between(number, least, most)',
    'Whether the number lies between the two, both included.',
    [['between($json.score, 50, 100)', true]],
    (_, value, least, most) => {
      const number = numberOf(value, 'between');
      if (number === undefined) return false;
      const low = numberOf(least, 'between') ?? Number.NEGATIVE_INFINITY;
      return number >= low && number <= (numberOf(most, 'between') ?? Number.POSITIVE_INFINITY);
    },
  ),
  fn(
    'formatNumber(number, digits?, locale?)',
    'The number as text with grouped digits; English unless another locale is given.',
    [
      ['formatNumber(1234567.891, 2)', '1,234,567.89'],
      ["formatNumber(1234.5, 2, 'de-DE')", '1.234,50'],
    ],
    (run, value, digits, locale) => {
      const number = numberOf(value, 'formatNumber');
      return number === undefined ? undefined : formatNumber(run, number, style(run, digits, locale));
    },
  ),
  fn(
    'formatCurrency(number, currency, locale?)',
    'The amount as text with its currency.',
    [["formatCurrency(1234.5, 'USD')", '$1,234.50']],
    (run, value, currency, locale) => {
      const number = numberOf(value, 'formatCurrency');
      return number === undefined ? undefined : formatNumber(run, number, style(run, undefined, locale, currency));
    },
  ),
];
