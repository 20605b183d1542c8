import { columnText } from './column-value.ts';
import { type Column, type ColumnKind, type Dialect, type Encoded, quoteTable, type Write } from './dialect.ts';
import { wallClock } from './moments.ts';

const quote = (identifier: string): string => `\`${identifier.replaceAll('`', '``')}\``;

/** MySQL has no type for instants of any year, so they are kept as UTC in a DATETIME. */
const TYPES: Readonly<Record<ColumnKind, string>> = {
  integer: 'BIGINT',
  decimal: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'DATETIME(6)',
  'timestamp-zone': 'DATETIME(6)',
  json: 'JSON',
  bytes: 'LONGBLOB',
  array: 'JSON',
  text: 'LONGTEXT',
  other: 'LONGTEXT',
};

export const mysqlDialect: Dialect = {
  title: 'MySQL',
  savepoints: true,
  lexis: {
    dollarQuotes: false,
    backslashes: true,
    hashComments: true,
    nestedComments: false,
    placeholder: () => '?',
    reusable: false,
  },
  quote,
  encode: encodeMysql,
  createTable(table, columns, key) {
    const lines = columns.map(({ name, kind }) => `${quote(name)} ${key.includes(name) ? keyType(kind) : TYPES[kind]}`);
    if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(quote).join(', ')})`);
    return `CREATE TABLE IF NOT EXISTS ${quoteTable(this, table)} (${lines.join(', ')}) DEFAULT CHARSET utf8mb4`;
  },
  addColumn: (table, { name, kind }) =>
    `ALTER TABLE ${quoteTable(mysqlDialect, table)} ADD COLUMN ${quote(name)} ${TYPES[kind]}`,
};

/** A key needs a length, and compares letter by letter as everywhere else. */
function keyType(kind: ColumnKind): string {
  return kind === 'text' || kind === 'other' ? 'VARCHAR(255) COLLATE utf8mb4_bin' : TYPES[kind];
}

/** Numbers travel as their digits, so that the driver does not round them to doubles. */
function encodeMysql(value: unknown, column: Column): Encoded {
  const isDigit = column.kind === 'boolean' && column.type === 'tinyint' && /^-?\d+$/.test(String(value));
  const text = isDigit ? String(value) : columnText(value, column);
  if (text === null) return null;
  if (text instanceof Uint8Array) return Buffer.from(text);
  if (column.kind === 'boolean' && !isDigit)
    return column.type === 'bit' ? Buffer.from([text === 'true' ? 1 : 0]) : text === 'true' ? 1 : 0;
  return column.kind === 'timestamp-zone' ? wallClock(text) : text;
}

/** @param count rows in the one statement. */
export function mysqlWrite(write: Write, count: number): string {
  const { kind, columns, key, table } = write;
  const target = quoteTable(mysqlDialect, table);
  const tuple = `(${columns.map(() => '?').join(', ')})`;
  const tuples = new Array(count).fill(tuple).join(', ');
  const list = `(${columns.map(({ name }) => quote(name)).join(', ')})`;
  if (kind === 'delete') return `DELETE FROM ${target} WHERE ${list} IN (${tuples})`;
  const insert = `INSERT INTO ${target} ${list} VALUES ${tuples}`;
  if (kind === 'insert') return insert;
  const others = columns.filter(({ name }) => !key.includes(name)).map(({ name }) => quote(name));
  const first = quote(key[0] ?? '');
  const changes =
    others.length === 0 ? `${first} = ${first}` : others.map((name) => `${name} = VALUES(${name})`).join(', ');
  return `${insert} ON DUPLICATE KEY UPDATE ${changes}`;
}

/** Updates the one row with this key; its values come first, the key's after them. */
export function mysqlUpdate({ columns, key, table }: Write): string {
  const others = columns.filter(({ name }) => !key.includes(name));
  const changed = others.length === 0 ? columns.slice(0, 1) : others;
  const set = changed.map(({ name }) => `${quote(name)} = ?`).join(', ');
  return `UPDATE ${quoteTable(mysqlDialect, table)} SET ${set} WHERE ${key.map((name) => `${quote(name)} = ?`).join(' AND ')}`;
}
