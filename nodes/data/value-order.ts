import { exactKey } from './exact-key.ts';

/**
 * The order of values, whatever they are: false, true, numbers by value, texts by their characters' codes (capitals before small
 * letters, "10" before "9"), lists and objects by content. Null has no place here: the caller puts it first or last.
 */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === 'boolean') return Number(a) - Number(b);
  const x = exactKey(a);
  const y = exactKey(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

function rankOf(value: unknown): number {
  switch (typeof value) {
    case 'boolean':
      return 0;
    case 'number':
      return 1;
    case 'string':
      return 2;
    default:
      return Array.isArray(value) ? 3 : 4;
  }
}
