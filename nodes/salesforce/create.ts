import { z } from 'zod';
import { batches, defineNode, field, type Item, type ItemResult } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import credential from './credential-salesforce.ts';
import { askForCreated, type Created, createdBefore, markOf } from './find-created.ts';
import { createableFields, markFields, objects } from './loaders.ts';
import { bulkField, fieldMap, objectField } from './shared-params.ts';
import { objectName } from './soql.ts';
import { MAX_ROWS } from './write-rows.ts';
import { written } from './written.ts';

const params = z.strictObject({
  object: objectField,
  fields: fieldMap('fields', ['object']),
  marker: field
    .pick({
      label: 'Mark field',
      load: 'markFields',
      dependsOn: ['object'],
      help: 'A text field of at least 50 characters that nothing else uses. Each record gets a mark in it, by which it is found again after an interruption, so that none is created twice.',
      advanced: true,
    })
    .optional(),
  findBy: field
    .pick({
      label: 'Find again by',
      load: 'fields',
      dependsOn: ['object'],
      help: 'Where there is no mark field: a mapped field whose value is the record’s own, such as an email or an order number. After an interruption, records created since with this value count as these.',
      advanced: true,
    })
    .optional(),
  bulk: bulkField(),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'salesforce.create',
    version: 1,
    title: 'Create records',
    connector: 'salesforce',
    category: 'connector',
    keywords: ['insert', 'add', 'new', 'write', 'crm'],
    summary: 'Create {object} in Salesforce',
    description:
      'Creates a record for each that comes in. To run it again without making doubles, upsert on an external id instead; to get through an interruption without them, name a mark field.',
    credential,
    params,
    outputs: ['records', 'rejected'],
    effect: 'once',
    verify: { needs: ['marker', 'findBy'], ask: askForCreated },
    load: { objects, fields: createableFields, markFields },
    examples: [
      {
        title: 'Leads from a form',
        params: {
          object: 'Lead',
          fields: { LastName: '={{ $json.name }}', Company: '={{ $json.company }}', LeadSource: 'Web' },
        },
      },
    ],
  },
  batches(MAX_ROWS, async (items, ctx: SalesforceContext, { key, found }) => {
    const object = objectName(items[0]?.params.object ?? '');
    const there = (found ?? {}) as Created;
    const missing = items.filter(({ position }) => there[position] === undefined);
    const results = await written(ctx, { operation: 'create', object, match: 'Id' }, marked(missing, key), undefined);
    let next = 0;
    return items.map((item): ItemResult => {
      const id = there[item.position];
      return id === undefined ? (results[next++] as ItemResult) : createdBefore(item, id);
    });
  }),
);

/** The records with their mark, if a field is named for it. */
function marked(items: readonly Item<Params>[], key: string): readonly Item<Params>[] {
  return items.map((item) => {
    const { params: own, position } = item;
    if (own.marker === undefined) return item;
    return { ...item, params: { ...own, fields: { ...own.fields, [own.marker]: markOf(key, position) } } };
  });
}
