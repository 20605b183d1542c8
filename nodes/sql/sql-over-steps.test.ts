import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataRecord } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import { withScratchFolder } from './scratch-folder.ts';
import sqlOverSteps from './sql-over-steps.ts';
import { customers, orders } from './steps.fixtures.ts';

testNode(sqlOverSteps, { setUp: () => ({ nodes: { orders, customers } }) });

const ask = async (sql: string, nodes: Record<string, readonly DataRecord[]>, more: DataRecord = {}) =>
  (await runNode(sqlOverSteps, { params: { sql, ...more }, nodes })).ports.records ?? [];

describe('SQL over steps', () => {
  it('joins and groups what earlier steps gave', async () => {
    const sql =
      'select c.country, sum(o.amount) as turnover, min(day::date) as first from orders o join customers c on o.customer = c.id group by 1 order by 2 desc';
    expect(await ask(sql, { orders, customers })).toEqual([
      { country: 'DE', turnover: 7.5, first: '2026-01-02' },
      { country: 'FR', turnover: 7, first: '2025-12-31' },
    ]);
  });

  it('takes values beside the SQL', async () => {
    const sql = 'select amount from orders where day >= :since order by amount';
    expect(await ask(sql, { orders }, { values: { since: '2026-01-01' } })).toEqual([{ amount: 2.5 }, { amount: 5 }]);
  });

  it('names steps by id or name', async () => {
    const nodes = { 'Read the orders': orders, 'all-customers': customers };
    expect(await ask('select count(*) as n from "read the orders", all_customers', nodes)).toEqual([{ n: 6 }]);
  });

  it('keeps the order of the records', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({ n: (n * 7919) % 10_000 }));
    expect(await ask('select n from many where n % 2 = 0', { many })).toEqual(many.filter(({ n }) => n % 2 === 0));
  });

  it('keeps every value', async () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        false,
        0,
        1,
        -1,
        9007199254740991,
        1e21,
        0.1,
        0.30000000000000004,
        5e-324,
        1.7976931348623157e308,
        '',
        '1',
        'null',
        '9007199254740993',
        '-170141183460469231731687303715884105728',
        '0.1000000000000000055511151231257827',
        '2026-01-31',
        '2026-01-31T10:00:00.123456Z',
        '😀 e\u0301 \u0000 "quoted" \\',
        [],
        [null, 1, ['x']],
        {},
        { a: { b: [1, null, 0.1] }, 'c d': '9007199254740993' },
      ),
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
      fc.integer(),
    );
    const records = fc.array(fc.record({ a: value, b: value, 'c "d"': value }, { requiredKeys: [] }), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(records, async (given) => {
        const names = [...new Set(given.flatMap((record) => Object.keys(record)))];
        const expected = given.map((record: DataRecord) =>
          Object.fromEntries(names.map((name) => [name, record[name] ?? null])),
        );
        expect(await ask('select * from step', { step: given as DataRecord[] })).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('gives whole numbers beyond those of JavaScript, decimals and moments exactly', async () => {
    const sql = `select sum(a) as sum, sum("long"::bigint) as "long", sum(price::decimal(38, 4)) as price,
      max(moment::timestamptz) as moment, max(day::date) + 1 as day, 1::double / 0 as "limit" from step`;
    const step = [
      {
        a: Number.MAX_SAFE_INTEGER,
        long: '9223372036854775806',
        price: '12345678901234567890.1234',
        moment: '2026-01-31T10:00:00.123456+01:00',
        day: '2026-02-28',
      },
      { a: 2, long: '1', price: '0.0001', moment: null, day: null },
    ];
    expect(await ask(sql, { step })).toEqual([
      {
        sum: '9007199254740993',
        long: '9223372036854775807',
        price: '12345678901234567890.1235',
        moment: '2026-01-31T09:00:00.123456Z',
        day: '2026-03-01',
        limit: 'Infinity',
      },
    ]);
  });

  it('reads lists, objects and mixed fields as JSON', async () => {
    const step = [
      { who: { name: 'Ann', tags: ['a', 'b'] }, mixed: 1 },
      { who: { name: 'Bo', tags: [] }, mixed: '1' },
    ];
    const sql = `select who->>'name' as name, json_array_length(who->'tags') as tags, json_type(mixed) as type from step`;
    expect(await ask(sql, { step })).toEqual([
      { name: 'Ann', tags: 2, type: 'UBIGINT' },
      { name: 'Bo', tags: 0, type: 'VARCHAR' },
    ]);
  });

  it('keeps a field called __proto__', async () => {
    const step = [JSON.parse('{ "__proto__": 1 }')];
    expect(JSON.stringify(await ask('select * from step', { step }))).toBe('[{"__proto__":1}]');
  });

  it('tells fields apart that differ in capitals only', async () => {
    expect(await ask('select * from step', { step: [{ id: 1, Id: 2, ID: 3 }] })).toEqual([{ id: 1, Id_2: 2, ID_3: 3 }]);
  });

  it('takes fields that are null throughout for anything', async () => {
    const sql = `select upper(x) as a, sum(x) as b, max(x::date) as c from step group by x`;
    expect(await ask(sql, { step: [{ x: null, y: 1 }] })).toEqual([{ a: null, b: null, c: null }]);
  });

  it('takes a step that gave nothing for an empty table with the columns that are asked for', async () => {
    const nodes = { orders, none: [], nothing: [] };
    const sql = `select o.amount, n.Name, upper(n.kind) as kind from orders o left join none n on n.customer = o.customer
      left join nothing t on t.customer = o.customer where o.amount > 6`;
    expect(await ask(sql, nodes)).toEqual([{ amount: 7, Name: null, kind: null }]);
    expect(
      await ask('select * from orders o left join none n on o.day = n.day order by amount limit 1', nodes),
    ).toEqual([{ ...orders[2], 'day:1': null }]);
    expect(await ask('select sum(total) as total, count(*) as n from none where day > 5', nodes)).toEqual([
      { total: null, n: 0 },
    ]);
    expect(await ask('select * from none', nodes)).toEqual([]);
    expect(
      await ask('select * from none a full join (select 1 as x) t on true left join nothing b on true', nodes),
    ).toEqual([{ x: 1 }]);
    expect(await ask('select count(*) as n from step', { step: [{}, {}] })).toEqual([{ n: 2 }]);
  });

  // Ten thousand columns take DuckDB some seconds, and much longer where others work beside it.
  it('takes texts of a megabyte and 10,000 columns', { timeout: 240_000 }, async () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]));
    const step = [
      { ...wide, text: 'ä'.repeat(1_000_000) },
      { ...wide, text: 'b' },
    ];
    expect(await ask('select * from step', { step })).toEqual(step);
  });
});

describe('what goes wrong', () => {
  it.each([
    [
      'an unknown step',
      'select * from custmers',
      { code: 'sql-step-missing', message: expect.stringContaining('custmers') },
    ],
    ['an unknown column', 'select amout from orders', { code: 'sql-column-missing' }],
    ['a wrong word', 'selec * from orders', { code: 'sql-syntax' }],
    ['a text that is no date', "select 'x'::date from orders", { code: 'sql-value' }],
    ['a change', 'create table x as select * from orders', { code: 'sql-read-only' }],
    [
      'a change of a step',
      '-- away\ndrop table orders',
      { code: 'sql-read-only', message: expect.stringContaining('DROP') },
    ],
    ['a file', "select * from read_csv('/etc/hosts')", { code: 'sql-outside', class: 'config' }],
    ['two questions', 'select 1; select 2', { code: 'sql-several' }],
  ])('%s is told in its own words', async (_, sql, fault) => {
    await expect(ask(sql, { orders })).rejects.toMatchObject(fault);
  });

  it.each([
    `copy (select * from orders) to '/tmp/sluice-test.csv'`,
    `select * from read_csv('/etc/hosts')`,
    `select * from read_text('/etc/hosts')`,
    `select * from '/etc/hosts'`,
    `select * from glob('/*')`,
    `attach '/tmp/sluice-test.db'`,
    `install httpfs`,
    `load httpfs`,
    `set enable_external_access = true`,
    `set memory_limit = '100GB'`,
    `reset enable_external_access`,
    `select * from read_parquet('https://127.0.0.1/x.parquet')`,
    `export database '/tmp/sluice-test'`,
  ])('reaches nothing outside: %s', async (sql) => {
    await expect(ask(sql, { orders })).rejects.toMatchObject({
      class: expect.stringMatching(/auth|config|not-found|transient/),
    });
  });

  it('refuses half a character, which would come back as another', async () => {
    await expect(ask('select * from step', { step: [{ x: 'a\ud800' }] })).rejects.toMatchObject({
      code: 'text-not-unicode',
      field: 'x',
    });
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const run = runNode(sqlOverSteps, {
      params: { sql: 'select count(*) from range(100000000000) a, orders' },
      nodes: { orders },
      signal: abort.signal,
    });
    setImmediate(() => abort.abort(new Error('told to stop')));
    await expect(run).rejects.toThrow('told to stop');
  });
});

describe('the folder of its own', () => {
  it('is gone afterwards, and so are those of processes that are no more', async () => {
    const left = await mkdtemp(join(tmpdir(), 'sluice-sql-999999999-'));
    const others = join(tmpdir(), `sluice-sql-${process.ppid}-test`);
    await mkdir(others, { recursive: true });
    let mine = '';
    await expect(
      withScratchFolder(async (folder) => {
        mine = folder;
        const names = (await readdir(tmpdir())).map((name) => join(tmpdir(), name));
        expect(names).toContain(folder);
        expect(names).toContain(others);
        expect(names).not.toContain(left);
        throw new Error('It does not work.');
      }),
    ).rejects.toThrow('It does not work.');
    expect((await readdir(tmpdir())).map((name) => join(tmpdir(), name))).not.toContain(mine);
    await rm(others, { recursive: true });
  });
});
