import { z } from 'zod';
import { roles } from './permission.ts';
import { route } from './route.ts';

export const userSchema = z
  .object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(roles) })
  .meta({ id: 'User' });

/** `needsOwner`: there is no user yet, so the owner's account is made first. */
export const sessionSchema = z.object({ user: userSchema.nullable(), needsOwner: z.boolean() }).meta({ id: 'Session' });

export const sessionRoutes = {
  getSession: route({
    method: 'get',
    path: '/session',
    summary: 'Who is signed in',
    needs: 'public',
    status: 200,
    response: sessionSchema,
  }),
};

export type User = z.infer<typeof userSchema>;
export type Session = z.infer<typeof sessionSchema>;
