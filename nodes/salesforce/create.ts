import { z } from 'zod';
import { batches, defineNode } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import credential from './credential-salesforce.ts';
import { createableFields, objects } from './loaders.ts';
import { bulkField, fieldMap, objectField } from './shared-params.ts';
import { objectName } from './soql.ts';
import { MAX_ROWS } from './write-rows.ts';
import { written } from './written.ts';

const params = z.strictObject({ object: objectField, fields: fieldMap('fields', ['object']), bulk: bulkField() });

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
      'Creates a record for each that comes in. To run it again without making doubles, upsert on an external id instead.',
    credential,
    params,
    outputs: ['records', 'rejected'],
    effect: 'once',
    load: { objects, fields: createableFields },
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
  batches(MAX_ROWS, async (items, ctx: SalesforceContext) => {
    const object = objectName(items[0]?.params.object ?? '');
    return written(ctx, { operation: 'create', object, match: 'Id' }, items, undefined);
  }),
);
