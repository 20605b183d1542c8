/** Words for times, durations and numbers. Zones are IANA names; without one, the person's own. */

const numbers = new Intl.NumberFormat('en');

/** 1234567 -> "1,234,567" */
export function formatCount(value: number): string {
  return numbers.format(value);
}

/** 1, "record" -> "1 record"; 1200 -> "1,200 records" */
export function countOf(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}

/** "14 Mar 2025, 09:05:12 CET" */
export function formatDateTime(at: number | string | Date, zone?: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone: zone,
  });
  return format.format(new Date(at));
}

/** "09:05:12 CET" */
export function formatTime(at: number | string | Date, zone?: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone: zone,
  });
  return format.format(new Date(at));
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** The two largest units that count: 125_000 -> "2 minutes 5 seconds"; below ten seconds with one decimal, below one second "0.4 seconds". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return ms < 100 ? 'under 0.1 seconds' : `${(ms / 1000).toFixed(1)} seconds`;
  if (ms < 9950) {
    const seconds = (ms / 1000).toFixed(1).replace(/\.0$/, '');
    return `${seconds} ${seconds === '1' ? 'second' : 'seconds'}`;
  }
  let rest = Math.round(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const [name, size] of units) {
    const value = Math.floor(rest / size);
    rest -= value * size;
    if (value > 0) parts.push(`${formatCount(value)} ${name}${value === 1 ? '' : 's'}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** "just now", "5 minutes ago", "in 3 hours", and the date beyond a week. */
export function formatAgo(at: number | string | Date, now: number = Date.now(), zone?: string): string {
  const time = new Date(at).getTime();
  const distance = Math.abs(now - time);
  if (distance < 45_000) return 'just now';
  if (distance > 7 * 86_400_000) return formatDateTime(time, zone);
  const [name, size] = units.find(([, unit]) => distance >= unit * 0.95) ?? ['minute', 60_000];
  const value = Math.max(1, Math.round(distance / size));
  const words = `${value} ${name}${value === 1 ? '' : 's'}`;
  return time <= now ? `${words} ago` : `in ${words}`;
}

/** 1536 -> "1.5 KB" */
export function formatBytes(size: number): string {
  if (size < 1024) return countOf(size, 'byte');
  let value = size;
  let unit = 'bytes';
  for (const next of ['KB', 'MB', 'GB', 'TB']) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`;
}
