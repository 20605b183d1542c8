import { type Change, type DataRecord, isRecordFault, reportOf } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import { findRecords, valueAt } from './find-records.ts';
import { type Row, rowOf } from './row.ts';

/** What writing the records would do, without writing: each compared with what Salesforce has now, field by field. */
export async function previewWrite(
  ctx: SalesforceContext,
  target: { operation: 'update' | 'upsert' | 'delete'; object: string; match: string },
  given: readonly { readonly fields: DataRecord }[],
): Promise<Change[]> {
  const rows = given.map(({ fields }) => rowOrReason(fields, target.match));
  const good = rows.filter((row) => 'body' in row);
  const paths = [...new Set(good.flatMap((row) => Object.keys(flat(row.body))))];
  const query = { object: target.object, match: target.match, fields: paths };
  const found = await findRecords(
    ctx,
    query,
    good.map((row) => row.key),
  );
  const seen = new Map<string, DataRecord>();
  return rows.map((row) => {
    if (!('body' in row)) return row;
    const key = row.key.toLowerCase();
    const change = changeOf(row, target, seen.get(key) ?? found.get(key));
    if (change.after) seen.set(key, { ...change.before, ...change.after });
    return change;
  });
}

function rowOrReason(fields: DataRecord, match: string): Row | Change {
  try {
    return rowOf(fields, match);
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    return { action: 'reject', key: '', reason: reportOf(error).message };
  }
}

function changeOf(
  row: Row,
  target: { operation: string; object: string; match: string },
  existing?: DataRecord,
): Change {
  const { key } = row;
  const values = flat(row.body);
  if (existing === undefined) {
    if (target.operation === 'upsert') return { action: 'create', key, after: values };
    return { action: 'reject', key, reason: `There is no ${target.object} whose ${target.match} is "${key}".` };
  }
  const before = Object.fromEntries(
    Object.keys(values).map((path) => [path, path in existing ? existing[path] : valueAt(existing, path)]),
  );
  if (target.operation === 'delete') return { action: 'delete', key, before: existing };
  const changed = Object.keys(values).some((path) => !same(before[path], values[path]));
  return changed ? { action: 'update', key, before, after: values } : { action: 'unchanged', key, before };
}

/** Parents by external id as paths, which a query can read: `Account.Ext_Id__c`. */
function flat(body: DataRecord): DataRecord {
  const paths: DataRecord = {};
  for (const [name, value] of Object.entries(body)) {
    if (typeof value !== 'object' || value === null) paths[name] = value;
    else for (const [inner, given] of Object.entries(value)) paths[`${name}.${inner}`] = given;
  }
  return paths;
}

/** Salesforce's value decides how the two are compared: a number with a text that says it is no change. */
function same(now: unknown, wanted: unknown): boolean {
  const [a, b] = [now ?? null, wanted ?? null];
  if (a === null || b === null) return a === b;
  if (typeof a === 'number') return a === Number(b);
  if (typeof a === 'boolean') return String(a) === String(b).toLowerCase();
  const [left, right] = [String(a), String(b).trim()];
  return left === right || (looksLikeTime(left) && Date.parse(left) === Date.parse(right));
}

function looksLikeTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(T|$)/.test(text);
}
