import { z } from 'zod';
import { type CredentialTestContext, defineCredential } from '../../sdk/index.ts';
import { fileField } from './credential-fields.ts';
import { tryDatabase } from './try-database.ts';

export default defineCredential({
  type: 'sqlite',
  title: 'SQLite file',
  connector: 'sql',
  fields: z.object({ path: fileField('data/shop.sqlite') }),
  async test(values, ctx: CredentialTestContext) {
    const { openSqlite } = await import('./dialects/sqlite.ts');
    return tryDatabase(() => openSqlite(ctx.files.path(values.path)), ctx.signal);
  },
});
