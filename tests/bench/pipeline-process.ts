import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline as connected } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { stringify } from 'csv-stringify';
import { workflow } from '../engine-world.ts';
import { benchEngine } from './bench-engine.ts';
import { fiveFields } from './fields.ts';

/**
 * One side of the pipeline benchmark in a process of its own, so that its peak of memory is its own too. Arguments: side, number of
 * records, folder of the files.
 */

export interface PipelineResult {
  readonly ms: number;
  /** Milliseconds of processor time, over all threads. */
  readonly cost: number;
  /** Highest resident memory of the process, in megabytes. */
  readonly peak: number;
  /** File of the CSV, which must be the same on both sides. */
  readonly csv: string;
  readonly steps: Readonly<Record<string, number>>;
}

const customers = 10_000;
const fields = {
  id: '={{ $index }}',
  customer: `={{ $index * 7919 % ${customers} }}`,
  name: `=customer {{ $index * 7919 % ${customers} }}`,
  price: '={{ $index % 1000 }}',
  count: '={{ $index % 9 }}',
  day: '=2026-0{{ $index % 9 + 1 }}-15',
  country: "={{ $index % 4 == 0 ? null : 'DE' }}",
};

const columns = ['segment', 'month', 'orders', 'turnover', 'label', 'size', 'known'];

function request(count: number) {
  return workflow(
    {
      start: ['manual'],
      orders: ['generate', { count, fields }],
      customers: [
        'generate',
        { count: customers, fields: { customer: '={{ $index }}', segment: '=segment {{ $index % 50 }}' } },
      ],
      some: ['filter', { conditions: { all: [{ left: '={{ $json.count }}', is: 'greater-or-equal', right: 2 }] } }],
      five: ['set-fields', { fields: fiveFields }],
      together: ['join', { on: [{ left: 'customer', right: 'customer' }] }],
      turnover: [
        'aggregate',
        {
          groupBy: ['segment', 'month'],
          measures: [
            { as: 'orders', fn: 'count' },
            { as: 'turnover', of: 'total', fn: 'sum' },
            { as: 'label', of: 'label', fn: 'max' },
            { as: 'size', of: 'size', fn: 'min' },
            { as: 'known', of: 'known', fn: 'max' },
          ],
        },
      ],
      sorted: ['sort', { by: [{ field: 'segment' }, { field: 'month' }] }],
    },
    [
      'start -> orders',
      'start -> customers',
      'orders -> some',
      'some.kept -> five',
      'five -> together.left',
      'customers -> together.right',
      'together -> turnover',
      'turnover -> sorted',
    ],
  );
}

/** The same; `label` and the others are asked for, so that no field can be left out. */
const sql = (folder: string) => `
  with kept as (
    select *, price * count as total, upper(name) || ' no. ' || id as label, substr(day, 1, 7) as month,
      case when count > 5 then 'large' else 'small' end as size, coalesce(country, 'unknown') as known
    from read_json('${join(folder, 'orders.ndjson')}', format = 'newline_delimited',
      columns = {id: 'BIGINT', customer: 'BIGINT', name: 'VARCHAR', price: 'BIGINT', count: 'BIGINT', day: 'VARCHAR', country: 'VARCHAR'})
    where count >= 2)
  select segment, month, count(*)::integer as orders, sum(total)::double as turnover, max(label) as label, min(size) as size, max(known) as known
  from kept join read_json('${join(folder, 'customers.ndjson')}', format = 'newline_delimited') using (customer)
  group by segment, month order by segment, month`;

/** Writes what DuckDB reads. */
export async function writeInput(folder: string, count: number): Promise<void> {
  function* lines() {
    let text = '';
    for (let i = 0; i < count; i++) {
      const customer = (i * 7919) % customers;
      text += `{"id":${i},"customer":${customer},"name":"customer ${customer}","price":${i % 1000},"count":${i % 9},"day":"2026-0${(i % 9) + 1}-15","country":${i % 4 === 0 ? 'null' : '"DE"'}}\n`;
      if (text.length > 1_000_000) {
        yield text;
        text = '';
      }
    }
    yield text;
  }
  await connected(lines(), createWriteStream(join(folder, 'orders.ndjson')));
  const right = Array.from({ length: customers }, (_, i) => `{"customer":${i},"segment":"segment ${i % 50}"}\n`);
  await connected(right, createWriteStream(join(folder, 'customers.ndjson')));
}

interface Finished {
  readonly steps: Readonly<Record<string, number>>;
  readonly close: () => Promise<void>;
}

type Rows = readonly Record<string, unknown>[];

async function writeCsv(file: string, rows: Rows): Promise<void> {
  await connected(rows, stringify({ header: true, columns }), createWriteStream(file));
}

async function ours(count: number, file: string): Promise<Finished> {
  const { engine, run, close } = benchEngine();
  const view = await run(request(count));
  const page = await engine.records(view.id, 'sorted', { offset: 0, limit: 10_000 });
  await writeCsv(file, page?.records ?? []);
  const steps = view.steps.slice(1).map((step) => [step.node, (step.finishedAt ?? 0) - (step.startedAt ?? 0)]);
  return { steps: Object.fromEntries(steps), close };
}

async function duckdb(folder: string, file: string): Promise<Finished> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(sql(folder));
  await writeCsv(file, reader.getRowObjectsJS() as Rows);
  return { steps: {}, close: async () => {} };
}

if (import.meta.main) {
  const [side = '', count = '', folder = ''] = process.argv.slice(2);
  const file = join(folder, `${side}.csv`);
  const start = performance.now();
  const { steps, close } = side === 'ours' ? await ours(Number(count), file) : await duckdb(folder, file);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage();
  const cost = (user + system) / 1000;
  const result: PipelineResult = { ms, cost, peak: process.resourceUsage().maxRSS / 1024, csv: file, steps };
  await close();
  if (process.send) process.send(result, undefined, undefined, () => process.exit(0));
  else process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}
