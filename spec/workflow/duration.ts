const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const WORDS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
] as const;

/** "2 hours", "90 seconds", "0.5 seconds": in the largest unit of which it is a whole number. */
export function durationWords(ms: number): string {
  const [size, unit] = WORDS.find(([size]) => ms > 0 && ms % size === 0) ?? [1000, 'second'];
  return `${ms / size} ${unit}${ms === size ? '' : 's'}`;
}

/** Milliseconds of a duration as documents write it ("500ms", "5s", "10m", "2h", "1d"); undefined if it is none. */
export function durationMs(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text);
  const unit = UNITS[found?.[2] ?? ''];
  return found && unit !== undefined ? Number(found[1]) * unit : undefined;
}
