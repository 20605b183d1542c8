import { z } from 'zod';
import { recordSchema } from './record.ts';

/** What is in the records of a port, column by column. */

export const valueKinds = ['text', 'number', 'boolean', 'list', 'object', 'file'] as const;

const columnProfile = z
  .object({
    name: z.string(),
    /** Values of each kind; kinds that do not occur are left out. */
    kinds: z.partialRecord(z.enum(valueKinds), z.number()),
    /** Records in which it is null, and in which it is not there at all. */
    nulls: z.number(),
    missing: z.number(),
    /** Different values, null aside; an estimate, within a few hundredths, where there are many. */
    distinct: z.object({ count: z.number(), isExact: z.boolean() }),
    numbers: z.object({ min: z.number(), max: z.number() }).optional(),
    /** First and last in the order of their characters, which is that of time for dates; cut if long. Lengths in characters. */
    texts: z
      .object({
        first: z.string(),
        last: z.string(),
        shortest: z.number(),
        longest: z.number(),
        /** Of length 0. */
        empty: z.number(),
      })
      .optional(),
    /** The most frequent values; where `distinct` is an estimate, only those that are frequent for sure, with at least so many. Long ones are cut. */
    top: z.array(z.object({ value: z.unknown(), count: z.number() })),
  })
  .meta({ id: 'ColumnProfile' });

export const profileSchema = z
  .object({
    port: z.string(),
    total: z.number(),
    columns: z.array(columnProfile),
    /** Columns beyond those that are told, about. */
    moreColumns: z.number(),
    /** Records from all over, with their positions from 0. */
    sample: z.array(z.object({ index: z.number(), record: recordSchema })),
  })
  .meta({ id: 'Profile' });

export type ColumnProfile = z.infer<typeof columnProfile>;
export type Profile = z.infer<typeof profileSchema>;
export type ValueKind = (typeof valueKinds)[number];
