import { columnText, plainText } from './column-value.ts';
import { type Column, type ColumnKind, type Dialect, quoteTable, type Write } from './dialect.ts';

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

const TYPES: Readonly<Record<ColumnKind, string>> = {
  integer: 'bigint',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  'timestamp-zone': 'timestamptz',
  json: 'jsonb',
  bytes: 'bytea',
  array: 'jsonb',
  text: 'text',
  other: 'text',
};

export const postgresDialect: Dialect = {
  title: 'PostgreSQL',
  savepoints: true,
  lexis: {
    dollarQuotes: true,
    backslashes: false,
    hashComments: false,
    nestedComments: true,
    placeholder: (position) => `$${position}`,
    reusable: true,
  },
  quote,
  encode: encodePostgres,
  createTable(table, columns, key) {
    const lines = columns.map(({ name, kind }) => `${quote(name)} ${TYPES[kind]}`);
    if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(quote).join(', ')})`);
    return `CREATE TABLE IF NOT EXISTS ${quoteTable(this, table)} (${lines.join(', ')})`;
  },
  addColumn: (table, { name, kind }) =>
    `ALTER TABLE ${quoteTable(postgresDialect, table)} ADD COLUMN IF NOT EXISTS ${quote(name)} ${TYPES[kind]}`,
};

/** Every value travels as text, and the server casts it to the column's type. */
function encodePostgres(value: unknown, column: Column): string | null {
  if (value === null || value === undefined) return null;
  if (column.kind === 'array') return Array.isArray(value) ? arrayLiteral(value) : plainText(value);
  const text = columnText(value, column);
  return text instanceof Uint8Array ? `\\x${Buffer.from(text).toString('hex')}` : text;
}

export function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(arrayEntry).join(',')}}`;
}

function arrayEntry(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return arrayLiteral(value);
  return `"${plainText(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/**
 * The statement that writes any number of rows: one array of texts a column, `$1` the first. Types stand without their length, so that
 * too long a text fails instead of being cut.
 */
export function postgresWrite(write: Write): string {
  const { kind, columns, table } = write;
  const target = quoteTable(postgresDialect, table);
  const names = columns.map((_, i) => `c${i}`).join(', ');
  const arrays = columns.map((_, i) => `$${i + 1}::text[]`).join(', ');
  const rows = `unnest(${arrays}) WITH ORDINALITY AS r(${names}, n)`;
  if (kind === 'delete') {
    const match = columns.map((column, i) => `t.${quote(column.name)} = r.c${i}::${column.type}`).join(' AND ');
    return `DELETE FROM ${target} AS t USING ${rows} WHERE ${match}`;
  }
  const list = columns.map(({ name }) => quote(name)).join(', ');
  const casts = columns.map(({ type }, i) => `c${i}::${type}`).join(', ');
  const insert = `INSERT INTO ${target} (${list}) SELECT ${casts} FROM ${rows} ORDER BY n`;
  return kind === 'insert' ? insert : `${insert} ${onConflict(write, quote)}`;
}

/** The clause of PostgreSQL, SQLite and DuckDB that turns an insert into an upsert. */
export function onConflict({ columns, key }: Write, quoted: (identifier: string) => string): string {
  const target = `ON CONFLICT (${key.map(quoted).join(', ')})`;
  const others = columns.filter(({ name }) => !key.includes(name));
  if (others.length === 0) return `${target} DO NOTHING`;
  return `${target} DO UPDATE SET ${others.map(({ name }) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')}`;
}
