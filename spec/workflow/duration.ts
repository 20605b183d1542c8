const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration as documents write it ("500ms", "5s", "10m", "2h", "1d"); undefined if it is none. */
export function durationMs(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text);
  const unit = UNITS[found?.[2] ?? ''];
  return found && unit !== undefined ? Number(found[1]) * unit : undefined;
}
