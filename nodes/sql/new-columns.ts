import type { DataRecord } from '../../sdk/index.ts';
import type { ColumnKind, NewColumn } from './dialects/dialect.ts';
import { momentKind } from './dialects/moments.ts';

/** Columns for the fields of these records, in order of first sight, each of the narrowest kind that holds all its values. */
export function columnsFor(rows: readonly DataRecord[], names: readonly string[]): NewColumn[] {
  return names.map((name) => {
    let kind: ColumnKind | undefined;
    for (const row of rows) {
      const value = row[name];
      if (value === null || value === undefined || value === '') continue;
      kind = kind === undefined ? kindOf(value) : wider(kind, kindOf(value));
    }
    return { name, kind: kind ?? 'text' };
  });
}

function kindOf(value: unknown): ColumnKind {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isSafeInteger(value) ? 'integer' : 'decimal';
    case 'string':
      return momentKind(value) ?? 'text';
    default:
      return 'json';
  }
}

function wider(a: ColumnKind, b: ColumnKind): ColumnKind {
  if (a === b) return a;
  const pair = new Set([a, b]);
  if (pair.has('integer') && pair.has('decimal')) return 'decimal';
  if (pair.has('date') && pair.has('timestamp')) return 'timestamp';
  return pair.has('json') ? 'json' : 'text';
}
