import { z } from 'zod';
import { batches, defineNode } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import credential from './credential-salesforce.ts';
import { matchFields, objects, writableFields } from './loaders.ts';
import { previewWrite } from './preview.ts';
import { bulkField, fieldMap, matchField, objectField } from './shared-params.ts';
import { fieldName, objectName } from './soql.ts';
import { MAX_ROWS } from './write-rows.ts';
import { written } from './written.ts';

const params = z.strictObject({
  object: objectField,
  externalId: matchField('A field marked as external id in Salesforce. It must be among the fields.'),
  fields: fieldMap('fields', ['object', 'externalId']),
  bulk: bulkField(),
});

export default defineNode(
  {
    type: 'salesforce.upsert',
    version: 1,
    title: 'Upsert records',
    connector: 'salesforce',
    category: 'connector',
    keywords: ['update or create', 'sync', 'merge', 'write', 'crm', 'reverse etl'],
    summary: 'Upsert into {object}, matching on {externalId}',
    description:
      'Updates the records whose external id is known and creates the others. Of several records with the same external id the last one wins.',
    credential,
    params,
    outputs: ['records', 'rejected'],
    effect: 'idempotent',
    load: { objects, fields: writableFields, matchFields },
    preview: async (_records, given, ctx) => {
      const { object, externalId } = given[0] ?? { object: '', externalId: '' };
      return previewWrite(
        ctx,
        { operation: 'upsert', object: objectName(object), match: fieldName(externalId) },
        given,
      );
    },
    examples: [
      {
        title: 'Write scores to contacts',
        params: {
          object: 'Contact',
          externalId: 'Email__c',
          fields: { Email__c: '={{ $json.email }}', Score__c: '={{ $json.score }}' },
        },
      },
      {
        title: 'Contacts with their account by its external id',
        params: {
          object: 'Contact',
          externalId: 'Ext_Id__c',
          fields: {
            Ext_Id__c: '={{ $json.id }}',
            LastName: '={{ $json.lastName }}',
            'Account.Ext_Id__c': '={{ $json.accountId }}',
          },
        },
      },
    ],
  },
  batches(MAX_ROWS, async (items, ctx: SalesforceContext) => {
    const first = items[0]?.params;
    const object = objectName(first?.object ?? '');
    const match = fieldName(first?.externalId ?? '');
    return written(ctx, { operation: 'upsert', object, match }, items, match);
  }),
);
