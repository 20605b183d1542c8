import { z } from 'zod';
import { defineNode } from '../../sdk/index.ts';
import { sqlCredentials } from './connection.ts';
import { previewChanges } from './preview-changes.ts';
import { tableChoices } from './table-choices.ts';
import { addColumnsField, columnsField, createTableField, tableField } from './write-fields.ts';
import { writeRunner } from './write-runner.ts';

export default defineNode(
  {
    type: 'sql.insert',
    version: 1,
    title: 'Insert rows',
    summary: 'Insert into {table}',
    description: 'Adds a row to a database table for each record. Records that the database refuses go to "rejected".',
    connector: 'sql',
    category: 'connector',
    keywords: ['database', 'table', 'add', 'write', 'append', 'load', 'warehouse'],
    credential: sqlCredentials,
    params: z.strictObject({
      table: tableField(),
      columns: columnsField(),
      createTable: createTableField(),
      addColumns: addColumnsField(),
    }),
    outputs: ['records', 'rejected'],
    effect: 'once',
    load: tableChoices,
    examples: [
      { title: 'Write every field to the column of its name', params: { table: 'visits', createTable: true } },
    ],
    preview: (records, params, ctx) => previewChanges('insert', records, params, ctx),
  },
  writeRunner('insert'),
);
