import { z } from 'zod';
import { type CredentialTestContext, defineCredential } from '../../sdk/index.ts';
import { fileField } from './credential-fields.ts';
import { tryDatabase } from './try-database.ts';

export default defineCredential({
  type: 'duckdb',
  title: 'DuckDB file (the built-in warehouse)',
  connector: 'sql',
  fields: z.object({ path: fileField('warehouse.duckdb') }),
  async test(values, ctx: CredentialTestContext) {
    const { openDuckdb } = await import('./dialects/duckdb.ts');
    return tryDatabase(() => openDuckdb(ctx.files.path(values.path)), ctx.signal);
  },
});
