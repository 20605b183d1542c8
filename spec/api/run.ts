import { z } from 'zod';
import { recordsSchema } from './record.ts';

/** How runs and steps look to everyone outside the engine: API, CLI, canvas and events. Times are epoch milliseconds. */

export const runStatuses = ['queued', 'running', 'waiting', 'needs-you', 'succeeded', 'failed', 'cancelled'] as const;
export const stepStatuses = [
  'pending',
  'running',
  'retrying',
  'waiting',
  'needs-you',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
] as const;

export const errorReportSchema = z.object({
  class: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  field: z.string().optional(),
  retryAfter: z.number().optional(),
  details: z.unknown().optional(),
});

export const attemptSchema = z.object({
  attempt: z.number(),
  startedAt: z.number(),
  finishedAt: z.number().optional(),
  error: errorReportSchema.optional(),
});

export const stepViewSchema = z.object({
  node: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.enum(stepStatuses),
  attempts: z.number(),
  /** Records that came in, over all input ports. */
  in: z.number(),
  /** Records that went out, by port. */
  out: z.record(z.string(), z.number()),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  error: errorReportSchema.optional(),
  tries: z.array(attemptSchema),
  progress: z.object({ done: z.number(), total: z.number().optional() }).optional(),
  /** Its result was taken over from the run that this one restarts. */
  reused: z.boolean().optional(),
  /** Of a step that has ended: calls whose outcome nobody knows, by the input positions that they were for. */
  unsettled: z.array(z.object({ start: z.number(), count: z.number(), key: z.string() })).optional(),
  /** What it waits for, or what a person must say. */
  wait: z
    .object({
      kind: z.enum(['until', 'approval', 'callback', 'run', 'retry', 'unknown-outcome']),
      until: z.number().optional(),
      message: z.string().optional(),
      people: z.array(z.string()).optional(),
      runId: z.string().optional(),
      /** Idempotency key of the call in doubt, as the service may know it. */
      key: z.string().optional(),
      /** When the call in doubt was begun. */
      since: z.number().optional(),
      /** What the call in doubt was to send, shortened and without secrets: settings as they came out, and the first of `count` records. */
      sent: z
        .object({
          params: z.array(z.object({ label: z.string(), value: z.unknown() })),
          records: recordsSchema,
          count: z.number(),
        })
        .optional(),
      /** Key of the very step that waits, for a node inside a container: `loop/3/ask`. */
      step: z.string().optional(),
    })
    .optional(),
  /** Id of the container it stands in. Its row adds up what it did in all rounds. */
  parent: z.string().optional(),
  /** Rounds of a container, or those of a node inside one: ended (the failed ones included), known and failed. */
  rounds: z.object({ done: z.number(), total: z.number().optional(), failed: z.number() }).optional(),
  /**
   * Of a node inside a container, in the order of the rounds: its steps that can be looked at one by one, by their keys such as
   * `loop/3/read`. Those are the first round, rounds that failed, and those under way; at most 50. Not in events.
   */
  inRounds: z
    .array(
      z.object({
        step: z.string(),
        status: z.enum(stepStatuses),
        attempts: z.number(),
        /** Records that went out, by port. */
        out: z.record(z.string(), z.number()),
        error: errorReportSchema.optional(),
      }),
    )
    .optional(),
});

export const runSummarySchema = z.object({
  id: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  /** Content hash of the version that it is pinned to. */
  version: z.string(),
  /** Started from the canvas on an unpublished draft. */
  draft: z.boolean(),
  status: z.enum(runStatuses),
  /** Id of the trigger node that it started from, and what woke it. */
  trigger: z.string(),
  cause: z.enum(['manual', 'schedule', 'webhook', 'poll', 'workflow', 'restart', 'cli', 'test']),
  createdAt: z.number(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  error: errorReportSchema.extend({ node: z.string().optional() }).optional(),
  restartOf: z.string().optional(),
});

export const runViewSchema = runSummarySchema.extend({ steps: z.array(stepViewSchema) });

export const logLineSchema = z.object({
  at: z.number(),
  node: z.string(),
  level: z.enum(['info', 'warn', 'error']),
  message: z.string(),
  data: z.unknown().optional(),
});

/** What server-sent events carry. */
export const runEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: runSummarySchema }),
  z.object({ kind: z.literal('step'), runId: z.string(), workflowId: z.string(), step: stepViewSchema }),
  z.object({ kind: z.literal('log'), runId: z.string(), workflowId: z.string(), line: logLineSchema }),
]);

export type RunStatus = (typeof runStatuses)[number];
export type StepStatus = (typeof stepStatuses)[number];
export type StepView = z.infer<typeof stepViewSchema>;
export type RunSummary = z.infer<typeof runSummarySchema>;
export type RunView = z.infer<typeof runViewSchema>;
export type LogLine = z.infer<typeof logLineSchema>;
export type RunEvent = z.infer<typeof runEventSchema>;
