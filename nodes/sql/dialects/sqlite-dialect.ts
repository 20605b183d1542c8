import { columnText } from './column-value.ts';
import { type Column, type ColumnKind, type Dialect, type Encoded, quoteTable, type Write } from './dialect.ts';
import { isoFromDatabase } from './moments.ts';
import { onConflict } from './postgres-dialect.ts';

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** Declared types; they tell the reader which numbers are booleans and which texts are JSON. */
const TYPES: Readonly<Record<ColumnKind, string>> = {
  integer: 'INTEGER',
  decimal: 'REAL',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  'timestamp-zone': 'TIMESTAMPTZ',
  json: 'JSON',
  bytes: 'BLOB',
  array: 'JSON',
  text: 'TEXT',
  other: 'TEXT',
};

export const sqliteDialect: Dialect = {
  title: 'SQLite',
  savepoints: true,
  lexis: {
    dollarQuotes: false,
    backslashes: false,
    hashComments: false,
    nestedComments: false,
    placeholder: (position) => `?${position}`,
    reusable: true,
  },
  quote,
  encode: encodeSqlite,
  createTable(table, columns, key) {
    const lines = columns.map(
      ({ name, kind }) => `${quote(name)} ${TYPES[kind]}${key.includes(name) ? ' NOT NULL' : ''}`,
    );
    if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(quote).join(', ')})`);
    return `CREATE TABLE IF NOT EXISTS ${quoteTable(this, table)} (${lines.join(', ')})`;
  },
  addColumn: (table, { name, kind }) =>
    `ALTER TABLE ${quoteTable(sqliteDialect, table)} ADD COLUMN ${quote(name)} ${TYPES[kind]}`,
};

function encodeSqlite(value: unknown, column: Column): Encoded {
  const text = columnText(value, column);
  if (text === null || text instanceof Uint8Array) return text;
  if (column.kind === 'boolean') return text === 'true' ? 1 : 0;
  return column.kind === 'timestamp' || column.kind === 'timestamp-zone' ? isoFromDatabase(text) : text;
}

/** The statement that writes one row. */
export function sqliteWrite(write: Write): string {
  const { kind, columns, table } = write;
  const target = quoteTable(sqliteDialect, table);
  if (kind === 'delete') {
    return `DELETE FROM ${target} WHERE ${columns.map(({ name }, i) => `${quote(name)} = ?${i + 1}`).join(' AND ')}`;
  }
  const list = columns.map(({ name }) => quote(name)).join(', ');
  const insert = `INSERT INTO ${target} (${list}) VALUES (${columns.map((_, i) => `?${i + 1}`).join(', ')})`;
  return kind === 'insert' ? insert : `${insert} ${onConflict(write, quote)}`;
}

export function sqliteKind(declared: string): ColumnKind {
  const type = declared.toUpperCase();
  if (/BOOL/.test(type)) return 'boolean';
  if (/JSON/.test(type)) return 'json';
  if (/TIMESTAMPTZ|TIMESTAMP WITH/.test(type)) return 'timestamp-zone';
  if (/TIMESTAMP|DATETIME/.test(type)) return 'timestamp';
  if (/DATE/.test(type)) return 'date';
  if (/INT/.test(type)) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text';
  if (/BLOB/.test(type)) return 'bytes';
  if (/REAL|FLOA|DOUB|DEC|NUM/.test(type)) return 'decimal';
  return 'other';
}
