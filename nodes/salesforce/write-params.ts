import { field } from '../../sdk/index.ts';

/** Form fields that the writing actions share. */

export const objectField = field.pick({ label: 'Object', load: 'objects', placeholder: 'Contact' });

export function matchField(help: string) {
  return field.pick({ label: 'Match on', load: 'matchFields', dependsOn: ['object'], help });
}

const PARENTS = 'A parent can be named by its external id, as in Account.Ext_Id__c. An empty value clears the field.';

export function fieldMap(load: string, dependsOn: readonly string[], label = 'Fields', help = PARENTS) {
  return field.columnMap({ label, load, dependsOn, help });
}
