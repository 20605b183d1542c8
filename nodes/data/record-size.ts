import type { Origin } from '../../sdk/index.ts';

/**
 * Bytes that a value takes in memory, about: enough to know when there are too many of them. It looks at every value, since a sample
 * would miss the one record in a hundred that holds a whole document.
 */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 16 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 32;
  if (Array.isArray(value)) for (const entry of value) size += 8 + sizeOf(entry);
  else for (const name in value) size += 8 + sizeOf((value as Record<string, unknown>)[name]);
  return size;
}

/** The same for an origin: of a record that was made of many, it is larger than the record. */
export function sizeOfOrigin(from: Origin): number {
  return typeof from === 'number' ? 8 : 8 * from.length;
}
