/** Bytes that a value takes as JSON, about: within a factor of two for ordinary data, and cheap. */
export function roughSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 2;
  if (Array.isArray(value)) for (const entry of value) size += roughSize(entry) + 1;
  else for (const name in value) size += name.length + 4 + roughSize((value as Record<string, unknown>)[name]);
  return size;
}
