import { z } from 'zod';
import { field } from '../../sdk/index.ts';

export const tableField = () =>
  field.pick({ label: 'Table', load: 'tables', placeholder: 'accounts', help: 'Also with its schema: sales.accounts' });

/** One column or several; their names in the table. */
export const keyField = (help: string) =>
  field.of(z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]), 'choices', {
    label: 'Match on',
    help,
    load: 'keys',
    dependsOn: ['table'],
    scope: 'step',
  });

export const columnsField = () =>
  field
    .columnMap({
      label: 'Columns',
      load: 'columns',
      dependsOn: ['table'],
      help: 'Leave empty to write every field to the column of its name.',
    })
    .optional();

export const createTableField = () =>
  field
    .switch({
      label: 'Create the table if it is missing',
      help: 'With columns for the fields of the first records.',
      scope: 'step',
    })
    .default(false);

export const addColumnsField = () =>
  field
    .switch({ label: 'Add missing columns', help: 'For fields that the table has no column for.', scope: 'step' })
    .default(false);
