import type { CallInDoubt, DataRecord, Item, Verdict } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import { findRecords, valueAt } from './find-records.ts';

/** How a step that creates records finds them again. */
export interface FindAgain {
  readonly object: string;
  readonly fields: DataRecord;
  /** A text field in which each record gets a mark of its own. */
  readonly marker?: string | undefined;
  /** A mapped field whose value is the record's own. */
  readonly findBy?: string | undefined;
}

/** Ids of records that are there, by position. */
export type Created = Readonly<Record<string, string>>;

/** Salesforce's clock and ours may differ by this, in milliseconds. */
const SKEW = 5 * 60_000;

/** The mark of a record: the call's key and its position, the same however often the call is made. */
export function markOf(key: string, position: number): string {
  return `${key}.${position}`;
}

/** Looks which of the call's records Salesforce has. What is missing can then be created, and nothing else is. */
export async function askForCreated(call: CallInDoubt<FindAgain>, ctx: SalesforceContext): Promise<Verdict> {
  const items = call.items();
  const [first] = items;
  if (first === undefined) return { outcome: 'not-done', said: 'Nothing was to be created.' };
  const { object, marker, findBy } = first.params;
  const match = marker ?? findBy ?? '';
  const wanted = items.map((item) => ({ item, key: marker ? markOf(call.key, item.position) : ownKey(item, match) }));
  const keys = wanted.flatMap(({ key }) => key ?? []);
  if (keys.length < items.length || new Set(keys).size < keys.length) {
    const said = `Some records share a value of ${match}, or have none, so that Salesforce cannot be asked for each.`;
    return { outcome: 'unknown', said };
  }
  const since = marker ? {} : { createdSince: new Date(call.since - SKEW).toISOString() };
  const there = await findRecords(ctx, { object, match, fields: [], ...since }, keys);
  const found: Record<string, string> = {};
  for (const { item, key } of wanted) {
    const id = there.get(String(key).toLowerCase())?.Id;
    if (typeof id === 'string') found[item.position] = id;
  }
  const count = Object.keys(found).length;
  const said = `Salesforce has ${count} of ${items.length} by ${match}.`;
  if (count < items.length) return { outcome: 'not-done', said, ...(count > 0 ? { found } : {}) };
  return { outcome: 'done', said, result: items.map((item) => createdBefore(item, found[item.position] ?? '')) };
}

/** What goes on for a record that an earlier try created. */
export function createdBefore({ record }: Pick<Item<unknown>, 'record'>, id: string): { record: DataRecord } {
  return { record: { ...record, id, created: true } };
}

function ownKey({ params }: Item<FindAgain>, field: string): string | undefined {
  const value = valueAt(params.fields, field);
  return value === undefined || value === null || value === '' ? undefined : String(value).toLowerCase();
}
