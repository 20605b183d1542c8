import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';

export default defineCredential({
  type: 'webhook-hmac',
  title: 'Webhook signature',
  connector: 'triggers',
  fields: z.strictObject({
    secret: field.text({ label: 'Signing secret', secret: true }),
    format: field
      .choice(['body', 'stripe'], {
        label: 'Signed text',
        options: [
          { value: 'body', label: 'The body as it was sent' },
          { value: 'stripe', label: 'Stripe: time and body (t=..., v1=...)' },
        ],
      })
      .default('body'),
    header: field
      .text({ label: 'Header', help: 'Such as X-Hub-Signature-256 or Stripe-Signature.' })
      .default('X-Signature'),
    algorithm: field.choice(['sha256', 'sha1', 'sha512'], { label: 'Algorithm', advanced: true }).default('sha256'),
    encoding: field.choice(['hex', 'base64'], { label: 'Encoding', advanced: true }).default('hex'),
    prefix: field
      .longText({ label: 'Prefix', help: 'What stands before the signature, such as "sha256=".', advanced: true })
      .default(''),
  }),
  test: async ({ header }) => ({ message: `Callers must sign each call in the header ${header}.` }),
});
