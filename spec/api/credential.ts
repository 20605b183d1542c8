import { z } from 'zod';
import type { JsonSchema } from '../workflow/node-type.ts';
import { route } from './route.ts';

export const credentialModes = ['practice', 'real'] as const;

const values = z.record(z.string(), z.unknown());
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'Use lower-case letters, digits and dashes, such as "crm-production"');
/** What all runs together may do with a credential; without a value there is no limit. */
export const credentialLimitsSchema = z
  .strictObject({
    requests: z.number().int().min(1).max(100_000).optional(),
    /** The time that `requests` are for. */
    per: z.enum(['second', 'minute', 'hour']).optional(),
    /** Requests at the same time. */
    parallel: z.number().int().min(1).max(1_000).optional(),
  })
  .meta({ id: 'CredentialLimits' });
const name = z.string().trim().min(1, 'Give it a name').max(200);

/** A kind of account. Secret fields carry `secret: true` in their `ui`. */
export const credentialTypeSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    connector: z.string(),
    /** A practice service can stand in for the real one. */
    practice: z.boolean(),
    fields: z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonSchema>,
  })
  .meta({ id: 'CredentialType' });

export const testResultSchema = z
  .object({ ok: z.boolean(), message: z.string(), remedy: z.string().optional() })
  .meta({ id: 'CredentialTestResult' });

export const credentialSummarySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    mode: z.enum(credentialModes),
    updatedAt: z.number(),
    usedBy: z.array(z.object({ id: z.string(), name: z.string() })),
    lastTest: testResultSchema.extend({ at: z.number() }).optional(),
  })
  .meta({ id: 'CredentialSummary' });

/** Without its secrets: `filled` names those that have a value. */
export const credentialViewSchema = credentialSummarySchema
  .extend({ values, filled: z.array(z.string()), limits: credentialLimitsSchema })
  .meta({ id: 'CredentialView' });

export const newCredentialSchema = z
  .strictObject({
    /** Made from the name if absent. */
    id: id.optional(),
    name,
    type: z.string(),
    mode: z.enum(credentialModes).default('real'),
    values: values.default({}),
    limits: credentialLimitsSchema.optional(),
  })
  .meta({ id: 'NewCredential' });

/** A secret that is left out or blank keeps its old value. */
export const credentialChangeSchema = z
  .strictObject({
    name: name.optional(),
    mode: z.enum(credentialModes).optional(),
    values: values.optional(),
    /** Replaced as a whole. */
    limits: credentialLimitsSchema.optional(),
  })
  .meta({ id: 'CredentialChange' });

export const credentialRoutes = {
  listCredentialTypes: route({
    method: 'get',
    path: '/credential-types',
    summary: 'Kinds of accounts with their forms',
    needs: 'credential.list',
    status: 200,
    response: z.object({ credentialTypes: z.array(credentialTypeSchema) }),
  }),
  listCredentials: route({
    method: 'get',
    path: '/credentials',
    summary: 'All credentials, without values',
    needs: 'credential.list',
    status: 200,
    response: z.object({ credentials: z.array(credentialSummarySchema) }),
  }),
  createCredential: route({
    method: 'post',
    path: '/credentials',
    summary: 'Make a credential',
    needs: 'credential.edit',
    body: newCredentialSchema,
    status: 201,
    response: credentialViewSchema,
  }),
  testCredentialValues: route({
    method: 'post',
    path: '/credentials/test',
    summary: 'Try values that are not saved; `id` lends its saved secrets to blank ones',
    needs: 'credential.edit',
    body: z.strictObject({
      type: z.string(),
      values: values.default({}),
      mode: z.enum(credentialModes).default('real'),
      id: z.string().optional(),
    }),
    status: 200,
    response: testResultSchema,
  }),
  getCredential: route({
    method: 'get',
    path: '/credentials/:id',
    summary: 'A credential without its secrets',
    needs: 'credential.edit',
    status: 200,
    response: credentialViewSchema,
  }),
  changeCredential: route({
    method: 'put',
    path: '/credentials/:id',
    summary: 'Change a credential; blank secrets keep their value',
    needs: 'credential.edit',
    body: credentialChangeSchema,
    status: 200,
    response: credentialViewSchema,
  }),
  deleteCredential: route({
    method: 'delete',
    path: '/credentials/:id',
    summary: 'Delete a credential that no workflow uses',
    needs: 'credential.edit',
    status: 204,
  }),
  testCredential: route({
    method: 'post',
    path: '/credentials/:id/test',
    summary: 'Connect with it for real',
    needs: 'credential.edit',
    status: 200,
    response: testResultSchema,
  }),
};

export type CredentialType = z.infer<typeof credentialTypeSchema>;
export type CredentialSummary = z.infer<typeof credentialSummarySchema>;
export type CredentialView = z.infer<typeof credentialViewSchema>;
export type CredentialTestResult = z.infer<typeof testResultSchema>;
export type CredentialLimits = z.infer<typeof credentialLimitsSchema>;
export type CredentialMode = (typeof credentialModes)[number];
