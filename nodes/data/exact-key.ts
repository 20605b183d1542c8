import type { DataRecord } from '../../sdk/index.ts';
import { type ReadField, readField } from './read-field.ts';

/**
 * Keys by type and value: 1 is not "1", lists and objects count by content (whatever the order of their fields), and a field that is
 * not there counts as null.
 */
export function exactKey(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `s${value}`;
    case 'number':
      return `n${value === 0 ? 0 : value}`;
    case 'boolean':
      return value ? 't' : 'f';
    default:
      return value === undefined || value === null ? '' : `j${canonical(value)}`;
  }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.keys(value)
      .sort()
      .filter((name) => (value as DataRecord)[name] !== undefined);
    return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical((value as DataRecord)[name])}`).join(',')}}`;
  }
  return JSON.stringify(value === 0 ? 0 : value) ?? 'null';
}

/** The key of a record over the fields named; over the whole record if none is. */
export function recordKey(names: readonly string[]): (record: DataRecord) => string {
  if (names.length === 0) return (record) => canonical(record);
  const reads = names.map(readField);
  const [only] = reads;
  if (reads.length === 1 && only !== undefined) return (record) => exactKey(only(record));
  return (record) => joined(reads, record);
}

/** As `recordKey`, but undefined when one of the values is null or not there, as SQL has it for joins. */
export function joinKey(names: readonly string[]): (record: DataRecord) => string | undefined {
  const reads = names.map(readField);
  const key = recordKey(names);
  return (record) => (reads.some((read) => (read(record) ?? null) === null) ? undefined : key(record));
}

/** Lengths keep parts apart that would read alike when put together. */
function joined(reads: readonly ReadField[], record: DataRecord): string {
  let key = '';
  for (const read of reads) {
    const part = exactKey(read(record));
    key += `${part.length}:${part}`;
  }
  return key;
}
