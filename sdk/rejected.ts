import type { DataRecord } from '../spec/workflow/record.ts';
import { reportOf } from './errors.ts';

/** Why a record was sent to `rejected`, carried by the record itself. */
export interface Rejection {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly field?: string;
}

/** The record as it goes out of `rejected`: unchanged, with the reason under `_rejected`. */
export function rejectedRecord(record: DataRecord, error: unknown): DataRecord {
  const { code, message, remedy, field } = reportOf(error);
  const reason: Rejection = field === undefined ? { code, message, remedy } : { code, message, remedy, field };
  return { ...record, _rejected: reason };
}
