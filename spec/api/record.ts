import { z } from 'zod';
import { type DataRecord, isRecord } from '../workflow/record.ts';

/** A record, and the records of a request that may give one or many. */
export const recordSchema = z
  // As it came: `z.record` would leave out a field called `__proto__`.
  .custom<DataRecord>()
  .check(({ value, issues }) => {
    if (!isRecord(value)) issues.push({ code: 'invalid_type', expected: 'record', input: value });
  })
  .meta({ id: 'Record', type: 'object', additionalProperties: {} });
export const recordsSchema = z.array(recordSchema);
export const oneOrManyRecords = z.union([recordsSchema, recordSchema]);
