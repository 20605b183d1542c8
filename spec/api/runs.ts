import { z } from 'zod';
import { profileSchema } from './profile.ts';
import { oneOrManyRecords, recordsSchema } from './record.ts';
import { route } from './route.ts';
import { logLineSchema, runStatuses, runSummarySchema, runViewSchema, stepViewSchema } from './run.ts';
import { traceSchema } from './trace.ts';
import { workflowViewSchema } from './workflow.ts';

const started = z.object({ id: z.string() });

export const recordPageSchema = z
  .object({
    records: recordsSchema,
    /** Records of the port in all. */
    total: z.number(),
    port: z.string(),
    /** Record count of each port. */
    ports: z.record(z.string(), z.number()),
  })
  .meta({ id: 'RecordPage' });

/** Runs that are not kept any more. */
const removedSchema = z.object({
  runs: z.number(),
  /** When the newest of them had ended. */
  lastEnded: z.number(),
  /** When some were removed last. */
  at: z.number(),
});

export const answerSchema = z
  .object({
    kind: z.enum(['approved', 'declined', 'done', 'not-done', 'again']),
    comment: z.string().max(10_000).optional(),
    /** Key of the call that `done`, `not-done` or `again` is about, so that it is not taken for another one's. */
    call: z.string().max(200).optional(),
  })
  .meta({ id: 'Answer' });

export const runRoutes = {
  startRun: route({
    method: 'post',
    path: '/workflows/:id/runs',
    summary: 'Start a run of the published version, or of the draft; 202 once it is durable',
    needs: 'run.start',
    body: z
      .strictObject({
        /** The trigger's records. */
        input: oneOrManyRecords.optional(),
        draft: z.boolean().optional(),
        /** Trigger node to start from; the first one if absent. */
        trigger: z.string().optional(),
        /** Run this node alone; samples stand in for what comes before it. */
        only: z.string().optional(),
      })
      .optional(),
    status: 202,
    response: started,
  }),
  runDocument: route({
    method: 'post',
    path: '/runs',
    summary: 'Run a document that is not saved, as the command line does',
    needs: 'workflow.edit',
    body: z.strictObject({ document: z.record(z.string(), z.unknown()), input: oneOrManyRecords.optional() }),
    status: 202,
    response: started,
  }),
  listRuns: route({
    method: 'get',
    path: '/runs',
    summary: 'Runs, newest first',
    needs: 'run.read',
    query: z.object({
      workflow: z.string().optional(),
      /** One status, or several with commas. */
      status: z
        .string()
        .transform((text) => text.split(','))
        .pipe(z.array(z.enum(runStatuses)))
        .optional(),
      cursor: z
        .string()
        .regex(/^\d+_[\w-]+$/, 'Give it as the page before has it')
        .optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    status: 200,
    response: z.object({
      runs: z.array(runSummarySchema),
      cursor: z.string().optional(),
      /** On the last page: what retention has removed. */
      removed: removedSchema.optional(),
    }),
  }),
  getRun: route({
    method: 'get',
    path: '/runs/:id',
    summary: 'The run with its steps and the document that it is pinned to',
    needs: 'run.read',
    status: 200,
    response: runViewSchema.extend({ document: workflowViewSchema.shape.document }).meta({ id: 'RunDetails' }),
  }),
  getRunLog: route({
    method: 'get',
    path: '/runs/:id/log',
    summary: 'What the steps logged',
    needs: 'run.read',
    status: 200,
    response: z.object({ lines: z.array(logLineSchema) }),
  }),
  getRunOutput: route({
    method: 'get',
    path: '/runs/:id/output',
    summary: 'Records of the steps that nothing follows; at most 1,000',
    needs: 'run.read',
    status: 200,
    response: z.object({ records: recordsSchema }),
  }),
  getRecords: route({
    method: 'get',
    path: '/runs/:id/steps/:node/records',
    summary: 'A page of what came into a step or out of it',
    needs: 'run.read',
    query: z.object({
      port: z.string().optional(),
      side: z.enum(['in', 'out']).default('out'),
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    status: 200,
    response: recordPageSchema,
  }),
  getProfile: route({
    method: 'get',
    path: '/runs/:id/steps/:node/profile',
    summary: 'What is in the records at a port, column by column, with a sample of them',
    needs: 'run.read',
    query: z.object({
      port: z.string().optional(),
      side: z.enum(['in', 'out']).default('out'),
      /** Records of the sample, from all over. */
      sample: z.coerce.number().int().min(0).max(100).default(10),
    }),
    status: 200,
    response: profileSchema,
  }),
  getTrace: route({
    method: 'get',
    path: '/runs/:id/trace',
    summary: 'What one record was at each step before, and what came of it at each step after',
    needs: 'run.read',
    query: z.object({
      /** A node, or a step inside a container such as `loop/3/read`. */
      node: z.string(),
      side: z.enum(['in', 'out']).default('out'),
      /** The first one with records if absent. */
      port: z.string().optional(),
      index: z.coerce.number().int().min(0),
      /** Records told of each port; how many there are is always told. */
      limit: z.coerce.number().int().min(1).max(200).default(20),
    }),
    status: 200,
    response: traceSchema,
  }),
  cancelRun: route({
    method: 'post',
    path: '/runs/:id/cancel',
    summary: 'Cancel a run that has not ended',
    needs: 'run.control',
    status: 202,
    response: started,
  }),
  answerStep: route({
    method: 'post',
    path: '/runs/:id/steps/:node/answer',
    summary: 'Answer a step that waits for a person: `node` is its id, or its `wait.step` where several rounds ask',
    needs: 'run.control',
    body: answerSchema,
    status: 204,
  }),
  getNeedsYou: route({
    method: 'get',
    path: '/needs-you',
    summary: 'Everything that waits for a person',
    needs: 'run.read',
    status: 200,
    response: z.object({ items: z.array(z.object({ run: runSummarySchema, step: stepViewSchema })) }),
  }),
  getEvents: route({
    method: 'get',
    path: '/events',
    summary: 'Server-sent events: each `data:` is a RunEvent',
    needs: 'run.read',
    query: z.object({ workflow: z.string().optional(), run: z.string().optional() }),
    status: 200,
    media: 'text/event-stream',
  }),
};

export type RecordPage = z.infer<typeof recordPageSchema>;
export type StepAnswer = z.infer<typeof answerSchema>;
export type Removed = z.infer<typeof removedSchema>;
