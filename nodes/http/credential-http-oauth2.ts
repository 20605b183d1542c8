import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';
import { fetchToken } from './oauth2-token.ts';

export default defineCredential({
  type: 'http-oauth2',
  title: 'OAuth2 client credentials',
  connector: 'http',
  fields: z.object({
    tokenUrl: field.text({ label: 'Token address', placeholder: 'https://login.example.com/oauth2/token' }),
    clientId: field.text({ label: 'Client id' }),
    clientSecret: field.text({ label: 'Client secret', secret: true }),
    scope: field.text({ label: 'Scope', placeholder: 'read write' }).optional(),
    audience: field.text({ label: 'Audience', advanced: true }).optional(),
    sendAs: field
      .choice(['header', 'body'], {
        label: 'Send id and secret in',
        advanced: true,
        options: [
          { value: 'header', label: 'the header (Basic)' },
          { value: 'body', label: 'the body' },
        ],
      })
      .default('header'),
  }),
  async test(values, ctx) {
    const { expiresIn } = await fetchToken(values, ctx.http, ctx.signal, Date.now());
    const life = expiresIn === undefined ? '' : `, valid for ${Math.round(expiresIn / 60)} minutes`;
    return { message: `${new URL(values.tokenUrl).host} gave a token${life}.` };
  },
});
