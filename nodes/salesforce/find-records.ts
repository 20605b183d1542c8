import type { DataRecord } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import { describeField } from './describe.ts';
import { read } from './read.ts';
import { buildSoql } from './soql.ts';

/** Queries travel in the address of the request, which Salesforce limits to about 16,000 characters. */
const MAX_LIST = 8_000;

/**
 * Existing records by the lower-case value of the match field. `includeDeleted` also finds those in the recycle bin; `createdSince`
 * (ISO time) leaves out older ones.
 */
export async function findRecords(
  ctx: SalesforceContext,
  query: { object: string; match: string; fields: readonly string[]; includeDeleted?: boolean; createdSince?: string },
  keys: Iterable<string>,
): Promise<Map<string, DataRecord>> {
  const { object, match, includeDeleted = false, createdSince } = query;
  const young = createdSince ? [{ left: 'CreatedDate', is: 'greater-or-equal', right: createdSince } as const] : [];
  const fields = [...new Set(['Id', match, ...query.fields])];
  const found = new Map<string, DataRecord>();
  for (const some of chunks(new Set(keys))) {
    const soql = await buildSoql(
      { object, fields, conditions: { all: [{ left: match, is: 'in', right: some }, ...young] } },
      (path) => describeField(ctx, object, path),
    );
    for await (const records of read(ctx, soql, { includeDeleted })) {
      for (const record of records) {
        const key = String(valueAt(record, match)).toLowerCase();
        // A living record counts before one of the same key in the recycle bin.
        if (!found.has(key) || record.IsDeleted === false) found.set(key, record);
      }
    }
  }
  return found;
}

/** A value by its path, whatever the case of the names: `Account.Ext_Id__c`. */
export function valueAt(record: DataRecord, path: string): unknown {
  let value: unknown = record;
  for (const name of path.toLowerCase().split('.')) {
    if (typeof value !== 'object' || value === null) return value;
    value = Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
  }
  return value;
}

function* chunks(keys: ReadonlySet<string>): Generator<string[]> {
  let chunk: string[] = [];
  let length = 0;
  for (const key of keys) {
    const size = encodeURIComponent(key).length + 12;
    if (chunk.length > 0 && length + size > MAX_LIST) {
      yield chunk;
      chunk = [];
      length = 0;
    }
    chunk.push(key);
    length += size;
  }
  if (chunk.length > 0) yield chunk;
}
