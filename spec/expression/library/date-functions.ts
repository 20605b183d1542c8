import { DateTime } from 'luxon';
import { type Builtin, category } from '../definition.ts';
import type { Run } from '../run.ts';
import { isMissing, numberOf, textOf, wholeOf } from './arguments.ts';
import {
  addTo,
  addWorkdays,
  dateOf,
  formatDate,
  isWeekend,
  parseByFormat,
  timeBetween,
  unitOf,
  valid,
  workdaysBetween,
  zoneOf,
} from './date-operations.ts';

const { fn } = category('Dates');

/** Functions of one date; a missing date gives a missing result. */
function ofDate(who: string, compute: (run: Run, date: DateTime, ...rest: unknown[]) => unknown): Builtin {
  return (run, value, ...rest) => {
    const date = dateOf(run, value, who);
    return date === undefined ? undefined : compute(run, date, ...rest);
  };
}

/** Functions of two dates; missing unless both are there. */
function ofTwo(who: string, compute: (run: Run, a: DateTime, b: DateTime, ...rest: unknown[]) => unknown): Builtin {
  return (run, first, second, ...rest) => {
    const a = dateOf(run, first, who);
    const b = dateOf(run, second, who);
    return a === undefined || b === undefined ? undefined : compute(run, a, b, ...rest);
  };
}

/** `new Date(...)`: now, a date from a value, or from its parts with months counted from 0. */
export const newDate = fn(
  'new Date(value?, month?, day?, hour?, minute?, second?, millisecond?)',
  'A date as JavaScript makes it, in the zone of the workflow.',
  [["new Date('2024-01-15').getFullYear()", 2024]],
  (run, value, month, ...rest) => {
    if (value === undefined) return run.now();
    if (month === undefined) return dateOf(run, value, 'new Date') ?? valid(DateTime.invalid('missing'), value);
    const [day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = rest.map((part, i) =>
      wholeOf(part, 'new Date', i === 0 ? 1 : 0),
    );
    const start = DateTime.fromObject({ year: wholeOf(value, 'new Date', 1970) }, { zone: run.scope.zone });
    return valid(
      start.plus({ months: wholeOf(month, 'new Date', 0), days: day - 1 }).set({ hour, minute, second, millisecond }),
      value,
    );
  },
);

export const dateFunctions = [
  fn('now()', 'This moment. It is the same everywhere in a run.', [['now()', '2024-05-17T14:30:00.000+02:00']], (run) =>
    run.now(),
  ),
  fn('today()', 'Today at midnight.', [['today()', '2024-05-17T00:00:00.000+02:00']], (run) =>
    run.now().startOf('day'),
  ),
  fn(
    'toDateTime(value)',
    'The date that a text or a number of milliseconds stands for, in the zone of the workflow.',
    [
      ['toDateTime($json.createdAt)', '2024-01-15T10:30:00.000+01:00'],
      ["toDateTime('2024-02-01 08:00')", '2024-02-01T08:00:00.000+01:00'],
    ],
    (run, value) => dateOf(run, value, 'toDateTime'),
  ),
  fn(
    'parseDate(text, format)',
    'Reads a date that is written in another way.',
    [["parseDate('31.01.2024', 'dd.MM.yyyy')", '2024-01-31T00:00:00.000+01:00']],
    (run, value, format) =>
      isMissing(value) || value === ''
        ? undefined
        : parseByFormat(run, textOf(run, value, 'parseDate'), textOf(run, format, 'parseDate')),
  ),
  fn(
    'date(year, month, day)',
    'The date from its parts; months count from 1.',
    [['date(2024, 2, 29)', '2024-02-29T00:00:00.000+01:00']],
    (run, year, month, day) => {
      const parts = {
        year: wholeOf(year, 'date', 1970),
        month: wholeOf(month, 'date', 1),
        day: wholeOf(day, 'date', 1),
      };
      return valid(DateTime.fromObject(parts, { zone: run.scope.zone }), `${parts.year}-${parts.month}-${parts.day}`);
    },
  ),
  fn(
    'fromUnix(seconds)',
    'The date from seconds since 1970.',
    [['fromUnix(0)', '1970-01-01T01:00:00.000+01:00']],
    (run, seconds) => {
      const number = numberOf(seconds, 'fromUnix');
      return number === undefined ? undefined : dateOf(run, number * 1000, 'fromUnix');
    },
  ),
  fn(
    'toUnix(date)',
    'Seconds since 1970.',
    [['toUnix($json.createdAt)', 1705311000]],
    ofDate('toUnix', (_, date) => Math.floor(date.toSeconds())),
  ),
  fn(
    'formatDate(date, format?, locale?)',
    'The date as text; yyyy-MM-dd unless said otherwise.',
    [
      ["formatDate($json.createdAt, 'dd.MM.yyyy HH:mm')", '15.01.2024 10:30'],
      ["formatDate($json.createdAt, 'd MMMM', 'fr')", '15 janvier'],
    ],
    ofDate('formatDate', formatDate),
  ),
  fn(
    'dateAdd(date, amount, unit?)',
    'A later date; the unit is days unless said otherwise.',
    [["dateAdd('2024-01-31', 1, 'month')", '2024-02-29T00:00:00.000+01:00']],
    ofDate('dateAdd', (run, date, amount, unit) => addTo(run, date, amount, unit, 1, 'dateAdd')),
  ),
  fn(
    'dateSubtract(date, amount, unit?)',
    'An earlier date; the unit is days unless said otherwise.',
    [["dateSubtract('2024-03-01', 1)", '2024-02-29T00:00:00.000+01:00']],
    ofDate('dateSubtract', (run, date, amount, unit) => addTo(run, date, amount, unit, -1, 'dateSubtract')),
  ),
  fn(
    'dateDiff(from, to, unit?)',
    'How many whole units lie between two dates; days unless said otherwise, negative when the second is earlier.',
    [
      ["dateDiff('2024-01-01', '2024-03-01')", 60],
      ["dateDiff($json.createdAt, $now, 'months')", 4],
    ],
    ofTwo(
      'dateDiff',
      (run, from, to, unit) => Math.trunc(timeBetween(run, from, to, unitOf(run, unit, 'dateDiff', 'day'))) || 0,
    ),
  ),
  fn(
    'startOf(date, unit)',
    'The first moment of the day, week (from Monday), month, quarter or year.',
    [["startOf($json.createdAt, 'month')", '2024-01-01T00:00:00.000+01:00']],
    ofDate('startOf', (run, date, unit) => date.startOf(unitOf(run, unit, 'startOf', 'day'))),
  ),
  fn(
    'endOf(date, unit)',
    'The last moment of the day, week, month, quarter or year.',
    [["endOf('2024-02-10', 'month')", '2024-02-29T23:59:59.999+01:00']],
    ofDate('endOf', (run, date, unit) => date.endOf(unitOf(run, unit, 'endOf', 'day'))),
  ),
  fn(
    'inZone(date, zone)',
    'The same moment in another time zone.',
    [["inZone($json.createdAt, 'America/New_York')", '2024-01-15T04:30:00.000-05:00']],
    ofDate('inZone', (run, date, zone) => date.setZone(zoneOf(run, zone, 'inZone'))),
  ),
  fn(
    'year(date)',
    'The year.',
    [['year($json.createdAt)', 2024]],
    ofDate('year', (_, date) => date.year),
  ),
  fn(
    'quarter(date)',
    'The quarter, 1 to 4.',
    [['quarter($json.createdAt)', 1]],
    ofDate('quarter', (_, date) => date.quarter),
  ),
  fn(
    'month(date)',
    'The month, 1 to 12.',
    [['month($json.createdAt)', 1]],
    ofDate('month', (_, date) => date.month),
  ),
  fn(
    'weekNumber(date)',
    'The week of the year by ISO 8601.',
    [['weekNumber($json.createdAt)', 3]],
    ofDate('weekNumber', (_, date) => date.weekNumber),
  ),
  fn(
    'day(date)',
    'The day of the month.',
    [['day($json.createdAt)', 15]],
    ofDate('day', (_, date) => date.day),
  ),
  fn(
    'weekday(date)',
    'The day of the week, 1 for Monday to 7 for Sunday.',
    [['weekday($json.createdAt)', 1]],
    ofDate('weekday', (_, date) => date.weekday),
  ),
  fn(
    'hour(date)',
    'The hour, 0 to 23.',
    [['hour($json.createdAt)', 10]],
    ofDate('hour', (_, date) => date.hour),
  ),
  fn(
    'minute(date)',
    'The minute.',
    [['minute($json.createdAt)', 30]],
    ofDate('minute', (_, date) => date.minute),
  ),
  fn(
    'second(date)',
    'The second.',
    [['second($json.createdAt)', 0]],
    ofDate('second', (_, date) => date.second),
  ),
  fn(
    'isBefore(date, other)',
    'Whether the date is earlier than the other.',
    [['isBefore($json.createdAt, $now)', true]],
    ofTwo('isBefore', (_, a, b) => a < b),
  ),
  fn(
    'isAfter(date, other)',
    'Whether the date is later than the other.',
    [['isAfter($json.createdAt, $now)', false]],
    ofTwo('isAfter', (_, a, b) => a > b),
  ),
  fn(
    'isSameDay(date, other)',
    'Whether both dates are on the same day.',
    [["isSameDay('2024-01-01T08:00', '2024-01-01T20:00')", true]],
    ofTwo('isSameDay', (_, a, b) => a.hasSame(b, 'day')),
  ),
  fn(
    'isWeekend(date)',
    'Whether the day is a Saturday or Sunday.',
    [["isWeekend('2024-05-18')", true]],
    ofDate('isWeekend', (_, date) => isWeekend(date)),
  ),
  fn(
    'addWorkdays(date, count)',
    'Later or earlier by working days, Monday to Friday.',
    [["addWorkdays('2024-05-17', 1)", '2024-05-20T00:00:00.000+02:00']],
    ofDate('addWorkdays', (run, date, count) => addWorkdays(run, date, wholeOf(count, 'addWorkdays', 0))),
  ),
  fn(
    'workdaysBetween(from, to)',
    'How many working days there are, both ends included.',
    [["workdaysBetween('2024-05-13', '2024-05-20')", 6]],
    ofTwo('workdaysBetween', workdaysBetween),
  ),
  fn(
    'age(date)',
    'How many whole years ago the date was.',
    [["age('1990-05-18')", 33]],
    ofDate('age', (run, date) => Math.trunc(timeBetween(run, date, run.now(), 'year'))),
  ),
];
