import { z } from 'zod';
import { defineNode } from '../../sdk/index.ts';
import { sqlCredentials } from './connection.ts';
import { previewChanges } from './preview-changes.ts';
import { tableChoices } from './table-choices.ts';
import { columnsField, keyField, tableField } from './write-fields.ts';
import { writeRunner } from './write-runner.ts';

export default defineNode(
  {
    type: 'sql.delete',
    version: 1,
    title: 'Delete rows',
    summary: 'Delete from {table}, matching on {key}',
    description: 'Deletes the rows that have the keys of the records. A row that is not there any more is no failure.',
    connector: 'sql',
    category: 'connector',
    keywords: ['database', 'table', 'remove'],
    credential: sqlCredentials,
    params: z.strictObject({
      table: tableField(),
      key: keyField('The columns that tell which rows a record stands for.'),
      columns: columnsField(),
    }),
    outputs: ['records', 'rejected'],
    effect: 'idempotent',
    load: tableChoices,
    examples: [{ title: 'Delete by id', params: { table: 'contacts', key: ['id'] } }],
    preview: (records, params, ctx) => previewChanges('delete', records, params, ctx),
  },
  writeRunner('delete'),
);
