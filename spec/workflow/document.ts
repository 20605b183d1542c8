import { z } from 'zod';

/**
 * The workflow document, format `sluice/1` (DESIGN.md 2): what the canvas emits, Git keeps and the engine interprets.
 * The schema says what is well-formed; `validate()` says what is runnable.
 */

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'Use lower-case letters, digits and dashes, such as "lead-scores"');

/** "500ms", "5s", "10m", "2h", "1d" */
export const durationText = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(ms|s|m|h|d)$/, 'Write a duration such as "30s", "10m" or "2h"');

/** "500 MB", "2GB" */
const sizeText = z.string().regex(/^\d+(\.\d+)?\s*(KB|MB|GB|TB)$/, 'Write a size such as "500 MB" or "2 GB"');

/** How long the runs of a workflow are kept, and how much space they may take: what is over goes, the oldest first. */
export const retentionSchema = z.strictObject({
  age: z.union([durationText, z.literal('forever')]).optional(),
  size: z.union([sizeText, z.literal('unlimited')]).optional(),
});

export const retrySchema = z.strictObject({
  /** Tries in all, the first one included. */
  attempts: z.int().min(1).max(100),
  backoff: z.enum(['fixed', 'exponential']).default('exponential'),
  delay: durationText.default('1s'),
  maxDelay: durationText.default('5m'),
});

export const startRules = ['all-succeeded', 'any-succeeded', 'all-finished', 'any-failed'] as const;
export const onErrorChoices = ['stop', 'branch', 'continue'] as const;
/** What to do with a `once` effect whose outcome is unknown after a crash. */
export const unknownOutcomeChoices = ['ask', 'assume-done', 'repeat'] as const;

export const nodeSchema = z.strictObject({
  id: slug,
  type: z.string().min(1).max(100),
  version: z.int().min(1).default(1),
  name: z.string().min(1).max(200),
  params: z.record(z.string(), z.unknown()).default({}),
  /** Id of the credential it connects with. */
  credential: z.string().min(1).max(200).optional(),
  /** Id of the container it stands in. */
  parent: slug.optional(),
  start: z.enum(startRules).optional(),
  onError: z.enum(onErrorChoices).optional(),
  unknownOutcome: z.enum(unknownOutcomeChoices).optional(),
  retry: retrySchema.optional(),
  timeout: durationText.optional(),
  disabled: z.boolean().optional(),
  notes: z.string().max(10_000).optional(),
});

export const edgeSchema = z.strictObject({
  from: slug,
  /** Output port of `from`; its first one if absent. */
  output: z.string().min(1).max(100).optional(),
  to: slug,
  /** Input port of `to`; its first one if absent. */
  input: z.string().min(1).max(100).optional(),
});

export const stickySchema = z.strictObject({
  id: slug,
  text: z.string().max(10_000),
  at: z.tuple([z.number(), z.number()]),
  size: z.tuple([z.number(), z.number()]).optional(),
  color: z.string().max(40).optional(),
});

export const alertSchema = z.strictObject({
  on: z.array(z.enum(['failed', 'needs-you', 'missed', 'late', 'succeeded'])).min(1),
  /** Node type that tells, such as `slack.post`, with its credential and params. */
  via: z.string(),
  credential: z.string().optional(),
  params: z.record(z.string(), z.unknown()).default({}),
});

export const settingsSchema = z.strictObject({
  timezone: z.string().max(100).optional(),
  overlap: z.enum(['queue', 'skip', 'cancel-older']).optional(),
  maxParallelRuns: z.int().min(1).max(10_000).optional(),
  timeout: durationText.optional(),
  /** `failed` keeps only runs that did not succeed. */
  saveRuns: z.enum(['all', 'failed']).optional(),
  /** What it does not say goes by the settings of the installation. */
  retention: retentionSchema.optional(),
  alerts: z.array(alertSchema).optional(),
});

export const FORMAT = 'sluice/1';

export const workflowSchema = z.strictObject({
  format: z.literal(FORMAT),
  id: slug,
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).optional(),
  settings: settingsSchema.default({}),
  nodes: z.array(nodeSchema).max(10_000).default([]),
  edges: z.array(edgeSchema).max(100_000).default([]),
  layout: z.record(slug, z.tuple([z.number(), z.number()])).default({}),
  stickies: z.array(stickySchema).default([]),
});

export type Workflow = z.infer<typeof workflowSchema>;
export type WorkflowNode = z.infer<typeof nodeSchema>;
export type Edge = z.infer<typeof edgeSchema>;
export type Sticky = z.infer<typeof stickySchema>;
export type Retry = z.infer<typeof retrySchema>;
export type Retention = z.infer<typeof retentionSchema>;
export type WorkflowSettings = z.infer<typeof settingsSchema>;
export type StartRule = (typeof startRules)[number];
export type OnError = (typeof onErrorChoices)[number];
