import { z } from 'zod';
import { roles } from './permission.ts';
import { route } from './route.ts';
import { userSchema } from './session.ts';

/** Users, API tokens and the audit log. */

const name = z.string().trim().min(1, 'Give a name').max(200);
const password = z.string().min(8, 'Use at least 8 characters').max(128, 'Use at most 128 characters');

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    user: z.object({ id: z.string(), name: z.string() }).nullable(),
    createdAt: z.number(),
    lastUsedAt: z.number().optional(),
  })
  .meta({ id: 'Token' });

export const auditEntrySchema = z
  .object({
    id: z.number(),
    at: z.number(),
    /** Name of the person or token. */
    who: z.string(),
    /** Such as `workflow.publish`. */
    action: z.string(),
    /** Id of what it was done to. */
    target: z.string().optional(),
    details: z.unknown().optional(),
  })
  .meta({ id: 'AuditEntry' });

export const accessRoutes = {
  listTokens: route({
    method: 'get',
    path: '/tokens',
    summary: 'Your API tokens; those of all for an administrator',
    needs: 'token.own',
    status: 200,
    response: z.object({ tokens: z.array(tokenSchema) }),
  }),
  createToken: route({
    method: 'post',
    path: '/tokens',
    summary: 'Make an API token; it is shown this once',
    needs: 'token.own',
    body: z.strictObject({
      name,
      /** At most your own, which is also the default. */
      role: z.enum(roles).optional(),
    }),
    status: 201,
    response: z.object({ id: z.string(), token: z.string() }),
  }),
  deleteToken: route({
    method: 'delete',
    path: '/tokens/:id',
    summary: 'Revoke an API token',
    needs: 'token.own',
    status: 204,
  }),
  listUsers: route({
    method: 'get',
    path: '/users',
    summary: 'All users',
    needs: 'user.manage',
    status: 200,
    response: z.object({ users: z.array(userSchema.extend({ createdAt: z.number() })) }),
  }),
  createUser: route({
    method: 'post',
    path: '/users',
    summary: 'Make a user',
    needs: 'user.manage',
    body: z.strictObject({
      name,
      email: z.email('Give an e-mail address'),
      password,
      role: z.enum(roles).default('editor'),
    }),
    status: 201,
    response: userSchema,
  }),
  changeUser: route({
    method: 'patch',
    path: '/users/:id',
    summary: 'Change name, role or password of a user',
    needs: 'user.manage',
    body: z.strictObject({ name: name.optional(), role: z.enum(roles).optional(), password: password.optional() }),
    status: 200,
    response: userSchema,
  }),
  deleteUser: route({
    method: 'delete',
    path: '/users/:id',
    summary: 'Delete a user with sessions and tokens',
    needs: 'user.manage',
    status: 204,
  }),
  getAudit: route({
    method: 'get',
    path: '/audit',
    summary: 'What was done by whom, newest first',
    needs: 'audit.read',
    query: z.object({
      cursor: z.coerce.number().int().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    status: 200,
    response: z.object({ entries: z.array(auditEntrySchema), cursor: z.number().optional() }),
  }),
};

export type Token = z.infer<typeof tokenSchema>;
export type AuditEntry = z.infer<typeof auditEntrySchema>;
