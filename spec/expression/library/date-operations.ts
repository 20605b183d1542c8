import { DateTime, Duration, type DurationLikeObject, IANAZone } from 'luxon';
import { ExpressionError } from '../expression-error.ts';
import type { Run } from '../run.ts';
import { describe, isPlainObject } from '../values.ts';
import { isMissing, needs, numberOf, textOf } from './arguments.ts';

/** What functions and methods of dates share. Dates are luxon `DateTime`s, which never change. */

const units = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
type Unit = (typeof units)[number];
type PluralUnit = `${Unit}s`;

/** Work that luxon does for one operation, in steps. */
const costOfOne = 200;
const longestText = 100;
const longestFormat = 200;

export function unitOf(run: Run, value: unknown, who: string, fallback: Unit): Unit {
  if (isMissing(value)) return fallback;
  const name = textOf(run, value, who).slice(0, 20).toLowerCase().replace(/s$/, '');
  const unit = units.find((known) => known === name);
  if (unit) return unit;
  throw needs(who, 'a unit of time', value, `Use one of ${units.map((known) => `'${known}s'`).join(', ')}.`);
}

export function plural(unit: Unit): PluralUnit {
  return `${unit}s`;
}

/**
 * The date that a value stands for, in the scope's zone: a date, ISO text, SQL or mail notation, or milliseconds since
 * 1970. Undefined when missing.
 */
export function dateOf(run: Run, value: unknown, who: string): DateTime | undefined {
  if (value instanceof DateTime) return value;
  if (isMissing(value) || value === '') return undefined;
  run.spend(costOfOne);
  const { zone } = run.scope;
  if (value instanceof Date) return valid(DateTime.fromJSDate(value, { zone }), value);
  if (typeof value === 'number') return valid(DateTime.fromMillis(value, { zone }), value);
  if (typeof value === 'string' && value.length <= longestText) {
    const text = value.trim();
    const options = { zone };
    for (const read of [DateTime.fromISO, DateTime.fromSQL, DateTime.fromRFC2822, DateTime.fromHTTP]) {
      const date = read(text, options);
      if (date.isValid) return date;
    }
  }
  throw new ExpressionError(
    'bad-date',
    `${who} needs a date, but got ${describe(value)}.`,
    "Dates are written like 2024-01-31 or 2024-01-31T09:30:00Z. For other notations use parseDate(text, 'dd.MM.yyyy').",
  );
}

export function valid(date: DateTime, from: unknown): DateTime {
  if (date.isValid) return date;
  throw new ExpressionError(
    'bad-date',
    `There is no such date (from ${describe(from)}).`,
    'Check the date and its parts.',
  );
}

/** What to add to a date: `(3, 'days')`, `{ days: 3 }` or a duration. */
function amountOf(run: Run, amount: unknown, unit: unknown, who: string): DurationLikeObject {
  run.spend(costOfOne);
  if (amount instanceof Duration) return amount.toObject();
  if (isPlainObject(amount)) {
    const parts: DurationLikeObject = {};
    for (const name of Object.keys(amount)) {
      parts[plural(unitOf(run, name, who, 'day'))] = numberOf(amount[name], who) ?? 0;
    }
    return parts;
  }
  return { [plural(unitOf(run, unit, who, 'day'))]: numberOf(amount, who) ?? 0 };
}

export function addTo(run: Run, date: DateTime, amount: unknown, unit: unknown, sign: 1 | -1, who: string): DateTime {
  const parts = amountOf(run, amount, unit, who);
  return valid(sign === 1 ? date.plus(parts) : date.minus(parts), amount);
}

export function formatDate(run: Run, date: DateTime, format: unknown, locale: unknown): string {
  run.spend(costOfOne * 2);
  const pattern = isMissing(format) ? 'yyyy-MM-dd' : textOf(run, format, 'formatDate');
  if (pattern.length > longestFormat) {
    throw new ExpressionError('bad-value', 'The date format is too long.', "Use a format such as 'dd.MM.yyyy'.");
  }
  if (isMissing(locale)) return date.setLocale('en').toFormat(pattern);
  run.spend(2_000);
  return date.setLocale(localeOf(textOf(run, locale, 'formatDate'))).toFormat(pattern);
}

function localeOf(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    throw new ExpressionError('bad-value', `'${locale.slice(0, 40)}' is not a locale.`, "Use one such as 'de-DE'.");
  }
}

/**
 * Reads a date by a format. Each part of a date may occur once and formats that depend on a locale are refused: luxon
 * turns formats into regular expressions, and repeated parts could make these take for ever.
 */
export function parseByFormat(run: Run, text: string, format: string): DateTime {
  run.spend(costOfOne * 5);
  const parts = format.replace(/'[^']*'/g, '').match(/([A-Za-z])\1*/g) ?? [];
  const kinds = parts.map((part) => (part[0] === 'L' ? 'M' : (part[0] ?? '')));
  if (format.length > 60 || new Set(kinds).size !== kinds.length || /[TtDfF]/.test(kinds.join(''))) {
    throw new ExpressionError(
      'bad-value',
      `'${format.slice(0, 60)}' is not a format for reading dates.`,
      "Name each part once, as in 'dd.MM.yyyy' or 'yyyy-MM-dd HH:mm'; put plain letters in single quotes.",
    );
  }
  const date =
    text.length <= longestText
      ? DateTime.fromFormat(text.trim(), format, { zone: run.scope.zone, locale: 'en' })
      : DateTime.invalid('too long');
  if (date.isValid) return date;
  throw new ExpressionError(
    'bad-date',
    `'${text.slice(0, 40)}' does not follow the format '${format}'.`,
    'Check the format: yyyy is the year, MM the month, dd the day, HH hours, mm minutes.',
  );
}

export function zoneOf(run: Run, value: unknown, who: string): string {
  const zone = textOf(run, value, who).slice(0, 60);
  run.spend(costOfOne);
  if (/^utc([+-]\d{1,2}(:\d{2})?)?$/i.test(zone) || IANAZone.isValidZone(zone)) return zone;
  throw needs(who, 'a time zone', value, "Use one such as 'Europe/Berlin' or 'UTC'.");
}

/** How much time lies between, as a number in the unit; positive when `to` is later. */
export function timeBetween(run: Run, from: DateTime, to: DateTime, unit: Unit): number {
  run.spend(costOfOne);
  return to.diff(from, plural(unit)).as(plural(unit));
}

export function isWeekend(date: DateTime): boolean {
  return date.weekday > 5;
}

/** Moves by working days, Monday to Friday; from a weekend it counts from the nearest working day behind. */
export function addWorkdays(run: Run, start: DateTime, count: number): DateTime {
  run.spend(costOfOne * 10);
  const step = count < 0 ? -1 : 1;
  let date = start;
  while (count !== 0 && isWeekend(date)) date = date.minus({ days: step });
  date = date.plus({ weeks: Math.trunc(count / 5) });
  for (let left = Math.abs(count % 5); left > 0; ) {
    date = date.plus({ days: step });
    if (!isWeekend(date)) left--;
  }
  return valid(date, count);
}

/** How many working days there are from one day to another, both included. */
export function workdaysBetween(run: Run, from: DateTime, to: DateTime): number {
  run.spend(costOfOne * 10);
  if (to < from) return -workdaysBetween(run, to, from);
  const first = from.startOf('day');
  const days = Math.round(to.startOf('day').diff(first, 'days').days) + 1;
  let count = Math.floor(days / 7) * 5;
  for (let i = 0; i < days % 7; i++) if (!isWeekend(first.plus({ days: i }))) count++;
  return count;
}
