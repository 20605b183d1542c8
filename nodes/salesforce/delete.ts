import { z } from 'zod';
import { batches, defineNode } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import credential from './credential-salesforce.ts';
import { matchFields, objects, writableFields } from './loaders.ts';
import { previewWrite } from './preview.ts';
import { bulkField, fieldMap, matchField, objectField } from './shared-params.ts';
import { fieldName, objectName } from './soql.ts';
import { withIds } from './with-ids.ts';
import { MAX_ROWS } from './write-rows.ts';
import { written } from './written.ts';

const params = z.strictObject({
  object: objectField,
  externalId: matchField('The record id, or an external id to find the record by.').default('Id'),
  fields: fieldMap(
    'fields',
    ['object', 'externalId'],
    'Which records',
    'The field that is matched on, with the column that holds its value.',
  ),
  bulk: bulkField(),
});

export default defineNode(
  {
    type: 'salesforce.delete',
    version: 1,
    title: 'Delete records',
    connector: 'salesforce',
    category: 'connector',
    keywords: ['remove', 'erase', 'crm'],
    summary: 'Delete {object}, matching on {externalId}',
    description: 'Moves records to the recycle bin. One that is there already counts as done.',
    credential,
    params,
    outputs: ['records', 'rejected'],
    effect: 'idempotent',
    load: { objects, fields: writableFields, matchFields },
    preview: async (_records, given, ctx) => {
      const { object, externalId } = given[0] ?? { object: '', externalId: 'Id' };
      return previewWrite(
        ctx,
        { operation: 'delete', object: objectName(object), match: fieldName(externalId) },
        given,
      );
    },
    examples: [{ title: 'Delete tasks', params: { object: 'Task', fields: { Id: '={{ $json.Id }}' } } }],
  },
  batches(MAX_ROWS, async (items, ctx: SalesforceContext) => {
    const first = items[0]?.params;
    const object = objectName(first?.object ?? '');
    const match = fieldName(first?.externalId ?? 'Id');
    return written(ctx, { operation: 'delete', object, match: 'Id' }, items, match, (rows) =>
      withIds(ctx, { object, match, includeDeleted: true }, rows),
    );
  }),
);
