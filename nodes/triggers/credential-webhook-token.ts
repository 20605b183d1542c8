import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';

export default defineCredential({
  type: 'webhook-token',
  title: 'Webhook token',
  connector: 'triggers',
  fields: z.strictObject({
    header: field
      .text({ label: 'Header', help: 'With "Authorization" the token follows the word Bearer.' })
      .default('Authorization'),
    token: field.text({ label: 'Token', secret: true }),
  }),
  test: async ({ header }) => ({ message: `Callers must send this token in the header ${header}.` }),
});
