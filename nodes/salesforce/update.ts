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
  externalId: matchField(
    'The record id, or an external id to find the record by. It must be among the fields.',
  ).default('Id'),
  fields: fieldMap('fields', ['object', 'externalId']),
  bulk: bulkField(),
});

export default defineNode(
  {
    type: 'salesforce.update',
    version: 1,
    title: 'Update records',
    connector: 'salesforce',
    category: 'connector',
    keywords: ['change', 'edit', 'write', 'crm'],
    summary: 'Update {object}, matching on {externalId}',
    description:
      'Updates the fields that are mapped and leaves the others alone. Records that are not there are rejected.',
    credential,
    params,
    outputs: ['records', 'rejected'],
    effect: 'idempotent',
    load: { objects, fields: writableFields, matchFields },
    preview: async (_records, given, ctx) => {
      const { object, externalId } = given[0] ?? { object: '', externalId: 'Id' };
      return previewWrite(
        ctx,
        { operation: 'update', object: objectName(object), match: fieldName(externalId) },
        given,
      );
    },
    examples: [
      {
        title: 'Set the owner of accounts',
        params: { object: 'Account', fields: { Id: '={{ $json.Id }}', OwnerId: '={{ $json.newOwner }}' } },
      },
    ],
  },
  batches(MAX_ROWS, async (items, ctx: SalesforceContext) => {
    const first = items[0]?.params;
    const object = objectName(first?.object ?? '');
    const match = fieldName(first?.externalId ?? 'Id');
    return written(ctx, { operation: 'update', object, match: 'Id' }, items, match, (rows) =>
      withIds(ctx, { object, match }, rows),
    );
  }),
);
