import { columnText } from './column-value.ts';
import { type Column, type ColumnKind, type Dialect, type Encoded, quoteTable, type Write } from './dialect.ts';
import { onConflict } from './postgres-dialect.ts';

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

const TYPES: Readonly<Record<ColumnKind, string>> = {
  integer: 'BIGINT',
  decimal: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  'timestamp-zone': 'TIMESTAMPTZ',
  json: 'JSON',
  bytes: 'BLOB',
  array: 'JSON',
  text: 'VARCHAR',
  other: 'VARCHAR',
};

export const duckdbDialect: Dialect = {
  title: 'DuckDB',
  savepoints: false,
  lexis: {
    dollarQuotes: true,
    backslashes: false,
    hashComments: false,
    nestedComments: false,
    placeholder: (position) => `$${position}`,
    reusable: true,
  },
  quote,
  encode: encodeDuckdb,
  createTable(table, columns, key) {
    const lines = columns.map(({ name, kind }) => `${quote(name)} ${TYPES[kind]}`);
    if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(quote).join(', ')})`);
    return `CREATE TABLE IF NOT EXISTS ${quoteTable(this, table)} (${lines.join(', ')})`;
  },
  addColumn: (table, { name, kind }) =>
    `ALTER TABLE ${quoteTable(duckdbDialect, table)} ADD COLUMN IF NOT EXISTS ${quote(name)} ${TYPES[kind]}`,
};

/** Every value travels as text, and the database casts it to the column's type. */
function encodeDuckdb(value: unknown, column: Column): Encoded {
  if (column.kind === 'array' && value !== null && typeof value === 'object') return JSON.stringify(value);
  const text = columnText(value, column);
  return text instanceof Uint8Array ? Buffer.from(text).toString('base64') : text;
}

/** The connection's own table of texts that rows go through: `c0`, `c1`, ... */
export const STAGE = 'sluice_rows';

export function duckdbStage(columns: number): string {
  const list = Array.from({ length: columns }, (_, i) => `c${i} VARCHAR`);
  return `CREATE OR REPLACE TEMP TABLE ${STAGE} (${list.join(', ')})`;
}

/** The statement that writes what is staged. */
export function duckdbWrite(write: Write): string {
  const { kind, columns, table } = write;
  const target = quoteTable(duckdbDialect, table);
  const source = `temp.main.${STAGE}`;
  if (kind === 'delete') {
    const match = columns.map((column, i) => `t.${quote(column.name)} = ${cast(`r.c${i}`, column)}`).join(' AND ');
    return `DELETE FROM ${target} AS t USING ${source} AS r WHERE ${match}`;
  }
  const list = columns.map(({ name }) => quote(name)).join(', ');
  const casts = columns.map((column, i) => cast(`c${i}`, column)).join(', ');
  const insert = `INSERT INTO ${target} (${list}) SELECT ${casts} FROM ${source} ORDER BY rowid`;
  return kind === 'insert' ? insert : `${insert} ${onConflict(write, quote)}`;
}

function cast(expression: string, { kind, type }: Column): string {
  if (kind === 'bytes') return `from_base64(${expression})`;
  if (kind === 'array') return `CAST(CAST(${expression} AS JSON) AS ${type})`;
  return `CAST(${expression} AS ${type})`;
}

export function duckdbKind(type: string): ColumnKind {
  if (/\[\d*\]$|^(STRUCT|MAP|UNION)\(/.test(type)) return 'array';
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type)) return 'integer';
  if (/^(DECIMAL|FLOAT|DOUBLE)/.test(type)) return 'decimal';
  if (/^TIMESTAMP WITH TIME ZONE/.test(type)) return 'timestamp-zone';
  if (/^TIMESTAMP/.test(type)) return 'timestamp';
  const plain: Readonly<Record<string, ColumnKind>> = {
    BOOLEAN: 'boolean',
    DATE: 'date',
    JSON: 'json',
    BLOB: 'bytes',
    VARCHAR: 'text',
  };
  return plain[type] ?? 'other';
}
