import type { DataRecord } from '../../sdk/index.ts';
import type { Column, Columns } from '../../spec/workflow/columns.ts';

export type ReadField = (record: DataRecord) => unknown;

/** Reads the field of that very name. What is not there is undefined. */
export function ownField(name: string): ReadField {
  // What every object inherits is no field; all other names can be read straight, which is much faster.
  if (name in Object.prototype) return (record) => (Object.hasOwn(record, name) ? record[name] : undefined);
  return (record) => record[name];
}

/**
 * Reads a field by name. A name with dots that no field has leads into nested ones ("Account.Name"). What is not there is undefined.
 */
export function readField(name: string): ReadField {
  const path = name.split('.');
  if (path.length === 1) return ownField(name);
  return (record) => {
    if (Object.hasOwn(record, name)) return record[name];
    let at: unknown = record;
    for (const part of path) {
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
      at = (at as DataRecord)[part];
    }
    return at;
  };
}

/** The columns of fields by name; `undefined` where the records have no field of one of the names, which may then lead into nested ones. */
export function readColumns(names: readonly string[], columns: Columns): Column[] | undefined {
  const found: Column[] = [];
  for (const name of names) {
    const column = columns.column(name);
    if (column === undefined) return undefined;
    found.push(column);
  }
  return found;
}
