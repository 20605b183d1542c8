import type { DataRecord } from '../../spec/workflow/record.ts';

export type FieldChange = 'new' | 'changed' | 'gone';

/** What is different about a record from what it was; fields that are the same are left out. */
export function fieldChanges(before: DataRecord, after: DataRecord): Map<string, FieldChange> {
  const changes = new Map<string, FieldChange>();
  for (const name of Object.keys(after)) {
    if (!Object.hasOwn(before, name)) changes.set(name, 'new');
    else if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) changes.set(name, 'changed');
  }
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) changes.set(name, 'gone');
  return changes;
}
