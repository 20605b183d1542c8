import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workflow } from '../engine-world.ts';
import { apiOf } from '../sluice-process.ts';
import { Helper } from './child-process.ts';
import { fiveFields } from './fields.ts';
import type { Load, LoadResult } from './load-client.ts';
import { type Benchmark, inMilliseconds, percentile, ratioRow, valueRow } from './measure.ts';
import type { LoopDelay } from './watched-server.ts';
import { answering } from './webhook.ts';

/** Webhook calls a second, idle and during the run. */
const RATE = 100;

function large(count: number) {
  const { document } = workflow(
    {
      start: ['manual'],
      orders: [
        'generate',
        {
          count,
          fields: {
            id: '={{ $index }}',
            name: '=customer {{ $index % 10000 }}',
            price: '={{ $index % 1000 }}',
            count: '={{ $index % 9 }}',
            day: '=2026-0{{ $index % 9 + 1 }}-15',
            country: 'DE',
          },
        },
      ],
      some: ['filter', { conditions: { all: [{ left: '={{ $json.count }}', is: 'greater-or-equal', right: 2 }] } }],
      five: ['set-fields', { fields: fiveFields }],
      totals: ['aggregate', { groupBy: ['month'], measures: [{ as: 'total', of: 'total', fn: 'sum' }] }],
      sorted: ['sort', { by: [{ field: 'price' }, { field: 'name' }] }],
    },
    ['start -> orders', 'orders -> some', 'some.kept -> five', 'five -> totals', 'five -> sorted'],
  );
  return { ...document, id: 'large', name: 'Large' };
}

/** A large run and webhooks in one process: how late the event loop is, and how long the callers wait. */
export const eventLoop: Benchmark = {
  name: 'event-loop',
  limit: 150,
  run: async ({ quick }) => {
    const count = quick ? 50_000 : 1_000_000;
    const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
    const server = new Helper('watched-server.ts', [], { PORT: '0', SLUICE_HOME: home });
    await server.next();
    const api = apiOf(home);
    await api.publish(answering('order'));
    await api.publish(large(count));
    const client = new Helper('load-client.ts');
    const body = JSON.stringify({ name: 'lamp', price: 19.5, count: 7 });
    const call = (seconds: number): Promise<LoadResult> => {
      const load: Load = { port: api.port, path: '/hooks/order', body, connections: 10, seconds, rate: RATE };
      return client.ask<LoadResult>(load);
    };
    /** The large run, and how long each call took that was made meanwhile. */
    const runBeside = async (rounds: number[][]) => {
      const busy: number[] = [];
      let over = false;
      const run = api.run('large').finally(() => {
        over = true;
      });
      while (!over) busy.push(...(await call(1)).times);
      rounds.push(busy);
      return run;
    };
    await call(quick ? 1 : 3);
    const idle = await call(quick ? 2 : 6);
    await server.ask<LoopDelay>({ look: true });
    const rounds: number[][] = [];
    let view = await runBeside(rounds);
    // Of one run a handful of calls would decide.
    for (let i = quick ? 2 : 0; i < 2; i++) view = await runBeside(rounds);
    const delay = await server.ask<LoopDelay>({ look: true });
    if (view.status !== 'succeeded') throw new Error(`The large run ${view.status}: ${JSON.stringify(view.error)}`);
    await Promise.all([client.close(), server.close()]);
    rmSync(home, { recursive: true, force: true });
    const name = count.toLocaleString('en');
    return [
      valueRow({
        work: `event loop delay p99 during a run of ${name} records`,
        samples: [delay.p99],
        format: inMilliseconds,
        limit: { atMost: 20 },
        note: `the longest was ${inMilliseconds(delay.max)}; the run took ${inMilliseconds((view.finishedAt ?? 0) - (view.startedAt ?? 0))}`,
      }),
      valueRow({
        work: 'the same without the turns of other processes: work between two turns, p99',
        samples: [delay.workP99],
        format: inMilliseconds,
        limit: { atMost: 20 },
        note: `the longest was ${inMilliseconds(delay.workMax)} of processor time`,
      }),
      ratioRow({
        work: `webhook p99 at ${RATE} calls a second, during the run to idle`,
        pairs: rounds.map((busy) => ({ baseline: idle.p99, ours: percentile(busy, 0.99) })),
        format: inMilliseconds,
        limit: { atMost: 3 },
        note: `half of the ${rounds.flat().length} calls during ${rounds.length} runs took at most ${inMilliseconds(percentile(rounds.flat(), 0.5))}; idle ${inMilliseconds(idle.p50)}`,
      }),
    ];
  },
};
