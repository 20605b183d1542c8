import { describe, expect, it } from 'vitest';
import type { Column, ColumnKind, Dialect, NewColumn, Write } from './dialect.ts';
import { duckdbDialect, duckdbStage, duckdbWrite } from './duckdb-dialect.ts';
import { mysqlDialect, mysqlUpdate, mysqlWrite } from './mysql-dialect.ts';
import { arrayLiteral, copyLines, postgresDialect, postgresStage, postgresWrite } from './postgres-dialect.ts';
import { parseArray } from './postgres-types.ts';
import { sqliteDialect, sqliteWrite } from './sqlite-dialect.ts';

const column = (name: string, kind: ColumnKind, type: string): Column => ({
  name,
  kind,
  type,
  nullable: true,
  hasDefault: false,
  primary: false,
});
const write = (kind: Write['kind'], types: readonly [string, string]): Write => ({
  kind,
  table: { schema: 'sales', table: 'accounts' },
  columns:
    kind === 'delete'
      ? [column('id', 'integer', types[0])]
      : [column('id', 'integer', types[0]), column('Full name', 'text', types[1])],
  key: kind === 'insert' ? [] : ['id'],
  mayClash: false,
});

describe('golden SQL', () => {
  it('PostgreSQL writes any number of rows from arrays of texts', () => {
    const types = ['bigint', 'text'] as const;
    const from = 'unnest($1::text[], $2::text[]) WITH ORDINALITY AS r(c0, c1, n)';
    const insert = `INSERT INTO "sales"."accounts" ("id", "Full name") SELECT r.c0::bigint, r.c1::text FROM ${from} ORDER BY n`;
    expect(postgresWrite(write('insert', types))).toBe(insert);
    expect(postgresWrite(write('upsert', types))).toBe(
      `${insert} ON CONFLICT ("id") DO UPDATE SET "Full name" = excluded."Full name"`,
    );
    expect(postgresWrite({ ...write('upsert', types), columns: write('delete', types).columns })).toMatch(
      /ON CONFLICT \("id"\) DO NOTHING$/,
    );
    expect(postgresWrite(write('delete', types))).toBe(
      'DELETE FROM "sales"."accounts" AS t USING unnest($1::text[]) WITH ORDINALITY AS r(c0, n) WHERE t."id" = r.c0::bigint',
    );
  });

  it('MySQL writes rows of placeholders', () => {
    const types = ['bigint', 'text'] as const;
    const insert = 'INSERT INTO `sales`.`accounts` (`id`, `Full name`) VALUES (?, ?), (?, ?)';
    expect(mysqlWrite(write('insert', types), 2)).toBe(insert);
    expect(mysqlWrite(write('upsert', types), 2)).toBe(
      `${insert} ON DUPLICATE KEY UPDATE \`Full name\` = VALUES(\`Full name\`)`,
    );
    expect(mysqlWrite(write('delete', types), 2)).toBe('DELETE FROM `sales`.`accounts` WHERE (`id`) IN ((?), (?))');
    expect(mysqlUpdate(write('upsert', types))).toBe('UPDATE `sales`.`accounts` SET `Full name` = ? WHERE `id` = ?');
  });

  it('SQLite writes a row at a time', () => {
    const types = ['integer', 'text'] as const;
    const insert = 'INSERT INTO "sales"."accounts" ("id", "Full name") VALUES (?1, ?2)';
    expect(sqliteWrite(write('insert', types))).toBe(insert);
    expect(sqliteWrite(write('upsert', types))).toBe(
      `${insert} ON CONFLICT ("id") DO UPDATE SET "Full name" = excluded."Full name"`,
    );
    expect(sqliteWrite(write('delete', types))).toBe('DELETE FROM "sales"."accounts" WHERE "id" = ?1');
  });

  it('PostgreSQL writes very many rows through a table that COPY fills', () => {
    const types = ['bigint', 'text'] as const;
    const insert =
      'INSERT INTO "sales"."accounts" ("id", "Full name") SELECT r.c0, r.c1 FROM pg_temp."rows_1" AS r ON CONFLICT ("id") DO UPDATE SET "Full name" = excluded."Full name"';
    expect(postgresStage(write('upsert', types), 'rows_1')).toEqual({
      create: 'CREATE TEMP TABLE "rows_1" (c0 bigint, c1 text) ON COMMIT DROP',
      copy: 'COPY pg_temp."rows_1" FROM STDIN',
      write: insert,
    });
    expect(postgresStage(write('delete', types), 'rows_1').write).toBe(
      'DELETE FROM "sales"."accounts" AS t USING pg_temp."rows_1" AS r WHERE t."id" = r.c0',
    );
  });

  it('PostgreSQL rows are lines for COPY, with what it would read otherwise escaped', () => {
    const columns = [column('id', 'integer', 'bigint'), column('t', 'text', 'text')];
    const rows = [
      ['1', 'a\tb\nc\rd\\N'],
      ['2', null],
      ['3', '\\.'],
      ['4', ''],
    ];
    expect(copyLines(columns, rows, 0, 2)).toBe('1\ta\\tb\\nc\\rd\\\\N\n2\t\\N\n');
    expect(copyLines(columns, rows, 2, 4)).toBe('3\t\\\\.\n4\t\n');
  });

  it('DuckDB writes from its table of texts', () => {
    const types = ['BIGINT', 'VARCHAR'] as const;
    const insert =
      'INSERT INTO "sales"."accounts" ("id", "Full name") SELECT CAST(c0 AS BIGINT), CAST(c1 AS VARCHAR) FROM temp.main.sluice_rows ORDER BY rowid';
    expect(duckdbStage(2)).toBe('CREATE OR REPLACE TEMP TABLE sluice_rows (c0 VARCHAR, c1 VARCHAR)');
    expect(duckdbWrite(write('insert', types))).toBe(insert);
    expect(duckdbWrite(write('upsert', types))).toBe(
      `${insert} ON CONFLICT ("id") DO UPDATE SET "Full name" = excluded."Full name"`,
    );
    expect(duckdbWrite(write('delete', types))).toBe(
      'DELETE FROM "sales"."accounts" AS t USING temp.main.sluice_rows AS r WHERE t."id" = CAST(r.c0 AS BIGINT)',
    );
  });

  it.each<[Dialect, string]>([
    [
      postgresDialect,
      'CREATE TABLE IF NOT EXISTS "t" ("id" text, "n" numeric, "at" timestamptz, "j" jsonb, PRIMARY KEY ("id"))',
    ],
    [
      mysqlDialect,
      'CREATE TABLE IF NOT EXISTS `t` (`id` VARCHAR(255) COLLATE utf8mb4_bin, `n` DOUBLE, `at` DATETIME(6), `j` JSON, PRIMARY KEY (`id`)) DEFAULT CHARSET utf8mb4',
    ],
    [
      sqliteDialect,
      'CREATE TABLE IF NOT EXISTS "t" ("id" TEXT NOT NULL, "n" REAL, "at" TIMESTAMPTZ, "j" JSON, PRIMARY KEY ("id"))',
    ],
    [
      duckdbDialect,
      'CREATE TABLE IF NOT EXISTS "t" ("id" VARCHAR, "n" DOUBLE, "at" TIMESTAMPTZ, "j" JSON, PRIMARY KEY ("id"))',
    ],
  ])('$title makes a table', (dialect, text) => {
    const columns: NewColumn[] = [
      { name: 'id', kind: 'text' },
      { name: 'n', kind: 'decimal' },
      { name: 'at', kind: 'timestamp-zone' },
      { name: 'j', kind: 'json' },
    ];
    expect(dialect.createTable({ table: 't' }, columns, ['id'])).toBe(text);
  });

  it('quotes what would end the quotes', () => {
    expect(postgresDialect.quote('a"b')).toBe('"a""b"');
    expect(mysqlDialect.quote('a`b')).toBe('`a``b`');
  });
});

describe('encoding', () => {
  const all = [postgresDialect, mysqlDialect, sqliteDialect, duckdbDialect];

  it.each(all)('$title turns an instant into the UTC clock where the column has no zone', (dialect) => {
    const encoded = dialect.encode('2024-01-01T01:30:00+02:00', column('at', 'timestamp', 'timestamp'));
    expect(String(encoded).replace('T', ' ')).toBe('2023-12-31 23:30:00.000');
  });

  it.each(all)('$title refuses what it would bend in silence', (dialect) => {
    expect(() => dialect.encode('1.5', column('n', 'integer', 'bigint'))).toThrow(/whole number/);
    expect(() => dialect.encode('abc', column('n', 'decimal', 'numeric'))).toThrow(/a number/);
    expect(() => dialect.encode('perhaps', column('b', 'boolean', 'boolean'))).toThrow(/true or false/);
    expect(dialect.encode('12.0', column('n', 'integer', 'bigint'))).toBe('12');
    expect(dialect.encode(1e20, column('n', 'integer', 'bigint'))).toBe('100000000000000000000');
    expect(dialect.encode(undefined, column('n', 'integer', 'bigint'))).toBeNull();
  });

  it('PostgreSQL arrays go out and come back', () => {
    const values = ['a"b', 'c\\d', null, 'NULL', '', 'x,y', '{z}'];
    expect(parseArray(arrayLiteral(values), (text) => text)).toEqual(values);
    expect(parseArray('{{1,2},{3,NULL}}', Number)).toEqual([
      [1, 2],
      [3, null],
    ]);
    expect(parseArray('[0:1]={7,8}', Number)).toEqual([7, 8]);
  });
});
