import { methodsOf } from '../definition.ts';
import { isMissing, textOf, wholeOf } from './arguments.ts';
import { dateOf } from './date-operations.ts';
import { formatNumber, roundTo } from './number-format.ts';

const number = methodsOf('number');
const boolean = methodsOf('boolean');
const missing = methodsOf('missing');

const digitsOf = (value: unknown, who: string) => Math.max(0, Math.min(100, wholeOf(value, who, 0)));

export const numberMethods = [
  number('round(digits?)', 'Rounded to a number of decimals.', [['(2.345).round(2)', 2.35]], (_, self, digits) =>
    roundTo(self, wholeOf(digits, 'round', 0), 'nearest'),
  ),
  number('ceil()', 'The next whole number above.', [['(2.1).ceil()', 3]], (_, self) => Math.ceil(self)),
  number('floor()', 'The next whole number below.', [['(2.9).floor()', 2]], (_, self) => Math.floor(self)),
  number('abs()', 'Without its sign.', [['(-2).abs()', 2]], (_, self) => Math.abs(self)),
  number(
    'format(locale?, digits?)',
    'As text with grouped digits.',
    [
      ['(1234.5).format()', '1,234.5'],
      ["(1234.5).format('de-DE', 2)", '1.234,50'],
    ],
    (run, self, locale, digits) => {
      const style = { locale: isMissing(locale) ? 'en-US' : textOf(run, locale, 'format') };
      return formatNumber(run, self, isMissing(digits) ? style : { ...style, digits: wholeOf(digits, 'format', 0) });
    },
  ),
  number(
    'toLocaleString(locale?)',
    'As text with grouped digits.',
    [['(1234.5).toLocaleString()', '1,234.5']],
    (run, self, locale) =>
      formatNumber(run, self, { locale: isMissing(locale) ? 'en-US' : textOf(run, locale, 'toLocaleString') }),
  ),
  number('toFixed(digits?)', 'As text with that many decimals.', [['(2.5).toFixed(2)', '2.50']], (_, self, digits) =>
    self.toFixed(digitsOf(digits, 'toFixed')),
  ),
  number(
    'toPrecision(digits)',
    'As text with that many digits in all.',
    [['(1234.5).toPrecision(5)', '1234.5']],
    (_, self, digits) => self.toPrecision(Math.max(1, digitsOf(digits, 'toPrecision'))),
  ),
  number('toString(base?)', 'As text.', [['(255).toString(16)', 'ff']], (_, self, base) =>
    self.toString(Math.max(2, Math.min(36, wholeOf(base, 'toString', 10)))),
  ),
  number('isEven()', 'Whether it is even.', [['(4).isEven()', true]], (_, self) => self % 2 === 0),
  number('isOdd()', 'Whether it is odd.', [['(4).isOdd()', false]], (_, self) => Math.abs(self % 2) === 1),
  number('isInteger()', 'Whether it is a whole number.', [['(4.5).isInteger()', false]], (_, self) =>
    Number.isInteger(self),
  ),
  number(
    'toDateTime(unit?)',
    "The date from milliseconds since 1970, or from 's' seconds.",
    [["(1705311000).toDateTime('s')", '2024-01-15T10:30:00.000+01:00']],
    (run, self, unit) =>
      dateOf(
        run,
        isMissing(unit) || textOf(run, unit, 'toDateTime').startsWith('m') ? self : self * 1000,
        'toDateTime',
      ),
  ),
  number('toBoolean()', 'False for 0, true for others.', [['(0).toBoolean()', false]], (_, self) => self !== 0),
  number('toNumber()', 'Itself.', [['(5).toNumber()', 5]], (_, self) => self),
  number('toInt()', 'Its whole part.', [['(5.7).toInt()', 5]], (_, self) => Math.trunc(self)),
  number('toText()', 'As text.', [['(5).toText()', '5']], (_, self) => String(self)),
  number('isEmpty()', 'Never: 0 is a value.', [['(0).isEmpty()', false]], () => false),
  number('isNotEmpty()', 'Always: 0 is a value.', [['(0).isNotEmpty()', true]], () => true),
  boolean('toString()', "'true' or 'false'.", [['true.toString()', 'true']], (_, self) => String(self)),
  boolean('toNumber()', '1 or 0.', [['true.toNumber()', 1]], (_, self) => Number(self)),
  boolean('toInt()', '1 or 0.', [['true.toInt()', 1]], (_, self) => Number(self)),
  boolean('toBoolean()', 'Itself.', [['true.toBoolean()', true]], (_, self) => self),
  boolean('toText()', "'true' or 'false'.", [['false.toText()', 'false']], (_, self) => String(self)),
  boolean('isEmpty()', 'Never: false is a value.', [['false.isEmpty()', false]], () => false),
  boolean('isNotEmpty()', 'Always: false is a value.', [['false.isNotEmpty()', true]], () => true),
  missing('isEmpty()', 'Always true of a missing value.', [['$json.fax.isEmpty()', true]], () => true),
  missing('isNotEmpty()', 'Never true of a missing value.', [['$json.fax.isNotEmpty()', false]], () => false),
];
