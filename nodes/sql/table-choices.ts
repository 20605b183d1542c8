import type { LoadedOption, Loader } from '../../sdk/index.ts';
import { connectDatabase } from './connection.ts';
import type { Column, ColumnKind } from './dialects/dialect.ts';
import { parseTableName, printTableName } from './table-name.ts';

const MOST = 500;

const kindWords: Readonly<Record<ColumnKind, string>> = {
  integer: 'whole number',
  decimal: 'number',
  boolean: 'true or false',
  date: 'date',
  timestamp: 'date and time',
  'timestamp-zone': 'date and time',
  json: 'JSON',
  bytes: 'bytes (Base64)',
  array: 'list',
  text: 'text',
  other: 'text',
};

const tables: Loader<unknown> = async (ctx, _params, search) => {
  const database = await connectDatabase(ctx);
  const wanted = search.toLowerCase();
  const entries = await database.tables(ctx.signal);
  return entries
    .map((entry) => ({ value: printTableName(entry), isView: entry.isView }))
    .filter(({ value }) => value.toLowerCase().includes(wanted))
    .slice(0, MOST)
    .map(({ value, isView }) => ({ value, label: value, ...(isView ? { help: 'view' } : {}) }));
};

const columns: Loader<unknown> = async (ctx, params, search) => {
  const found = await columnsOf(ctx, params);
  const wanted = search.toLowerCase();
  return found.filter(({ name }) => name.toLowerCase().includes(wanted)).map(columnOption);
};

/** What a record can be matched on: single unique columns first. */
const keys: Loader<unknown> = async (ctx, params, search) => {
  if (typeof params.table !== 'string' || params.table === '') return [];
  const database = await connectDatabase(ctx);
  const unique = await database.uniqueKeys(parseTableName(params.table), ctx.signal);
  const isUnique = new Set(unique.flat());
  const options = await columns(ctx, params, search);
  return [...options].sort((a, b) => Number(isUnique.has(b.value)) - Number(isUnique.has(a.value)));
};

export const tableChoices = { tables, columns, keys };

async function columnsOf(ctx: Parameters<Loader<unknown>>[0], params: { table?: unknown }): Promise<readonly Column[]> {
  if (typeof params.table !== 'string' || params.table === '') return [];
  const database = await connectDatabase(ctx);
  return database.columns(parseTableName(params.table), ctx.signal);
}

function columnOption({ name, kind, nullable, hasDefault, primary }: Column): LoadedOption {
  return { value: name, label: name, type: kindWords[kind], required: !nullable && !hasDefault, key: primary };
}
