import { z } from 'zod';
import { recordSchema } from './record.ts';
import { stepStatuses } from './run.ts';

/** The path of one record through a run: what it was before, step by step from its sources on, and what came of it. */

const tracedRecord = z.object({
  /** Position among the records of the port, from 0. */
  index: z.number(),
  record: recordSchema,
});

const traceStep = z
  .object({
    node: z.string(),
    /** The very step: the node, or such as `loop/3/read` for a node inside a container. */
    step: z.string(),
    name: z.string(),
    type: z.string(),
    status: z.enum(stepStatuses),
    /** After the record: how many records that come of it came into the step. */
    in: z.number().optional(),
    /** The outputs with records of the trace; none where the step gave nothing for them. */
    ports: z.array(
      z.object({
        port: z.string(),
        /** Records of the port in all. */
        total: z.number(),
        /** Those of the trace. */
        count: z.number(),
        /** The first of them; fewer than asked for when they are very large. */
        records: z.array(tracedRecord),
      }),
    ),
  })
  .meta({ id: 'TraceStep' });

export const traceSchema = z
  .object({
    here: tracedRecord.extend({
      node: z.string(),
      step: z.string(),
      name: z.string(),
      type: z.string(),
      side: z.enum(['in', 'out']),
      port: z.string(),
      total: z.number(),
    }),
    /** From the sources to the step just before. */
    before: z.array(traceStep),
    /** From the next step on; where the record came into a step, from that step on. */
    after: z.array(traceStep),
  })
  .meta({ id: 'Trace' });

export type Trace = z.infer<typeof traceSchema>;
export type TraceStep = z.infer<typeof traceStep>;
