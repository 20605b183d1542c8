import { durationMs } from './duration.ts';

/** When a schedule fires: a cron pattern, or every so many milliseconds. */
export type When = { readonly cron: string } | { readonly every: number };

const units: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};
const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const counts = ['first', 'second', 'third', 'fourth'];

/**
 * Reads a schedule in plain words: "every 15 minutes", "hourly", "weekdays at 8:00", "mondays and fridays at 9:30 am",
 * "the 1st of the month at 6:00", "the last day of the month", "first monday of the month at noon". Undefined if it is none of these.
 * A day without a time means midnight.
 */
export function readSchedule(text: string): When | undefined {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  return interval(words) ?? onDays(words);
}

function interval(words: string): When | undefined {
  const ms = durationMs(words.replace(/^every /, ''));
  if (ms !== undefined && ms > 0) return { every: ms };
  if (words === 'hourly') return { cron: '0 * * * *' };
  const found = /^(?:every )?(?:(\d{1,6}) )?(second|minute|hour|day|week)s?$/.exec(words);
  const unit = units[found?.[2] ?? ''];
  if (!found || unit === undefined) return undefined;
  if (found[1] === undefined) return words.startsWith('every ') ? everyOne(found[2] as string, unit) : undefined;
  return Number(found[1]) > 0 ? { every: Number(found[1]) * unit } : undefined;
}

/** "every hour" is at the full hour, "every day" at midnight. */
function everyOne(unit: string, ms: number): When {
  const crons: Readonly<Record<string, string>> = {
    minute: '* * * * *',
    hour: '0 * * * *',
    day: '0 0 * * *',
    week: '0 0 * * 1',
  };
  const cron = crons[unit];
  return cron === undefined ? { every: ms } : { cron };
}

function onDays(words: string): When | undefined {
  const [, dayWords = '', timeWords] = /^(.+?)(?: at (.+))?$/.exec(words) ?? [];
  const time = timeWords === undefined ? { hour: 0, minute: 0 } : readTime(timeWords);
  const pattern = readDays(dayWords.replace(/^(every|each|on) /, '').replace(/^the /, ''));
  return time && pattern ? { cron: `${time.minute} ${time.hour} ${pattern}` } : undefined;
}

/** The day, month and weekday fields of a cron pattern. */
function readDays(words: string): string | undefined {
  if (words === 'daily' || words === 'day') return '* * *';
  if (words === 'weekdays' || words === 'weekday' || words === 'working day') return '* * 1-5';
  if (words === 'weekends' || words === 'weekend') return '* * 0,6';
  return monthDay(words) ?? weekdays(words);
}

function monthDay(words: string): string | undefined {
  const month = words.replace(/^(?:monthly|month)(?: on)?(?: the)? ?/, '').replace(/ of (?:the|every|each) month$/, '');
  if (month === words) return undefined;
  if (month === '') return '1 * *';
  if (month === 'last day') return 'L * *';
  if (month === 'first day') return '1 * *';
  const nth = /^(first|second|third|fourth|last) (\w+)$/.exec(month);
  if (nth) {
    const day = dayNumber(nth[2] as string);
    const place = nth[1] === 'last' ? 'L' : String(counts.indexOf(nth[1] as string) + 1);
    return day === undefined ? undefined : `* * ${day}#${place}`;
  }
  const date = Number(/^(\d{1,2})(?:st|nd|rd|th)?$/.exec(month)?.[1]);
  return date >= 1 && date <= 31 ? `${date} * *` : undefined;
}

function weekdays(words: string): string | undefined {
  const numbers = words.split(/, and |, ?| and /).map(dayNumber);
  if (numbers.some((day) => day === undefined)) return undefined;
  return `* * ${[...new Set(numbers)].sort().join(',')}`;
}

function dayNumber(word: string): number | undefined {
  const singular = word.replace(/s$/, '');
  const found = days.findIndex((day) => day === singular || day.slice(0, 3) === word);
  return found < 0 ? undefined : found;
}

function readTime(words: string): { hour: number; minute: number } | undefined {
  if (words === 'noon') return { hour: 12, minute: 0 };
  if (words === 'midnight') return { hour: 0, minute: 0 };
  const found = /^(\d{1,2})(?:[:.](\d{2}))? ?(am|pm|a\.m\.|p\.m\.|o'clock)?$/.exec(words);
  if (!found) return undefined;
  const half = found[3]?.replaceAll('.', '');
  let hour = Number(found[1]);
  if (half === 'am' || half === 'pm') {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half === 'pm' ? 12 : 0);
  }
  const minute = Number(found[2] ?? 0);
  return hour < 24 && minute < 60 ? { hour, minute } : undefined;
}
