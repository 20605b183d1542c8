import { z } from 'zod';
import { type CallInDoubt, defineNode, errorFrom, type ItemResult } from '../../sdk/index.ts';
import { sqlCredentials } from './connection.ts';
import { askKeyTable, keyTableField } from './key-table.ts';
import { previewChanges } from './preview-changes.ts';
import { tableChoices } from './table-choices.ts';
import { addColumnsField, columnsField, createTableField, tableField } from './write-fields.ts';
import type { Refusal } from './write-rows.ts';
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
      keyTable: keyTableField(),
    }),
    outputs: ['records', 'rejected'],
    effect: 'once',
    verify: { needs: ['keyTable'], ask: askKeyTable(fatesOf) },
    load: tableChoices,
    examples: [
      { title: 'Write every field to the column of its name', params: { table: 'visits', createTable: true } },
    ],
    preview: (records, params, ctx) => previewChanges('insert', records, params, ctx),
  },
  writeRunner('insert'),
);

/** What the runner gives for each record, from the rows that were refused. */
function fatesOf(refused: unknown, call: CallInDoubt<unknown>): ItemResult[] {
  const fates = call.items().map((): ItemResult => 'done');
  for (const [index, why] of refused as readonly Refusal[]) fates[index] = { error: errorFrom(why) };
  return fates;
}
