/** Variables are edited as text: what reads as a number, true, false, a list or an object is one; everything else is a text. */
export function readVariable(text: string): unknown {
  const trimmed = text.trim();
  if (!/^(-?\d|true$|false$|null$|[[{"])/.test(trimmed)) return text;
  try {
    const value: unknown = JSON.parse(trimmed);
    // "007" is no JSON, but 1.50 is, and would come back as 1.5: such texts stay as they were written.
    return typeof value === 'number' && String(value) !== trimmed ? text : value;
  } catch {
    return text;
  }
}

/** The text that `readVariable` reads as this value. */
export function writeVariable(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return readVariable(value) === value ? value : JSON.stringify(value);
}

export function kindOfVariable(value: unknown): string {
  if (value === null) return 'Empty';
  if (Array.isArray(value)) return 'List';
  const kinds: Readonly<Record<string, string>> = { string: 'Text', number: 'Number', boolean: 'Yes or no' };
  return kinds[typeof value] ?? 'Object';
}
