import { type CredentialTestContext, defineCredential } from '../../sdk/index.ts';
import { serverFields } from './credential-fields.ts';
import { tryDatabase } from './try-database.ts';

export default defineCredential({
  type: 'mysql',
  title: 'MySQL or MariaDB',
  connector: 'sql',
  fields: serverFields(3306),
  async test(values, ctx: CredentialTestContext) {
    const { openMysql } = await import('./dialects/mysql.ts');
    await ctx.egress.check(values.host, values.port);
    return tryDatabase(() => openMysql(values), ctx.signal);
  },
});
