import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';

export default defineCredential({
  type: 'webhook-basic',
  title: 'Webhook user and password',
  connector: 'triggers',
  fields: z.strictObject({
    user: field.text({ label: 'User name' }),
    password: field.text({ label: 'Password', secret: true }),
  }),
  test: async ({ user }) => ({ message: `Callers must sign in as ${user}.` }),
});
