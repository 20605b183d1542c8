import { columnText, plainText } from './column-value.ts';
import { type Column, type ColumnKind, type Dialect, quoteTable, type Row, type Write } from './dialect.ts';

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

/** Where the rows of a statement come from: a FROM item named `r`, and the value of each column in it. */
interface RowSource {
  readonly from: string;
  value(place: number): string;
  readonly order: string;
}

/**
 * The statement that writes any number of rows: one array of texts a column, `$1` the first. Types stand without their length, so that
 * too long a text fails instead of being cut.
 */
export function postgresWrite(write: Write): string {
  const names = write.columns.map((_, i) => `c${i}`).join(', ');
  const arrays = write.columns.map((_, i) => `$${i + 1}::text[]`).join(', ');
  return statementFor(write, {
    from: `unnest(${arrays}) WITH ORDINALITY AS r(${names}, n)`,
    value: (place) => `r.c${place}::${write.columns[place]?.type}`,
    order: ' ORDER BY n',
  });
}

/** The same through a table of the transaction's own: made, filled by COPY, written from. Types stand without their length there, too. */
export function postgresStage(write: Write, name: string): { create: string; copy: string; write: string } {
  const columns = write.columns.map(({ type }, i) => `c${i} ${type}`).join(', ');
  const stage = `pg_temp.${quote(name)}`;
  return {
    create: `CREATE TEMP TABLE ${quote(name)} (${columns}) ON COMMIT DROP`,
    copy: `COPY ${stage} FROM STDIN`,
    write: statementFor(write, { from: `${stage} AS r`, value: (place) => `r.c${place}`, order: '' }),
  };
}

function statementFor(write: Write, { from, value, order }: RowSource): string {
  const { kind, columns, table } = write;
  const target = quoteTable(postgresDialect, table);
  if (kind === 'delete') {
    const match = columns.map((column, i) => `t.${quote(column.name)} = ${value(i)}`).join(' AND ');
    return `DELETE FROM ${target} AS t USING ${from} WHERE ${match}`;
  }
  const list = columns.map(({ name }) => quote(name)).join(', ');
  const insert = `INSERT INTO ${target} (${list}) SELECT ${columns.map((_, i) => value(i)).join(', ')} FROM ${from}${order}`;
  return kind === 'insert' ? insert : `${insert} ${onConflict(write, quote)}`;
}

/** Rows as COPY reads them: a line each, tabs between values, `\N` for none. */
export function copyLines(columns: readonly Column[], rows: readonly Row[], from: number, to: number): string {
  const plain = columns.map(({ kind }) => PLAIN.has(kind));
  let text = '';
  for (let r = from; r < to; r++) {
    const row = rows[r] as Row;
    for (let i = 0; i < plain.length; i++) {
      const value = row[i];
      if (i > 0) text += '\t';
      if (value === null || value === undefined) text += '\\N';
      else if (plain[i] || !SPECIAL.test(value as string)) text += value;
      else text += (value as string).replace(SPECIALS, escaped);
    }
    text += '\n';
  }
  return text;
}

/** Kinds whose texts are written by us and hold no character that COPY reads otherwise. */
const PLAIN: ReadonlySet<ColumnKind> = new Set<ColumnKind>(['integer', 'decimal', 'boolean']);
const SPECIAL = /[\\\t\n\r]/;
const SPECIALS = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (character: string): string => ESCAPES[character] ?? character;

/** The clause of PostgreSQL, SQLite and DuckDB that turns an insert into an upsert. */
export function onConflict({ columns, key }: Write, quoted: (identifier: string) => string): string {
  const target = `ON CONFLICT (${key.map(quoted).join(', ')})`;
  const others = columns.filter(({ name }) => !key.includes(name));
  if (others.length === 0) return `${target} DO NOTHING`;
  return `${target} DO UPDATE SET ${others.map(({ name }) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')}`;
}
