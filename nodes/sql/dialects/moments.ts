/** Dates and times between databases and records: ISO 8601, instants in UTC with `Z`, at least milliseconds, at most microseconds. */

interface Moment {
  /** Epoch milliseconds of the wall clock as if it were UTC, whole seconds. */
  readonly seconds: number;
  readonly fraction: string;
  /** Minutes east of UTC; absent without a zone. */
  readonly offset?: number;
}

const MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

function momentOf(text: string): Moment | undefined {
  const match = MOMENT.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60)
    return;
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const seconds = date.getTime();
  return zone === undefined ? { seconds, fraction } : { seconds, fraction, offset: offsetOf(zone) };
}

function offsetOf(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return zone.startsWith('-') ? -minutes : minutes;
}

function fractionOf(digits: string): string {
  return `.${digits.slice(0, 6).replace(/0+$/, '').padEnd(3, '0')}`;
}

/** A database's timestamp as ISO text; one with a zone in UTC. Text that is no timestamp (infinity, BC) stays as it is. */
export function isoFromDatabase(text: string): string {
  const moment = momentOf(text);
  if (moment === undefined) return text;
  const { seconds, fraction, offset } = moment;
  const wall = new Date(seconds - (offset ?? 0) * 60_000).toISOString().slice(0, -5);
  return `${wall}${fractionOf(fraction)}${offset === undefined ? '' : 'Z'}`;
}

/**
 * The same for what a server printed, most of which is `YYYY-MM-DD HH:MM:SS` with a fraction or zone or not, and is known to be a moment
 * once no part of it is zero: those are put together without a pattern.
 */
export function isoFromServer(text: string): string {
  const isPlain = text.length >= 19 && text[0] !== '0' && text[4] === '-' && text[10] === ' ';
  if (!isPlain || text.startsWith('00', 5) || text.startsWith('00', 8)) return isoFromDatabase(text);
  let end = 19;
  if (text[19] === '.') for (end = 20; isDigit(text.charCodeAt(end)); end++);
  const fraction = end === 19 ? '.000' : fractionOf(text.slice(20, end));
  const zone = text.slice(end);
  if (zone === '' || zone === '+00') {
    return `${text.slice(0, 10)}T${text.slice(11, 19)}${fraction}${zone === '' ? '' : 'Z'}`;
  }
  if (!ZONE.test(zone)) return isoFromDatabase(text);
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)].map(Number) as [
    number,
    number,
    number,
  ];
  const [hour, minute, second] = [text.slice(11, 13), text.slice(14, 16), text.slice(17, 19)].map(Number);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second) - offsetOf(zone) * 60_000;
  return `${new Date(utc).toISOString().slice(0, 19)}${fraction}Z`;
}

const ZONE = /^[+-]\d\d(:?\d\d)?$/;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** ISO text as `YYYY-MM-DD HH:MM:SS.ffffff` for columns without a zone: an instant becomes its UTC clock. */
export function wallClock(text: string): string {
  return isoFromDatabase(text).replace('T', ' ').replace('Z', '');
}

/** The day of a date or timestamp. */
export function dayOf(text: string): string {
  const moment = momentOf(text);
  return moment === undefined ? text : isoFromDatabase(text).slice(0, 10);
}

export function isoFromMicros(micros: bigint, zone: boolean): string {
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const rest = micros - millis * 1000n;
  const date = new Date(Number(millis));
  if (Number.isNaN(date.getTime())) return String(micros);
  const iso = date.toISOString().slice(0, -1);
  return `${iso}${rest === 0n ? '' : String(rest).padStart(3, '0').replace(/0+$/, '')}${zone ? 'Z' : ''}`;
}

export type MomentKind = 'date' | 'timestamp' | 'timestamp-zone';

/** What kind of moment a text is, if it is one beyond doubt. */
export function momentKind(text: string): MomentKind | undefined {
  if (text.length < 10 || text.length > 35) return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return momentOf(text) === undefined ? undefined : 'date';
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return undefined;
  const moment = momentOf(text);
  if (moment === undefined) return undefined;
  return moment.offset === undefined ? 'timestamp' : 'timestamp-zone';
}
