const UNITS: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };

/** Bytes of a size as documents write it ("500 MB", "2GB"); undefined if it is none. */
export function sizeBytes(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(KB|MB|GB|TB)$/.exec(text);
  const unit = UNITS[found?.[2] ?? ''];
  return found && unit !== undefined ? Math.round(Number(found[1]) * unit) : undefined;
}
