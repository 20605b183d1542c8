import { type DateTime, Duration } from 'luxon';
import { methodsOf } from '../definition.ts';
import type { Run } from '../run.ts';
import { fieldOf, isMissing, needs, numberOf, objectOf, textOf, wholeOf } from './arguments.ts';
import { addTo, dateOf, formatDate, isWeekend, plural, timeBetween, unitOf, valid, zoneOf } from './date-operations.ts';
import { matchList } from './text-methods.ts';

const date = methodsOf('date');
const duration = methodsOf('duration');
const pattern = methodsOf('pattern');

function otherDate(run: Run, value: unknown, who: string): DateTime {
  const found = dateOf(run, value, who);
  if (found === undefined) throw needs(who, 'another date', value, 'Give a date such as $now.');
  return found;
}

/** The time between as a number for one unit, or as an object of several. */
function differenceOf(run: Run, from: DateTime, to: DateTime, unit: unknown, who: string): unknown {
  if (!Array.isArray(unit)) return timeBetween(run, from, to, unitOf(run, unit, who, 'day'));
  run.spend(500);
  return to
    .diff(
      from,
      unit.map((one) => plural(unitOf(run, one, who, 'day'))),
    )
    .toObject();
}

function relativeTo(run: Run, self: DateTime): string {
  run.spend(3_000);
  return self.toRelative({ base: run.now(), locale: 'en' }) ?? '';
}

export const dateMethods = [
  date(
    'plus(amount, unit?)',
    'Later by an amount of days, unless another unit is given, or by an object of units.',
    [
      ["$now.plus(3, 'days').format('yyyy-MM-dd')", '2024-05-20'],
      ['$now.plus({ months: 1 }).month', 6],
    ],
    (run, self, amount, unit) => addTo(run, self, amount, unit, 1, 'plus'),
  ),
  date(
    'minus(amount, unit?)',
    'Earlier by an amount.',
    [["$now.minus(1, 'year').year", 2023]],
    (run, self, amount, unit) => addTo(run, self, amount, unit, -1, 'minus'),
  ),
  date(
    'format(format?, locale?)',
    'As text; yyyy-MM-dd unless said otherwise.',
    [["$now.format('dd LLL yyyy')", '17 May 2024']],
    formatDate,
  ),
  date('toFormat(format, locale?)', 'The same as format.', [["$now.toFormat('HH:mm')", '14:30']], formatDate),
  date('toISO()', 'ISO text with its offset.', [['$now.toISO()', '2024-05-17T14:30:00.000+02:00']], (_, self) =>
    self.toISO(),
  ),
  date('toISODate()', 'The day as ISO text.', [['$now.toISODate()', '2024-05-17']], (_, self) => self.toISODate()),
  date('toISOTime()', 'The time of day as ISO text.', [['$now.toISOTime()', '14:30:00.000+02:00']], (_, self) =>
    self.toISOTime(),
  ),
  date(
    'toISOString()',
    'ISO text in UTC, as JavaScript writes it.',
    [['$now.toISOString()', '2024-05-17T12:30:00.000Z']],
    (_, self) => self.toUTC().toISO(),
  ),
  date('toJSON()', 'ISO text with its offset.', [['$now.toJSON()', '2024-05-17T14:30:00.000+02:00']], (_, self) =>
    self.toISO(),
  ),
  date('toString()', 'ISO text with its offset.', [['$today.toString()', '2024-05-17T00:00:00.000+02:00']], (_, self) =>
    self.toISO(),
  ),
  date('toText()', 'ISO text with its offset.', [['$today.toText()', '2024-05-17T00:00:00.000+02:00']], (_, self) =>
    self.toISO(),
  ),
  date(
    'toLocaleString(locale?)',
    'The day as people of a locale write it.',
    [["$now.toLocaleString('en-GB')", '17/05/2024']],
    (run, self, locale) => {
      run.spend(3_000);
      return self.setLocale(isMissing(locale) ? 'en' : textOf(run, locale, 'toLocaleString')).toLocaleString();
    },
  ),
  date('toRelative()', 'In words, seen from now.', [["$now.minus(3, 'days').toRelative()", '3 days ago']], relativeTo),
  date(
    'startOf(unit?)',
    'The first moment of the day, unless another unit is given.',
    [["$now.startOf('month').day", 1]],
    (run, self, unit) => self.startOf(unitOf(run, unit, 'startOf', 'day')),
  ),
  date(
    'beginningOf(unit?)',
    'The first moment of the week, unless another unit is given.',
    [["$now.beginningOf('week').day", 13]],
    (run, self, unit) => self.startOf(unitOf(run, unit, 'beginningOf', 'week')),
  ),
  date(
    'endOf(unit?)',
    'The last moment of the day, unless another unit is given.',
    [["$now.endOf('month').day", 31]],
    (run, self, unit) => self.endOf(unitOf(run, unit, 'endOf', 'day')),
  ),
  date('endOfMonth()', 'The last moment of the month.', [['$now.endOfMonth().day', 31]], (_, self) =>
    self.endOf('month'),
  ),
  date('set(parts)', 'With some parts replaced.', [['$now.set({ day: 1 }).day', 1]], (run, self, parts) => {
    const given = objectOf(parts, 'set');
    const values = Object.keys(given).map((name) => [
      unitOf(run, name, 'set', 'day'),
      wholeOf(fieldOf(given, name), 'set', 0),
    ]);
    return valid(self.set(Object.fromEntries(values)), parts);
  }),
  date(
    'diff(other, unit?)',
    'The time since the other date as a duration.',
    [["$now.diff('2024-05-10T14:30:00', 'days').days", 7]],
    (run, self, other, unit) => {
      run.spend(500);
      const units = (Array.isArray(unit) ? unit : [unit]).map((one) => plural(unitOf(run, one, 'diff', 'millisecond')));
      return self.diff(otherDate(run, other, 'diff'), units);
    },
  ),
  date(
    'diffTo(other, unit?)',
    'The time since the other date as a number, of days unless said otherwise; negative when this one is earlier.',
    [["$now.diffTo('2024-05-10T14:30:00')", 7]],
    (run, self, other, unit) => differenceOf(run, otherDate(run, other, 'diffTo'), self, unit, 'diffTo'),
  ),
  date(
    'diffToNow(unit?)',
    'The time from now on as a number; negative for the past.',
    [["$now.minus(2, 'hours').diffToNow('hours')", -2]],
    (run, self, unit) => differenceOf(run, run.now(), self, unit, 'diffToNow'),
  ),
  date(
    'diffNow(unit?)',
    'The time from now on as a duration; negative for the past.',
    [["$now.plus(2, 'hours').diffNow('hours').hours", 2]],
    (run, self, unit) => self.diff(run.now(), plural(unitOf(run, unit, 'diffNow', 'millisecond'))),
  ),
  date(
    'hasSame(other, unit)',
    'Whether both lie in the same day, month or other unit.',
    [["$now.hasSame($today, 'month')", true]],
    (run, self, other, unit) => self.hasSame(otherDate(run, other, 'hasSame'), unitOf(run, unit, 'hasSame', 'day')),
  ),
  date(
    'equals(other)',
    'Whether both are the same moment.',
    [['$now.equals($now)', true]],
    (run, self, other) => self.toMillis() === otherDate(run, other, 'equals').toMillis(),
  ),
  date(
    'isBetween(from, to)',
    'Whether it lies between two dates.',
    [["$now.isBetween('2024-01-01', '2024-12-31')", true]],
    (run, self, from, to) => self > otherDate(run, from, 'isBetween') && self < otherDate(run, to, 'isBetween'),
  ),
  date(
    'isInLast(amount, unit?)',
    'Whether it lies within that time before now.',
    [["$now.minus(1, 'day').isInLast(2, 'days')", true]],
    (run, self, amount, unit) => self <= run.now() && self >= addTo(run, run.now(), amount, unit, -1, 'isInLast'),
  ),
  date('isWeekend()', 'Whether it is a Saturday or Sunday.', [['$now.isWeekend()', false]], (_, self) =>
    isWeekend(self),
  ),
  date(
    'extract(unit?)',
    'One part of the date; the week unless said otherwise.',
    [["$now.extract('month')", 5]],
    (run, self, unit) => {
      const part = unitOf(run, unit, 'extract', 'week');
      return part === 'week' ? self.weekNumber : self[part];
    },
  ),
  date(
    'setZone(zone)',
    'The same moment in another time zone.',
    [["$now.setZone('UTC').hour", 12]],
    (run, self, zone) => self.setZone(zoneOf(run, zone, 'setZone')),
  ),
  date('toUTC()', 'The same moment in UTC.', [['$now.toUTC().hour', 12]], (_, self) => self.toUTC()),
  date('toDateTime()', 'Itself.', [['$now.toDateTime().year', 2024]], (_, self) => self),
  date('toMillis()', 'Milliseconds since 1970.', [['$now.toMillis()', 1715949000000]], (_, self) => self.toMillis()),
  date('valueOf()', 'Milliseconds since 1970.', [['$now.valueOf()', 1715949000000]], (_, self) => self.toMillis()),
  date('getTime()', 'Milliseconds since 1970.', [['$now.getTime()', 1715949000000]], (_, self) => self.toMillis()),
  date('toSeconds()', 'Seconds since 1970.', [['$now.toSeconds()', 1715949000]], (_, self) => self.toSeconds()),
  date('toUnixInteger()', 'Whole seconds since 1970.', [['$now.toUnixInteger()', 1715949000]], (_, self) =>
    self.toUnixInteger(),
  ),
  date('getFullYear()', 'The year, as JavaScript has it.', [['$now.getFullYear()', 2024]], (_, self) => self.year),
  date(
    'getMonth()',
    'The month counted from 0, as JavaScript has it.',
    [['$now.getMonth()', 4]],
    (_, self) => self.month - 1,
  ),
  date('getDate()', 'The day of the month, as JavaScript has it.', [['$now.getDate()', 17]], (_, self) => self.day),
  date(
    'getDay()',
    'The weekday from 0 for Sunday, as JavaScript has it.',
    [['$now.getDay()', 5]],
    (_, self) => self.weekday % 7,
  ),
  date('getHours()', 'The hour, as JavaScript has it.', [['$now.getHours()', 14]], (_, self) => self.hour),
  date('getMinutes()', 'The minute, as JavaScript has it.', [['$now.getMinutes()', 30]], (_, self) => self.minute),
  date('getSeconds()', 'The second, as JavaScript has it.', [['$now.getSeconds()', 0]], (_, self) => self.second),
  date('isEmpty()', 'Never: a date is a value.', [['$now.isEmpty()', false]], () => false),
  date('isNotEmpty()', 'Always: a date is a value.', [['$now.isNotEmpty()', true]], () => true),
  duration(
    'as(unit)',
    'As a number of one unit.',
    [["$now.diff($today, 'minutes').as('hours')", 14.5]],
    (run, self, unit) => self.as(plural(unitOf(run, unit, 'as', 'day'))),
  ),
  duration('toMillis()', 'In milliseconds.', [["$now.diff($today, 'hours').toMillis()", 52200000]], (_, self) =>
    self.toMillis(),
  ),
  duration(
    'toObject()',
    'Its units as an object.',
    [["$now.diff($today, ['hours', 'minutes']).toObject()", { hours: 14, minutes: 30 }]],
    (_, self) => self.toObject(),
  ),
  duration('toISO()', 'As ISO text.', [["$now.diff($today, 'hours').toISO()", 'PT14.5H']], (_, self) => self.toISO()),
  duration('toString()', 'As ISO text.', [["$now.diff($today, 'hours').toString()", 'PT14.5H']], (_, self) =>
    self.toISO(),
  ),
  duration(
    'plus(amount, unit?)',
    'Longer by an amount.',
    [["$now.diff($today, 'hours').plus(1, 'hour').as('hours')", 15.5]],
    (run, self, amount, unit) =>
      self.plus(Duration.fromObject({ [plural(unitOf(run, unit, 'plus', 'day'))]: numberOf(amount, 'plus') ?? 0 })),
  ),
  pattern(
    'test(text)',
    'Whether it occurs in the text.',
    [["/[0-9]/.test('a1')", true]],
    (run, self, text) => !isMissing(text) && self.test(run, textOf(run, text, 'test')),
  ),
  pattern(
    'exec(text)',
    'The first match with its groups; missing when there is none.',
    [["/([a-z])([0-9])/.exec('a1')[2]", '1']],
    (run, self, text) => {
      const match = isMissing(text) ? undefined : self.first(run, textOf(run, text, 'exec'));
      return match ? matchList(run, match, self) : null;
    },
  ),
  pattern('toString()', 'Its source.', [['/a+/i.toString()', '/a+/i']], (_, self) => `/${self.source}/${self.flags}`),
];
