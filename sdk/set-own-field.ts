import type { DataRecord } from '../spec/workflow/record.ts';

/** Sets a field under any name: assigned to, `__proto__` would be no field. */
export function setOwnField(record: DataRecord, name: string, value: unknown): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true });
}
