import { type DataRecord, setOwnField } from '../../sdk/index.ts';
import { isRecord } from '../../spec/workflow/record.ts';
import { connect, type SalesforceContext } from './connect.ts';

interface Page {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly DataRecord[];
}

/** Reads a query page by page (up to 2,000 records each), ready for use: see `cleaned`. */
export async function* read(
  ctx: SalesforceContext,
  soql: string,
  options: { includeDeleted?: boolean } = {},
): AsyncGenerator<readonly DataRecord[]> {
  const connection = await connect(ctx);
  const resource = options.includeDeleted ? 'queryAll' : 'query';
  let page = await connection.request<Page>(`/${resource}?q=${encodeURIComponent(soql)}`);
  if (isBareCount(soql)) {
    yield [{ count: page.totalSize }];
    return;
  }
  for (;;) {
    yield await Promise.all(page.records.map((record) => cleaned(ctx, record)));
    if (page.done || page.nextRecordsUrl === undefined) return;
    page = await connection.request<Page>(page.nextRecordsUrl);
  }
}

/** `SELECT COUNT() FROM ...` answers with a number and no records. */
function isBareCount(soql: string): boolean {
  return /^\s*select\s+count\s*\(\s*\)\s+from\s/i.test(soql);
}

/**
 * A record as workflows know it: without Salesforce's `attributes`, times in plain ISO form, a parent as an object, and a child
 * relationship as the list of its records, complete however many pages it takes.
 */
async function cleaned(ctx: SalesforceContext, record: DataRecord): Promise<DataRecord> {
  const clean: DataRecord = {};
  for (const [name, value] of Object.entries(record)) {
    if (name === 'attributes') continue;
    setOwnField(clean, name, isRecord(value) ? await cleanedRelation(ctx, value) : plain(value));
  }
  return clean;
}

async function cleanedRelation(ctx: SalesforceContext, value: DataRecord): Promise<unknown> {
  if (!isPage(value)) return cleaned(ctx, value);
  const children: DataRecord[] = [];
  const connection = await connect(ctx);
  for (let page: Page = value; ; page = await connection.request<Page>(page.nextRecordsUrl ?? '')) {
    for (const child of page.records) children.push(await cleaned(ctx, child));
    if (page.done || page.nextRecordsUrl === undefined) return children;
  }
}

function isPage(value: DataRecord): value is DataRecord & Page {
  return Array.isArray(value.records) && typeof value.done === 'boolean' && !('attributes' in value);
}

const SALESFORCE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+0000$/;

function plain(value: unknown): unknown {
  return typeof value === 'string' && SALESFORCE_TIME.test(value) ? value.replace('+0000', 'Z') : value;
}
