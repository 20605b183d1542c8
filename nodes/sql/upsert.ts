import { z } from 'zod';
import { defineNode } from '../../sdk/index.ts';
import { sqlCredentials } from './connection.ts';
import { previewChanges } from './preview-changes.ts';
import { tableChoices } from './table-choices.ts';
import { addColumnsField, columnsField, createTableField, keyField, tableField } from './write-fields.ts';
import { writeRunner } from './write-runner.ts';

export default defineNode(
  {
    type: 'sql.upsert',
    version: 1,
    title: 'Upsert rows',
    summary: 'Upsert into {table}, matching on {key}',
    description:
      'Updates the row that has the record’s key, or adds it when there is none. Fields that a record leaves out stay as they are. Records that the database refuses go to "rejected".',
    connector: 'sql',
    category: 'connector',
    keywords: ['database', 'table', 'write', 'sync', 'update or create', 'merge', 'load', 'warehouse'],
    credential: sqlCredentials,
    params: z.strictObject({
      table: tableField(),
      key: keyField('The columns that tell which row a record is; they must be unique in the table.'),
      columns: columnsField(),
      createTable: createTableField(),
      addColumns: addColumnsField(),
    }),
    outputs: ['records', 'rejected'],
    effect: 'idempotent',
    load: tableChoices,
    examples: [
      {
        title: 'Keep a table in step, made on the first run',
        params: { table: 'accounts', key: ['id'], createTable: true, addColumns: true },
      },
      {
        title: 'Write two columns',
        params: {
          table: 'contacts',
          key: ['email'],
          columns: { email: '={{ $json.Email }}', score: '={{ $json.score }}' },
        },
      },
    ],
    preview: (records, params, ctx) => previewChanges('upsert', records, params, ctx),
  },
  writeRunner('upsert'),
);
