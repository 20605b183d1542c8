import { z } from 'zod';
import { defineNode, field, NodeError, source } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import credential from './credential-salesforce.ts';
import { describeField, describeObject } from './describe.ts';
import { objects, readableFields } from './loaders.ts';
import { read } from './read.ts';
import { bulkField } from './shared-params.ts';
import { bindSoql, buildSoql } from './soql.ts';

const params = z.strictObject({
  object: field.pick({ label: 'Object', load: 'objects', placeholder: 'Contact' }).optional(),
  fields: field
    .choices({
      label: 'Fields',
      load: 'fields',
      dependsOn: ['object'],
      help: 'All fields if none is chosen. Fields of a parent: Account.Name.',
    })
    .optional(),
  conditions: field
    .conditions({ label: 'Only records where', help: 'On the left the field, such as Industry or Account.Name.' })
    .optional(),
  orderBy: field.text({ label: 'Order by', placeholder: 'LastName, CreatedDate desc', advanced: true }).optional(),
  limit: field.number({ label: 'At most', min: 1, int: true, advanced: true }).optional(),
  soql: field
    .longText({
      label: 'SOQL',
      placeholder: 'SELECT Id, Name FROM Account WHERE Industry = :industry',
      help: 'If filled, it is used instead of all of the above. Put changing values in with :name.',
      advanced: true,
    })
    .optional(),
  values: field.keyValues({ label: 'Values for :name in the SOQL', advanced: true }).optional(),
  includeDeleted: field.switch({ label: 'Also deleted and archived records', advanced: true }).default(false),
  bulk: bulkField(),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'salesforce.query',
    version: 1,
    title: 'Read records',
    connector: 'salesforce',
    category: 'connector',
    keywords: ['soql', 'select', 'get', 'search', 'find', 'export', 'crm', 'list'],
    summary: 'Read {object} from Salesforce',
    description: 'Reads records page by page, by object, fields and conditions or by SOQL.',
    credential,
    params,
    effect: 'read',
    load: { objects, fields: readableFields },
    examples: [
      {
        title: 'Contacts of customers in technology',
        params: {
          object: 'Contact',
          fields: ['Id', 'Email', 'Account.Name'],
          conditions: { all: [{ left: 'Account.Industry', is: 'equals', right: 'Technology' }] },
        },
      },
      {
        title: 'Opportunities closed since a day, in SOQL',
        params: {
          soql: 'SELECT Id, Name, Amount FROM Opportunity WHERE IsWon = true AND CloseDate >= :since',
          values: { since: '2026-01-01' },
        },
      },
    ],
  },
  source(async function* (given: Params, ctx: SalesforceContext) {
    const soql = await soqlOf(given, ctx);
    ctx.log('info', 'Reading from Salesforce', { soql });
    yield* read(ctx, soql, { includeDeleted: given.includeDeleted });
  }),
);

async function soqlOf(given: Params, ctx: SalesforceContext): Promise<string> {
  if (given.soql !== undefined && given.soql.trim() !== '') return bindSoql(given.soql.trim(), given.values ?? {});
  const { object, conditions, orderBy, limit } = given;
  if (object === undefined) {
    throw new NodeError({
      class: 'config',
      code: 'salesforce-nothing-to-read',
      message: 'This step does not say what to read.',
      remedy: 'Pick an object, or write SOQL.',
      field: 'object',
    });
  }
  const fields = given.fields?.length ? given.fields : await allFields(ctx, object);
  return buildSoql({ object, fields, conditions, orderBy, limit }, (path) => describeField(ctx, object, path));
}

/** Compound fields repeat what their parts say, and content comes one record at a time. */
const LEFT_OUT = new Set(['address', 'location', 'base64']);

async function allFields(ctx: SalesforceContext, object: string): Promise<string[]> {
  const { fields } = await describeObject(ctx, object);
  return fields.filter(({ type }) => !LEFT_OUT.has(type)).map(({ name }) => name);
}
