import { z } from 'zod';
import { field } from '../../sdk/index.ts';

/** Form fields that the actions share. */

export const objectField = field.pick({ label: 'Object', load: 'objects', placeholder: 'Contact' });

export function matchField(help: string) {
  return field.pick({ label: 'Match on', load: 'matchFields', dependsOn: ['object'], help });
}

const PARENTS = 'A parent can be named by its external id, as in Account.Ext_Id__c. An empty value clears the field.';

export function fieldMap(load: string, dependsOn: readonly string[], label = 'Fields', help = PARENTS) {
  return field.columnMap({ label, load, dependsOn, help });
}

/**
 * Documents may already say `auto` or `no`: both mean REST and collections today. It stays out of the form until the Bulk API
 * can really be chosen.
 */
export function bulkField() {
  return field
    .of(
      z.enum(['auto', 'no'], { error: 'The Bulk API is not there yet. Leave "bulk" out: all records are written.' }),
      'choice',
      {
        label: 'Bulk API',
        scope: 'step',
        showWhen: { param: 'object', is: [] },
      },
    )
    .optional();
}
