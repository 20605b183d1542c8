import { NodeError } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import { findRecords } from './find-records.ts';
import type { Row } from './row.ts';

const RECORD_ID = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;

/**
 * Gives rows that are matched on any field the record id that Salesforce's update and delete want; a row whose record is not
 * there is refused.
 */
export async function withIds(
  ctx: SalesforceContext,
  query: { object: string; match: string; includeDeleted?: boolean },
  rows: readonly Row[],
): Promise<readonly (Row | { error: NodeError })[]> {
  if (query.match.toLowerCase() === 'id')
    return rows.map((row) => (RECORD_ID.test(row.key) ? row : malformed(row.key)));
  const fields = query.includeDeleted ? ['IsDeleted'] : [];
  const found = await findRecords(
    ctx,
    { ...query, fields },
    rows.map((row) => row.key),
  );
  return rows.map((row) => {
    const id = found.get(row.key.toLowerCase())?.Id;
    if (typeof id !== 'string') return missing(query, row.key);
    const { [query.match]: _, ...body } = row.body;
    return { ...row, key: id, body: { Id: id, ...body } };
  });
}

function malformed(key: string): { error: NodeError } {
  return {
    error: new NodeError({
      class: 'bad-data',
      code: 'salesforce-malformed-id',
      message: `"${key}" is not a Salesforce record id.`,
      remedy: 'Use the id of 15 or 18 characters, or match on an external id instead.',
      field: 'Id',
    }),
  };
}

function missing(query: { object: string; match: string }, key: string): { error: NodeError } {
  return {
    error: new NodeError({
      class: 'bad-data',
      code: 'salesforce-not-found',
      message: `There is no ${query.object} whose ${query.match} is "${key}".`,
      remedy: 'Check the value, or upsert instead to create what is missing.',
      field: query.match,
    }),
  };
}
