import type { DescribeSObjectResult, Field } from '@jsforce/jsforce-node/lib/types/common.js';
import { NodeError } from '../../sdk/index.ts';
import { connect, type SalesforceContext } from './connect.ts';
import { objectName } from './soql.ts';

/** An object's description; asked for once a step. */
export async function describeObject(ctx: SalesforceContext, object: string): Promise<DescribeSObjectResult> {
  const connection = await connect(ctx);
  try {
    return await connection.describe$(objectName(object));
  } catch (error) {
    if (!(error instanceof NodeError) || error.class !== 'not-found') throw error;
    throw new NodeError({
      class: 'config',
      code: 'salesforce-object-unknown',
      message: `This Salesforce has no object "${object}", or the user may not see it.`,
      remedy: 'Pick the object from the list; custom ones end in "__c".',
      field: 'object',
      cause: error,
    });
  }
}

/** The field at a path, walking over parents: `Account.Owner.Email`. */
export async function describeField(ctx: SalesforceContext, object: string, path: string): Promise<Field> {
  const [first = '', ...rest] = path.split('.');
  const { fields } = await describeObject(ctx, object);
  const wanted = first.toLowerCase();
  if (rest.length === 0) {
    const field = fields.find((candidate) => candidate.name.toLowerCase() === wanted);
    if (field) return field;
  } else {
    const reference = fields.find((candidate) => candidate.relationshipName?.toLowerCase() === wanted);
    const parent = reference?.referenceTo?.[0];
    if (parent !== undefined) return describeField(ctx, parent, rest.join('.'));
  }
  throw new NodeError({
    class: 'config',
    code: 'salesforce-field-unknown',
    message: `${object} has no field "${first}", or the user may not see it.`,
    remedy: 'Pick the field from the list; custom ones end in "__c".',
    field: first,
  });
}
