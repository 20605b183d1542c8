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

/** What a `Map` or a `Set` takes for a key: like `exactKey`, but numbers and most texts are their own key, since nothing is faster. */
export type MapKey = string | number | boolean | null;

export function mapKey(value: unknown): MapKey {
  switch (typeof value) {
    case 'string':
      return value.charCodeAt(0) === 0 ? `\0s${value}` : value;
    case 'number':
    case 'boolean':
      return value;
    default:
      return value === undefined || value === null ? null : `\0j${canonical(value)}`;
  }
}

/** Content as text: lists and objects with the same content give the same text, whatever the order of their fields. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.keys(value)
      .sort()
      .filter((name) => (value as DataRecord)[name] !== undefined);
    return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical((value as DataRecord)[name])}`).join(',')}}`;
  }
  return JSON.stringify(value === 0 ? 0 : value) ?? 'null';
}

/** The values that make up a record's key; the whole record if no field is named. */
export function keyReads(names: readonly string[]): ReadField[] {
  return names.length === 0 ? [(record) => record] : names.map(readField);
}

/** The key of several values as one text. Lengths keep parts apart that would read alike when put together. */
export function keyText(values: readonly unknown[]): string {
  if (values.length === 1) return exactKey(values[0]);
  let key = '';
  for (const value of values) {
    const part = exactKey(value);
    key += `${part.length}:${part}`;
  }
  return key;
}

/** The key of a record over the fields named, as a text; over the whole record if none is. */
export function recordKey(names: readonly string[]): (record: DataRecord) => string {
  const reads = keyReads(names);
  return (record) => keyText(reads.map((read) => read(record)));
}
