import { type CredentialTestContext, defineCredential } from '../../sdk/index.ts';
import { serverFields } from './credential-fields.ts';
import { tryDatabase } from './try-database.ts';

export default defineCredential({
  type: 'postgres',
  title: 'PostgreSQL',
  connector: 'sql',
  fields: serverFields(5432),
  async test(values, ctx: CredentialTestContext) {
    const { openPostgres } = await import('./dialects/postgres.ts');
    await ctx.egress.check(values.host, values.port);
    return tryDatabase(() => openPostgres(values), ctx.signal);
  },
});
