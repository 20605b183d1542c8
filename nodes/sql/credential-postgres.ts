import { z } from 'zod';
import { type CredentialTestContext, defineCredential, field } from '../../sdk/index.ts';
import { tlsField } from './credential-fields.ts';
import { tryDatabase } from './try-database.ts';

export default defineCredential({
  type: 'postgres',
  title: 'PostgreSQL',
  connector: 'sql',
  fields: z.object({
    host: field.text({ label: 'Host', placeholder: 'db.example.com' }),
    port: field.number({ label: 'Port', int: true, min: 1, max: 65_535 }).default(5432),
    database: field.text({ label: 'Database' }),
    user: field.text({ label: 'User' }),
    password: field.longText({ label: 'Password', secret: true }).optional(),
    tls: tlsField(),
    ca: field
      .longText({
        label: 'Certificate of the authority',
        advanced: true,
        help: 'PEM text, for servers whose certificate is their own.',
      })
      .optional(),
  }),
  async test(values, ctx: CredentialTestContext) {
    const { openPostgres } = await import('./dialects/postgres.ts');
    await ctx.egress.check(values.host, values.port);
    return tryDatabase(() => openPostgres(values), ctx.signal);
  },
});
