import { z } from 'zod';
import { defineNode, field, source } from '../../sdk/index.ts';
import { connectDatabase, sqlCredentials } from './connection.ts';
import { bindNamed } from './sql-text.ts';
import { tableChoices } from './table-choices.ts';

export default defineNode(
  {
    type: 'sql.query',
    version: 1,
    title: 'Query rows',
    summary: '{sql}',
    description:
      'Reads rows with a SELECT. Values are written as :name in the SQL and filled in under Values; they are never pasted into the SQL text.',
    connector: 'sql',
    category: 'connector',
    keywords: ['database', 'select', 'read', 'table', 'warehouse', 'postgres', 'mysql', 'sqlite', 'duckdb'],
    credential: sqlCredentials,
    params: z.strictObject({
      sql: field.code({
        label: 'SQL',
        language: 'sql',
        placeholder: 'select * from accounts where updated_at > :since',
      }),
      values: field.keyValues({ label: 'Values', help: 'One for each :name in the SQL.' }).default({}),
    }),
    outputs: ['records', 'rejected'],
    effect: 'read',
    load: { tables: tableChoices.tables, columns: tableChoices.columns },
    examples: [
      {
        title: 'Rows since the last run',
        params: {
          sql: 'select email, score from scores where updated_at > :since',
          values: { since: '={{ $run.startedAt }}' },
        },
      },
    ],
  },
  source(async function* ({ sql, values }, ctx) {
    const database = await connectDatabase(ctx);
    yield* database.read(bindNamed(sql, values, database.dialect.lexis), ctx.signal);
  }),
);
