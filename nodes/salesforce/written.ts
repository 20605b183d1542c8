import { type DataRecord, type Item, type ItemResult, isRecordFault } from '../../sdk/index.ts';
import type { SalesforceContext } from './connect.ts';
import { type Row, rowOf } from './row.ts';
import { type Outcome, type Target, writeRows } from './write-rows.ts';

type Fields = { readonly fields: DataRecord };

/**
 * Turns the items of a batch into rows, writes those that can be written, and gives each item's result: the record with
 * Salesforce's `id` and whether it was `created`, or the reason why not.
 *
 * @param prepare adds what the rows still lack (record ids), or refuses some; same order and length
 */
export async function written<P extends Fields>(
  ctx: SalesforceContext,
  target: Target,
  items: readonly Item<P>[],
  match: string | undefined,
  prepare: (rows: readonly Row[]) => Promise<readonly (Row | { error: unknown })[]> = async (rows) => rows,
): Promise<ItemResult[]> {
  const results: ItemResult[] = [];
  const rows = items.map((item) => rowOrFault(item, match));
  const prepared = await prepare(rows.filter((row) => 'body' in row));
  let next = 0;
  const ready: { at: number; row: Row }[] = [];
  for (const [at, row] of rows.entries()) {
    const given = 'body' in row ? (prepared[next++] ?? row) : row;
    if ('body' in given) ready.push({ at, row: given });
    else results[at] = given;
  }
  const outcomes = await writeRows(
    ctx,
    target,
    ready.map(({ row }) => row),
  );
  for (const [i, { at }] of ready.entries()) {
    results[at] = resultOf(items[at]?.record ?? {}, outcomes[i]);
  }
  return results;
}

function rowOrFault<P extends Fields>({ params }: Item<P>, match: string | undefined): Row | { error: unknown } {
  try {
    return rowOf(params.fields, match);
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    return { error };
  }
}

function resultOf(record: DataRecord, outcome: Outcome | undefined): ItemResult {
  if (outcome === undefined) throw new Error('A row was written without an outcome');
  return 'error' in outcome ? outcome : { record: { ...record, id: outcome.id, created: outcome.created } };
}
