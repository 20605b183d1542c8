import { z } from 'zod';
import { workflowSchema } from '../workflow/document.ts';
import { problemSchema } from './problem-details.ts';
import { route } from './route.ts';
import { runSummarySchema } from './run.ts';

const documentSchema = workflowSchema.meta({ id: 'Workflow' });

/**
 * A document to be judged: the workflow itself, or an object that holds it under `document`, as `GET /workflows/:id` gives it. It is
 * checked by `validate()`, not here, so that all its problems are told at once.
 */
const anyDocument = z.record(z.string(), z.unknown()).meta({
  id: 'WorkflowDocument',
  description: 'A workflow in the format sluice/1 (see Workflow), or an object that holds it under `document`.',
});

export const publicationSchema = z.object({ version: z.string(), at: z.number(), by: z.string() });

export const workflowSummarySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    updatedAt: z.number(),
    updatedBy: z.string().optional(),
    published: publicationSchema.nullable(),
    /** The draft differs from what is published. */
    changed: z.boolean(),
    /** The newest five, newest first. */
    lastRuns: z.array(runSummarySchema),
    triggers: z.array(z.object({ node: z.string(), type: z.string(), summary: z.string().optional() })),
    nextRunAt: z.number().optional(),
  })
  .meta({ id: 'WorkflowSummary' });

/** `revision` is the content hash of the draft: send it back as `If-Match` when writing. */
export const workflowViewSchema = z
  .object({
    id: z.string(),
    document: documentSchema,
    revision: z.string(),
    published: publicationSchema.nullable(),
    problems: z.array(problemSchema),
  })
  .meta({ id: 'WorkflowView' });

export const savedDraftSchema = z
  .object({ revision: z.string(), savedAt: z.number(), problems: z.array(problemSchema) })
  .meta({ id: 'SavedDraft' });

export const historyEntrySchema = z
  .object({
    commit: z.string(),
    at: z.number(),
    author: z.string(),
    message: z.string(),
    /** Version that was published from it. */
    version: z.string().optional(),
  })
  .meta({ id: 'HistoryEntry' });

/** One thing that an import changed or could not take over. */
export const importNoteSchema = z.object({ nodeId: z.string().optional(), message: z.string() });

export const workflowRoutes = {
  listWorkflows: route({
    method: 'get',
    path: '/workflows',
    summary: 'All workflows with their last runs',
    needs: 'workflow.read',
    status: 200,
    response: z.object({ workflows: z.array(workflowSummarySchema) }),
  }),
  createWorkflow: route({
    method: 'post',
    path: '/workflows',
    summary: 'Make a workflow; its id is kept',
    needs: 'workflow.edit',
    body: anyDocument,
    status: 201,
    response: workflowViewSchema,
  }),
  getWorkflow: route({
    method: 'get',
    path: '/workflows/:id',
    summary: 'The draft, what is published, and the problems of the draft',
    needs: 'workflow.read',
    status: 200,
    response: workflowViewSchema,
  }),
  replaceWorkflow: route({
    method: 'put',
    path: '/workflows/:id',
    summary: 'Replace the draft by a document that validates',
    needs: 'workflow.edit',
    body: anyDocument,
    status: 200,
    response: workflowViewSchema,
  }),
  saveDraft: route({
    method: 'put',
    path: '/workflows/:id/draft',
    summary: 'Save the draft; an unfinished one too. Needs If-Match',
    needs: 'workflow.edit',
    body: anyDocument,
    status: 200,
    response: savedDraftSchema,
  }),
  deleteWorkflow: route({
    method: 'delete',
    path: '/workflows/:id',
    summary: 'Take the workflow offline and delete it; its history and runs stay',
    needs: 'workflow.edit',
    status: 204,
  }),
  publishWorkflow: route({
    method: 'post',
    path: '/workflows/:id/publish',
    summary: 'Make the draft live',
    needs: 'workflow.publish',
    status: 200,
    response: z.object({ version: z.string(), publishedAt: z.number() }),
  }),
  unpublishWorkflow: route({
    method: 'delete',
    path: '/workflows/:id/publish',
    summary: 'Take the workflow offline',
    needs: 'workflow.publish',
    status: 204,
  }),
  getPublished: route({
    method: 'get',
    path: '/workflows/:id/published',
    summary: 'The published document',
    needs: 'workflow.read',
    status: 200,
    response: documentSchema,
  }),
  exportWorkflow: route({
    method: 'get',
    path: '/workflows/:id/export',
    summary: 'The draft as a file',
    needs: 'workflow.read',
    status: 200,
    response: documentSchema,
  }),
  getHistory: route({
    method: 'get',
    path: '/workflows/:id/history',
    summary: 'Saved states, newest first',
    needs: 'workflow.read',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
    status: 200,
    response: z.object({ entries: z.array(historyEntrySchema) }),
  }),
  getPastDocument: route({
    method: 'get',
    path: '/workflows/:id/history/:commit',
    summary: 'The document as it was',
    needs: 'workflow.read',
    status: 200,
    response: documentSchema,
  }),
  restoreWorkflow: route({
    method: 'post',
    path: '/workflows/:id/restore',
    summary: 'Make a past state the draft again',
    needs: 'workflow.edit',
    body: z.strictObject({ commit: z.string().regex(/^[0-9a-f]{40}$/, 'Give the full id of the commit') }),
    status: 200,
    response: workflowViewSchema,
  }),
  validateDocument: route({
    method: 'post',
    path: '/validate',
    summary: 'All problems of a document; nothing is saved',
    needs: 'workflow.read',
    body: anyDocument,
    status: 200,
    response: z.object({ problems: z.array(problemSchema) }),
  }),
  importWorkflow: route({
    method: 'post',
    path: '/import',
    summary: 'Make a draft from an exported document, under a free id unless `replace` is set',
    needs: 'workflow.edit',
    body: anyDocument,
    query: z.object({ replace: z.stringbool().default(false) }),
    status: 201,
    response: z.object({ id: z.string(), problems: z.array(problemSchema), notes: z.array(importNoteSchema) }),
  }),
};

export type WorkflowSummary = z.infer<typeof workflowSummarySchema>;
export type WorkflowView = z.infer<typeof workflowViewSchema>;
export type SavedDraft = z.infer<typeof savedDraftSchema>;
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export type Publication = z.infer<typeof publicationSchema>;
