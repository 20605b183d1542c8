import { z } from 'zod';

/** A record, and the records of a request that may give one or many. */
export const recordSchema = z.record(z.string(), z.unknown()).meta({ id: 'Record' });
export const recordsSchema = z.array(recordSchema);
export const oneOrManyRecords = z.union([recordsSchema, recordSchema]);
