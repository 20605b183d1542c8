const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
/** Stands where a real id names the instance that the org lives on. */
const INSTANCE = '5g0';

/** The 18-character id of the record with this number: key prefix, instance, number in base 62, checksum. */
export function recordId(prefix: string, number: number): string {
  let digits = '';
  for (let rest = number; digits.length < 9; rest = Math.floor(rest / 62)) digits = `${DIGITS[rest % 62]}${digits}`;
  return withChecksum(`${prefix}${INSTANCE}${digits}`);
}

/** Both lengths of an id as the 18-character one; undefined where the text cannot be an id. */
export function normalizeId(text: string): string | undefined {
  if (!/^[0-9A-Za-z]{15}([A-Z0-5]{3})?$/i.test(text)) return undefined;
  return text.length === 15 ? withChecksum(text) : restoreCase(text);
}

/** The three characters say which letters are capitals: bit n of each is capital letter n of its five. */
function withChecksum(id15: string): string {
  let suffix = '';
  for (let part = 0; part < 15; part += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      const char = id15[part + i] ?? '';
      if (char >= 'A' && char <= 'Z') bits |= 1 << i;
    }
    suffix += CHECKSUM[bits] ?? 'A';
  }
  return id15 + suffix;
}

/** An 18-character id keeps its meaning when a spreadsheet changes its case, because the suffix holds the case. */
function restoreCase(id18: string): string | undefined {
  const suffix = id18.slice(15).toUpperCase();
  let id15 = '';
  for (let i = 0; i < 15; i++) {
    const bits = CHECKSUM.indexOf(suffix[Math.floor(i / 5)] ?? '');
    const char = id18[i] ?? '';
    id15 += (bits >> (i % 5)) & 1 ? char.toUpperCase() : char.toLowerCase();
  }
  return withChecksum(id15) === id15 + suffix ? id15 + suffix : undefined;
}
