import { pipeline as connected } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { workflow } from '../engine-world.ts';
import { withPostgres } from '../services.ts';
import { type BenchEngine, benchEngine } from './bench-engine.ts';
import { alternate, type Benchmark, inMilliseconds, type Row, ratioRow, timed } from './measure.ts';

const request = workflow(
  {
    start: ['manual'],
    read: ['sql.query', { sql: 'select id, email, amount, at from source' }, { credential: 'database' }],
    fields: [
      'set-fields',
      {
        fields: {
          email: '={{ $json.email.toLowerCase() }}',
          size: "={{ $json.amount > 500 ? 'large' : 'small' }}",
          doubled: '={{ $json.amount * 2 }}',
        },
      },
    ],
    write: ['sql.upsert', { table: 'target', key: ['id'] }, { credential: 'database' }],
  },
  ['start -> read', 'read -> fields', 'fields -> write'],
);

const columns = 'id, email, amount, at, size, doubled';

/** Reads a table, computes three fields and writes it back over a table that holds half of the rows. */
export const postgres: Benchmark = {
  name: 'postgres',
  limit: 180,
  run: async ({ quick }) => {
    const service = await withPostgres();
    if ('missing' in service) throw new Error(service.missing);
    const count = quick ? 20_000 : 1_000_000;
    const client = new pg.Client({ ...service.account });
    const reader = new pg.Client({ ...service.account });
    await Promise.all([client.connect(), reader.connect()]);
    await makeTables(client, count);
    const bench = benchEngine({ credentials: { database: { type: 'postgres', values: { ...service.account } } } });
    try {
      return await measure(bench, { client, reader }, count, quick);
    } finally {
      await bench.close();
      await Promise.all([client.end(), reader.end()]);
      await service.close();
    }
  },
};

interface Clients {
  readonly client: pg.Client;
  readonly reader: pg.Client;
}

async function measure(bench: BenchEngine, { client, reader }: Clients, count: number, quick: boolean): Promise<Row[]> {
  const filled = async (act: () => Promise<unknown>) => {
    await fillTarget(client, count);
    const ms = await timed(act);
    const { rows } = await client.query('select count(*)::int as n, sum(doubled)::float as total from target');
    const written = rows[0] as { n: number; total: number };
    if (written.n !== count) throw new Error(`${written.n} rows are there instead of ${count}`);
    return { ms, total: written.total };
  };
  const copy = () => filled(() => copied({ client, reader }));
  const inRun = async () => {
    const result = await filled(() => bench.run(request, [{}]));
    await bench.sweep();
    return result;
  };
  const pairs = await alternate(quick ? 2 : 1, { baseline: copy, ours: inRun });
  if (pairs.some(({ baseline, ours }) => baseline.total !== ours.total)) throw new Error('The two sides differ');
  return [
    ratioRow({
      work: `PostgreSQL: ${count.toLocaleString('en')} rows, 3 fields, upsert`,
      pairs: pairs.map(({ baseline, ours }) => ({ baseline: baseline.ms, ours: ours.ms })),
      format: inMilliseconds,
      limit: { atMost: 3 },
    }),
  ];
}

async function makeTables(client: pg.Client, count: number): Promise<void> {
  await client.query(
    'create table source (id bigint primary key, email text not null, amount int not null, at timestamptz not null)',
  );
  await client.query(
    `insert into source select i, 'User' || i || '@Example.com', i % 1000, '2026-01-01'::timestamptz + i * interval '1 second' from generate_series(1, ${count}) i`,
  );
  await client.query(
    'create table target (id bigint primary key, email text, amount int, at timestamptz, size text, doubled int)',
  );
}

async function fillTarget(client: pg.Client, count: number): Promise<void> {
  await client.query('truncate target');
  await client.query(`insert into target select id, email, amount, at, '', 0 from source where id <= ${count / 2}`);
  await client.query('vacuum analyze target');
  await client.query('checkpoint');
}

/** Out and in again, with the fields computed by the database on the way into the target. */
async function copied({ client, reader }: Clients): Promise<void> {
  await client.query('create temporary table staging (id bigint, email text, amount int, at timestamptz)');
  await connected(reader.query(copyTo('copy source to stdout')), client.query(copyFrom('copy staging from stdin')));
  await client.query(
    `insert into target (${columns})
     select id, lower(email), amount, at, case when amount > 500 then 'large' else 'small' end, amount * 2 from staging
     on conflict (id) do update set email = excluded.email, amount = excluded.amount, at = excluded.at, size = excluded.size, doubled = excluded.doubled`,
  );
  await client.query('drop table staging');
}
