import { NodeError } from '../../sdk/index.ts';
import type { TableName } from './dialects/dialect.ts';

/** Reads `table` or `schema.table`; a name that holds a dot stands in double quotes. */
export function parseTableName(text: string): TableName {
  const parts = [...text.trim().matchAll(/"((?:[^"]|"")+)"|([^."]+)|(\.)/g)];
  const names = parts
    .filter((part) => part[3] === undefined)
    .map((part) => (part[1]?.replaceAll('""', '"') ?? part[2] ?? '').trim());
  const dots = parts.length - names.length;
  const [first, second] = names;
  if (names.length === 1 && dots === 0 && first) return { table: first };
  if (names.length === 2 && dots === 1 && first && second) return { schema: first, table: second };
  throw new NodeError({
    class: 'config',
    code: 'sql-table-name',
    message: `"${text}" is not a table name.`,
    remedy: 'Write the table as "accounts", or with its schema as "sales.accounts".',
    field: 'Table',
  });
}

export function printTableName({ schema, table }: TableName): string {
  return schema === undefined ? printPart(table) : `${printPart(schema)}.${printPart(table)}`;
}

function printPart(name: string): string {
  return /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
