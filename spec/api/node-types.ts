import { z } from 'zod';
import type { NodeType } from '../workflow/node-type.ts';
import { recordSchema, recordsSchema } from './record.ts';
import { route } from './route.ts';

const jsonSchema = z.record(z.string(), z.unknown());
const effect = z.enum(['none', 'read', 'idempotent', 'once']);
const port = z.looseObject({ name: z.string(), label: z.string().optional() });

/** Shape of `NodeType` for readers of the API; the server sends what the registry says, unparsed. */
export const nodeTypeSchema = z
  .object({
    type: z.string(),
    version: z.number(),
    kind: z.enum(['trigger', 'action', 'container']),
    category: z.enum(['trigger', 'flow', 'data', 'connector']),
    title: z.string(),
    summary: z.string(),
    description: z.string().optional(),
    connector: z.string(),
    keywords: z.array(z.string()),
    credentials: z.array(z.string()),
    credentialOptional: z.boolean().optional(),
    params: jsonSchema,
    inputs: z.array(port),
    outputs: z.array(port),
    effect: z.union([
      effect,
      z.array(z.object({ when: z.record(z.string(), z.array(z.unknown())).optional(), effect })),
    ]),
    verify: z.object({ needs: z.array(z.string()) }).optional(),
    loads: z.array(z.string()),
    preview: z.boolean(),
    examples: z.array(z.looseObject({ title: z.string(), params: recordSchema })),
  })
  .meta({ id: 'NodeType' }) as unknown as z.ZodType<NodeType>;

export const loadedOptionSchema = z
  .object({
    value: z.string(),
    label: z.string(),
    help: z.string().optional(),
    type: z.string().optional(),
    required: z.boolean().optional(),
    key: z.boolean().optional(),
  })
  .meta({ id: 'LoadedOption' });

export const changeSchema = z
  .object({
    action: z.enum(['create', 'update', 'unchanged', 'delete', 'reject']),
    key: z.string(),
    before: recordSchema.optional(),
    after: recordSchema.optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Change' });

export const nodeTypeRoutes = {
  listNodeTypes: route({
    method: 'get',
    path: '/node-types',
    summary: 'All node types with their parameters',
    needs: 'workflow.read',
    status: 200,
    response: z.object({ nodeTypes: z.array(nodeTypeSchema) }),
  }),
  loadOptions: route({
    method: 'post',
    path: '/node-types/:type/load/:loader',
    summary: 'Options of a dropdown, from the service',
    needs: 'service.read',
    body: z.strictObject({
      params: recordSchema.default({}),
      credential: z.string().optional(),
      search: z.string().max(200).default(''),
    }),
    status: 200,
    response: z.object({ options: z.array(loadedOptionSchema) }),
  }),
  previewChanges: route({
    method: 'post',
    path: '/workflows/:id/nodes/:node/preview',
    summary: 'What a writing node of the draft would do with these records; nothing is written',
    needs: 'service.read',
    body: z.strictObject({ records: recordsSchema.max(1000, 'Preview at most 1,000 records') }),
    status: 200,
    response: z.object({ changes: z.array(changeSchema) }),
  }),
};

export type LoadedOption = z.infer<typeof loadedOptionSchema>;
export type Change = z.infer<typeof changeSchema>;
