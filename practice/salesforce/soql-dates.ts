/** A span of days, `start` included and `end` not, in milliseconds UTC. */
export interface DateSpan {
  start: number;
  end: number;
}

const DAY = 86_400_000;

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

/**
 * The span of a date literal (`TODAY`, `LAST_N_DAYS:30`, `THIS_FISCAL_QUARTER`). Days are UTC, weeks begin on
 * Sunday, and the fiscal year is the calendar year, as in a new org.
 */
export function dateLiteralSpan(literal: string, now: number): DateSpan | undefined {
  const [rawName, count] = literal.toUpperCase().split(':');
  const name = (rawName ?? '').replace('_FISCAL', '').replace('FISCAL_', '');
  const n = Number(count ?? 1);
  if (name === 'YESTERDAY') return units('DAY', now, -1, 0);
  if (name === 'TODAY') return units('DAY', now, 0, 1);
  if (name === 'TOMORROW') return units('DAY', now, 1, 2);
  if (name === 'LAST_90_DAYS') return units('DAY', now, -90, 1);
  if (name === 'NEXT_90_DAYS') return units('DAY', now, 1, 91);
  const counted = /^(LAST_N|NEXT_N|N)_(DAY|WEEK|MONTH|QUARTER|YEAR)S(_AGO)?$/.exec(name);
  if (counted) {
    const unit = counted[2] as Unit;
    if (counted[3]) return units(unit, now, -n, 1 - n);
    if (counted[1] === 'NEXT_N') return units(unit, now, 1, 1 + n);
    // The last n days reach up to now; the last n weeks, months, ... leave the current one out.
    return units(unit, now, -n, unit === 'DAY' ? 1 : 0);
  }
  const named = /^(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(name);
  if (!named) return undefined;
  const shift = named[1] === 'LAST' ? -1 : named[1] === 'NEXT' ? 1 : 0;
  return units(named[2] as Unit, now, shift, shift + 1);
}

/** From the beginning of the unit `from` units away to the beginning of the one `to` units away. */
function units(unit: Unit, now: number, from: number, to: number): DateSpan {
  return { start: startOf(unit, now, from), end: startOf(unit, now, to) };
}

function startOf(unit: Unit, now: number, shift: number): number {
  const today = Math.floor(now / DAY) * DAY;
  const date = new Date(today);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (unit) {
    case 'DAY':
      return today + shift * DAY;
    case 'WEEK':
      return today - date.getUTCDay() * DAY + shift * 7 * DAY;
    case 'MONTH':
      return Date.UTC(year, month + shift, 1);
    case 'QUARTER':
      return Date.UTC(year, Math.floor(month / 3) * 3 + shift * 3, 1);
    case 'YEAR':
      return Date.UTC(year + shift, 0, 1);
  }
}
