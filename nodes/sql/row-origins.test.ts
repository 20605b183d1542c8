import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataRecord, Origin } from '../../sdk/index.ts';
import { runNode } from '../../sdk/testing/index.ts';
import sqlOverSteps from './sql-over-steps.ts';
import { customers, orders } from './steps.fixtures.ts';

/** Over orders, which come in through the input, and customers, which do not. */
const from = async (sql: string, inputs: readonly DataRecord[] = orders) => {
  const run = await runNode(sqlOverSteps, { params: { sql }, inputs, nodes: { orders: inputs, customers } });
  return { records: run.ports.records ?? [], origins: run.origins.records ?? [] };
};

const originsOf = async (sql: string) => (await from(sql)).origins;

/** The same question where nothing has origins. */
const plain = async (sql: string) => {
  const nodes = { orders: orders.map((order) => ({ ...order })), customers };
  return (await runNode(sqlOverSteps, { params: { sql }, nodes })).ports.records ?? [];
};

describe('the origins of what SQL over steps gives', () => {
  it('are the records of rows that are still such', async () => {
    expect(await from('select * from orders where amount > 2.5 order by amount desc')).toEqual({
      records: [orders[1], orders[0]],
      origins: [1, 0],
    });
    const joined = 'SELECT o.day, c.country\nFROM (orders o JOIN customers c ON o.customer = c.id)';
    expect(await originsOf(joined)).toEqual([0, 1, 2]);
    const pairs = await originsOf('select a.day, b.day as other from orders a, orders b where a.amount < b.amount');
    expect(pairs).toHaveLength(3);
    expect(pairs).toEqual(
      expect.arrayContaining([
        [0, 1],
        [2, 0],
        [2, 1],
      ]),
    );
    expect(await originsOf('select unnest([1, 2]) as n from orders')).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('are the row itself where it is seen among others', async () => {
    expect(await originsOf('select row_number() over (order by day) as n from orders qualify n < 3')).toEqual([1, 2]);
    expect(await originsOf('select amount / sum(amount) over () as share from orders')).toEqual([0, 1, 2]);
    expect(await originsOf('select day from orders where amount < (select max(amount) from orders)')).toEqual([0, 2]);
    expect(await originsOf('select day from orders semi join customers on id = customer and id = 2')).toEqual([1]);
  });

  it('are left out where the changed question has another answer, or cannot be compared', async () => {
    const other = await from('select distinct customer + random() as n from orders');
    expect(other.records).toHaveLength(3);
    expect(other.origins).toEqual([undefined, undefined, undefined]);
    const commented = await from('select distinct customer from orders order by 1; -- done');
    expect(commented.records).toEqual([{ customer: 1 }, { customer: 2 }]);
  });

  it('are all records of a group', async () => {
    expect(await from('select customer, sum(amount) as amount from orders group by customer order by 1')).toEqual({
      records: [
        { customer: 1, amount: 7.5 },
        { customer: 2, amount: 7 },
      ],
      origins: [[0, 2], 1],
    });
    const grouped = 'select customer, count(*) as orders from orders group by all';
    expect(await originsOf(`${grouped} order by 1`)).toEqual([[0, 2], 1]);
    expect(await originsOf(`${grouped} order by all`)).toEqual([[0, 2], 1]);
    expect(await originsOf(`${grouped} order by orders`)).toEqual([1, [0, 2]]);
    expect(await originsOf('select max(day) as day from orders where customer = 1')).toEqual([[0, 2]]);
    expect(await originsOf('select max(day) as day from orders where customer = 7')).toEqual([[]]);
    expect(await originsOf('select json_group_array(day) as days from orders')).toEqual([[0, 1, 2]]);
    expect(await originsOf('select max(columns(*)) from orders')).toEqual([[0, 1, 2]]);
    expect(await originsOf('select 1 as one from orders having count(*) > 2')).toEqual([[0, 1, 2]]);
    const crossed = 'select count(*) as n from orders o, customers c where o.customer = 1';
    expect(await from(crossed)).toEqual({ records: [{ n: 4 }], origins: [[0, 2]] });
  });

  it('are those of one side of an outer join, where the other has none', async () => {
    const sql =
      'select c.country, o.amount from customers c left join orders o on o.customer = c.id and o.amount > 6 order by 1';
    expect(await from(sql)).toEqual({
      records: [
        { country: 'DE', amount: null },
        { country: 'FR', amount: 7 },
      ],
      origins: [[], 1],
    });
  });

  it('are all records whose rows are equal, where each is given once', async () => {
    expect(await from('select distinct customer from orders order by customer desc')).toEqual({
      records: [{ customer: 2 }, { customer: 1 }],
      origins: [1, [0, 2]],
    });
    expect(await originsOf('select distinct day[:4] as year from orders order by day[:4]')).toEqual([1, [0, 2]]);
    expect(await originsOf('select distinct o.customer from orders o order by o.customer limit 1')).toEqual([[0, 2]]);
    expect(await originsOf('select distinct count(*) as n from orders group by customer, day')).toEqual([[0, 1, 2]]);
    expect(await originsOf('select customer from orders union select id from customers order by 1')).toEqual([
      [0, 2],
      1,
    ]);
    expect(await originsOf('select customer from orders intersect select 1')).toEqual([[0, 2]]);
    expect(await originsOf('select customer from orders except select 1')).toEqual([1]);
  });

  it('are those of the question that a row is from, where several are put together', async () => {
    expect(await from('select day from orders union all select country from customers')).toEqual({
      records: [...orders.map(({ day }) => ({ day })), { day: 'DE' }, { day: 'FR' }],
      origins: [0, 1, 2, [], []],
    });
    const byName = 'select day, 1 as a from orders union all by name select 2 as b, day from orders where amount > 5';
    expect(await from(byName)).toEqual({
      records: [...orders.map(({ day }) => ({ day, a: 1, b: null })), { day: '2025-12-31', a: null, b: 2 }],
      origins: [0, 1, 2, 1],
    });
    const kinds = 'select max(day) as day from orders union all select day from orders where amount > 5';
    expect(await originsOf(kinds)).toEqual([[0, 1, 2], 1]);
  });

  it.each([
    ["select 'a' as v union (select amount from orders union select 7 where false)", 4],
    ["select 'a' as v union (select customer from orders union all select 2.5::double)", 4],
    ["select 'a' as v union select customer from orders union select 2.5::double", 4],
    ["(select 'a' as v union all select customer from orders) union all (select 2.5::double order by 1)", 5],
    ["select day from orders union all (select 'x' as day union all by name select 'y' as day)", 5],
    ["select 'b' as b, 'a' as a union all by name (select day as a, customer as b from orders)", 4],
    ["(select customer from orders union all select 2.5::double) except select '1.0'", 2],
    ['select customer as c from orders intersect (select 1 union all select 2.5::double)', 1],
  ])('do not change how types are brought together: %s', async (sql, count) => {
    const { records, origins } = await from(sql);
    const inOrder = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(inOrder(records)).toEqual(inOrder(await plain(sql)));
    expect(records).toHaveLength(count);
    expect(origins.every((one) => one !== undefined)).toBe(true);
  });

  it('come through questions within the question', async () => {
    expect(await originsOf('with late as (select * from orders where amount > 3) select day from late')).toEqual([
      0, 1,
    ]);
    expect(await originsOf('select day from (select * from orders) o')).toEqual([0, 1, 2]);
    expect(
      await originsOf('select n from (select customer, count(*) as n from orders group by 1) where n > 1'),
    ).toEqual([[0, 2]]);
    const shares = `with totals(who, total) as materialized (select customer, sum(amount) from orders group by 1)
      select o.*, amount / total as share from orders o join totals on customer = who order by day`;
    expect(await from(shares)).toEqual({
      records: [
        { ...orders[1], share: 1 },
        { ...orders[2], share: 2.5 / 7.5 },
        { ...orders[0], share: 5 / 7.5 },
      ],
      origins: [1, [0, 2], [0, 2]],
    });
    const looked = `with big as (select * from orders where amount > 3)
      select * from big where exists (select * from big b where b.amount > big.amount)`;
    expect(await from(looked)).toEqual({ records: [orders[0]], origins: [0] });
    const beside = `with shares as (select o.* from orders o join (select distinct customer from orders) using (customer))
      select day from orders where amount in (select amount from shares)`;
    expect(await originsOf(beside)).toEqual([0, 1, 2]);
    const limited = `with late as (select customer from orders) select distinct customer from late
      order by 1 limit (select count(*) - 1 from (select distinct * from late))`;
    expect(await from(limited)).toEqual({ records: [{ customer: 1 }], origins: [[0, 2]] });
    const counted = `with recursive n(i) as (select 1 union all select i + 1 from n where i < 2)
      select day, i from orders join n on i = customer order by day`;
    expect(await originsOf(counted)).toEqual([1, 2, 0]);
  });

  it.each([
    ['all columns are asked for by pattern', "select columns('c.*') from orders"],
    ['rows are taken whole', 'select orders as o from orders'],
    ['rows are taken whole within', 'select to_json(o)::varchar as o from (select * from orders) o'],
    ['columns of one name are joined by', 'select day from orders natural join (select customer from orders)'],
    ['the first of some is taken', 'select distinct on (customer) customer from orders order by customer'],
    ['letters count as equal', 'select distinct day collate nocase as day from orders order by day'],
    ['rows are given as often as both sides have them', 'select customer from orders intersect all select 1'],
    [
      'a question asks itself',
      'with recursive r(n) as (select amount from orders union select n - 5 from r where n > 5) select n from r order by n',
    ],
    ['numbers are larger than those of JavaScript', 'select day from orders where amount < 9223372036854775807'],
    ['there is no step', 'select id from customers'],
  ])('are not known where %s, and the rows are the same', async (_why, sql) => {
    const { records, origins } = await from(sql);
    expect(records).toEqual(await plain(sql));
    expect(origins.every((one) => one === undefined)).toBe(true);
  });

  it.each([
    'from orders select day',
    'select day, from orders',
    "select ' from ' as day /* from */ from /* the */ orders",
    "select 'ä😀 from orders' as \"größe\", day is distinct from '2026-01-03' as other from orders",
    'select day from orders where amount < 1e3',
    'select amount > 3 is not true as small, true as yes from orders',
    'select * exclude (amount, day) replace (customer + 1 as customer) from orders',
    "select day, name from orders join (values (1, 'one'), (2, 'two')) v(id, name) on id = customer",
  ])('are found however it is written: %s', async (sql) => {
    expect(await from(sql)).toEqual({ records: await plain(sql), origins: [0, 1, 2] });
  });

  it('are left out where they would be far more than the rows', { timeout: 60_000 }, async () => {
    const inputs = Array.from({ length: 20_000 }, (_, n) => ({ n }));
    const sql = 'with all_of as (select sum(n) as total from orders) select n, total from orders, all_of order by n';
    const { records, origins } = await from(sql, inputs);
    expect(records.at(-1)).toEqual({ n: 19_999, total: 199_990_000 });
    expect(origins.every((one) => one === undefined)).toBe(true);
  });

  it('are left out where they need more memory than there is', { timeout: 60_000 }, async () => {
    const inputs = Array.from({ length: 12_000 }, (_, n) => ({ n }));
    const { records, origins } = await from('select count(*) as pairs from orders a, orders b', inputs);
    expect(records).toEqual([{ pairs: 144_000_000 }]);
    expect(origins).toEqual([undefined]);
  });

  it('are those of more than a million records', { timeout: 60_000 }, async () => {
    const inputs = Array.from({ length: 1_200_000 }, (_, n) => ({ n }));
    const { records, origins } = await from(
      'select n % 2 as odd, count(*) as n from orders group by 1 order by 1',
      inputs,
    );
    expect(records).toEqual([
      { odd: 0, n: 600_000 },
      { odd: 1, n: 600_000 },
    ]);
    for (const [odd, origin] of origins.entries()) {
      const list = origin as readonly number[];
      expect(list.length).toBe(600_000);
      expect(list.every((one, i) => one === 2 * i + odd)).toBe(true);
    }
  });
});

/** A row of two columns, and the records that it is made of. */
interface Row {
  readonly x: number | null;
  readonly y: number | null;
  readonly from: ReadonlySet<number>;
}

/** A question with the columns x and y, and what it gives over given tables. */
interface Question {
  readonly sql: string;
  rows(tables: Tables): Row[];
}

type Tables = Readonly<Record<'a' | 'b', readonly Row[]>>;

const keyOf = ({ x, y }: Pick<Row, 'x' | 'y'>) => `${x} ${y}`;

const together = (rows: readonly Row[]) => new Set(rows.flatMap((row) => [...row.from]));

/** Equal rows as one. */
function once(rows: readonly Row[]): Row[] {
  const groups = Map.groupBy(rows, keyOf);
  return [...groups.values()].map((group) => ({ ...(group[0] as Row), from: together(group) }));
}

function grouped(rows: readonly Row[]): Row[] {
  const groups = Map.groupBy(rows, ({ x }) => x);
  return [...groups].map(([x, group]) => {
    const known = group.flatMap(({ y }) => y ?? []);
    return { x, y: known.length === 0 ? null : known.reduce((sum, y) => sum + y, 0), from: together(group) };
  });
}

function joined(left: readonly Row[], right: readonly Row[], isOuter: boolean): Row[] {
  return left.flatMap((one): Row[] => {
    const pairs = right.filter(({ x }) => x !== null && x === one.x);
    if (pairs.length === 0) return isOuter ? [{ ...one, y: null }] : [];
    return pairs.map((other) => ({ x: one.x, y: other.y, from: new Set([...one.from, ...other.from]) }));
  });
}

function questionOver(below: fc.Arbitrary<Question>): fc.Arbitrary<Question> {
  const over = (make: (question: Question) => Question) => below.map(make);
  const ofTwo = (make: (left: Question, right: Question) => Question) =>
    fc.tuple(below, below).map(([left, right]) => make(left, right));
  return fc.oneof(
    over(({ sql, rows }) => ({
      sql: `select * from (${sql}) where x > 1`,
      rows: (tables) => rows(tables).filter(({ x }) => x !== null && x > 1),
    })),
    over(({ sql, rows }) => ({
      sql: `select q.y as x, q.x + 1 as y from (${sql}) q order by x limit 1000`,
      rows: (tables) => rows(tables).map(({ x, y, from }) => ({ x: y, y: x === null ? null : x + 1, from })),
    })),
    over(({ sql, rows }) => ({
      sql: `select distinct * from (${sql}) order by y, 1`,
      rows: (tables) => once(rows(tables)),
    })),
    over(({ sql, rows }) => ({
      sql: `select x, sum(y)::bigint as y from (${sql}) group by all`,
      rows: (tables) => grouped(rows(tables)),
    })),
    over(({ sql, rows }) => ({
      sql: `select x, count(*) over (partition by x) as y from (${sql})`,
      rows: (tables) => {
        const all = rows(tables);
        return all.map((row) => ({ ...row, y: all.filter(({ x }) => x === row.x).length }));
      },
    })),
    over(({ sql, rows }) => ({
      sql: `with q as (${sql}) select * from q union all select q.* from q where exists (select * from q other where other.x > q.x)`,
      rows: (tables) => {
        const all = rows(tables);
        return [...all, ...all.filter((row) => all.some(({ x }) => x !== null && row.x !== null && x > row.x))];
      },
    })),
    ofTwo((left, right) => ({
      sql: `select l.x, r.y from (${left.sql}) l join (${right.sql}) r using (x)`,
      rows: (tables) => joined(left.rows(tables), right.rows(tables), false),
    })),
    ofTwo((left, right) => ({
      sql: `with q(x, other) as (${right.sql}) select l.x, q.other as y from (${left.sql}) l left join q on q.x = l.x`,
      rows: (tables) => joined(left.rows(tables), right.rows(tables), true),
    })),
    ofTwo((left, right) => ({
      sql: `(${left.sql}) union all by name (select y, x from (${right.sql}))`,
      rows: (tables) => [...left.rows(tables), ...right.rows(tables)],
    })),
    ofTwo((left, right) => ({
      sql: `(${left.sql}) union (${right.sql})`,
      rows: (tables) => once([...left.rows(tables), ...right.rows(tables)]),
    })),
    ofTwo((left, right) => ({
      sql: `(${left.sql}) intersect (${right.sql})`,
      rows: (tables) => {
        const [ours, theirs] = [left.rows(tables), right.rows(tables)];
        const keys = [ours, theirs].map((rows) => new Set(rows.map(keyOf)));
        return once([...ours, ...theirs]).filter((row) => keys.every((known) => known.has(keyOf(row))));
      },
    })),
    ofTwo((left, right) => ({
      sql: `(${left.sql}) except (${right.sql})`,
      rows: (tables) => {
        const theirs = new Set(right.rows(tables).map(keyOf));
        return once(left.rows(tables)).filter((row) => !theirs.has(keyOf(row)));
      },
    })),
  );
}

const table = (name: 'a' | 'b'): Question => ({ sql: `select x, y from ${name}`, rows: (tables) => [...tables[name]] });

describe('random questions', () => {
  it('have the rows and the origins that a plain evaluation gives', { timeout: 240_000 }, async () => {
    const cell = fc.option(fc.integer({ min: 0, max: 3 }), { freq: 4 });
    const some = fc.array(fc.record({ x: cell, y: cell }), { maxLength: 4 });
    // Columns without any number would be of no type.
    const records = some.map((rows) => [{ x: 1, y: 2 }, ...rows]);
    const tables = fc.constantFrom(table('a'), table('b'));
    const deep = questionOver(fc.oneof(tables, questionOver(fc.oneof(tables, questionOver(tables)))));
    await fc.assert(
      fc.asyncProperty(
        deep,
        records,
        records,
        fc.constantFrom('a', 'b', 'both'),
        async ({ sql, rows }, a, b, known) => {
          const nodes = { a, b: known === 'both' ? a : b };
          const tables = Object.fromEntries(
            Object.entries(nodes).map(([name, records]) => {
              const isKnown = known === 'both' || known === name;
              return [name, records.map((record, i) => ({ ...record, from: new Set(isKnown ? [i] : []) }))];
            }),
          ) as unknown as Tables;
          const expected = rows(tables).map(({ x, y, from }) => told({ x, y }, [...from]));
          fc.pre(expected.length < 300);
          const run = await runNode(sqlOverSteps, { params: { sql }, inputs: known === 'b' ? b : a, nodes });
          const origins = run.origins.records ?? [];
          const given = (run.ports.records ?? []).map((record, i) => told(record, origins[i] ?? []));
          expect(given.sort()).toEqual(expected.sort());
          const reads = known === 'both' ? /from [ab]\b/ : known === 'a' ? /from a\b/ : /from b\b/;
          if (!reads.test(sql.replace(/except \(.*$/, ''))) return;
          expect(origins.every((one) => one !== undefined)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

function told({ x, y }: DataRecord, from: Origin): string {
  return `${x} ${y} from ${[from].flat().sort().join(' ')}`;
}
