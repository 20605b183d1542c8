import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workflow } from '../../spec/workflow/document.ts';
import { workflow } from '../engine-world.ts';
import { startSluice } from '../sluice-process.ts';
import { Helper } from './child-process.ts';
import type { Load, LoadResult } from './load-client.ts';
import {
  alternate,
  type Benchmark,
  inMicroseconds,
  inMilliseconds,
  type Pair,
  perSecond,
  type Row,
  ratioRow,
} from './measure.ts';
import { processorTime } from './process-cost.ts';

const order = { name: 'lamp', price: 19.5, count: 7 };

/** A webhook that sets three fields and answers with four. */
export function answering(id: string, saveRuns?: 'failed'): Workflow {
  const { document } = workflow(
    {
      hook: ['webhook', { path: id, respond: 'by-node' }],
      fields: [
        'set-fields',
        {
          fields: {
            name: '={{ $json.body.name }}',
            total: '={{ $json.body.price * $json.body.count }}',
            label: '={{ $json.body.name.toUpperCase() }} x {{ $json.body.count }}',
            large: '={{ $json.body.price * $json.body.count > 100 }}',
          },
          keep: 'none',
        },
      ],
      answer: ['respond'],
    },
    ['hook -> fields', 'fields -> answer'],
  );
  return { ...document, id, name: id, settings: saveRuns ? { saveRuns } : {} };
}

export const webhookSaved = benchmark('webhook-saved', 'saved');
export const webhookUnsaved = benchmark('webhook-unsaved', 'not saved');

function benchmark(name: string, saved: 'saved' | 'not saved'): Benchmark {
  return {
    name,
    limit: 150,
    run: async ({ quick }) => {
      const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
      const baseline = new Helper('express-baseline.ts', saved === 'saved' ? [join(home, 'calls.db')] : [], {
        NODE_ENV: 'production',
      });
      const { port } = await baseline.next<{ port: number }>();
      const sluice = await startSluice();
      await sluice.publish(answering('order', saved === 'saved' ? undefined : 'failed'));
      const client = new Helper('load-client.ts');
      const load = async ({ pid, ...to }: Target, connections: number, seconds: number): Promise<Measured> => {
        const before = processorTime(pid) ?? Number.NaN;
        const question: Load = { ...to, body: JSON.stringify(order), connections, seconds };
        const result = await client.ask<LoadResult>(question);
        if (result.failed > 0) throw new Error(`${result.failed} of ${result.calls} calls were refused`);
        return { ...result, cost: (((processorTime(pid) ?? Number.NaN) - before) * 1000) / result.calls };
      };
      const theirs = { port, path: '/hook', pid: baseline.pid };
      const ours = { port: sluice.port, path: '/hooks/order', pid: sluice.pid };
      const seconds = quick ? 0.5 : 1.5;
      const rows: Row[] = [];
      for (const to of [theirs, ours]) await load(to, 20, quick ? 1 : 3);
      for (const connections of quick ? [1, 50] : [1, 10, 50, 200]) {
        const pairs = await alternate(quick ? 2 : 3, {
          baseline: () => load(theirs, connections, seconds),
          ours: () => load(ours, connections, seconds),
        });
        rows.push(...rowsOf(`webhook, ${saved}, ${connections} connections`, pairs, saved));
      }
      await Promise.all([client.close(), baseline.close(), sluice.close()]);
      rmSync(home, { recursive: true, force: true });
      return rows;
    },
  };
}

interface Target extends Pick<Load, 'port' | 'path'> {
  readonly pid: number;
}

interface Measured extends LoadResult {
  /** Microseconds of processor time a call, over all threads of the server. */
  readonly cost: number;
}

function rowsOf(work: string, pairs: readonly Pair<Measured>[], saved: 'saved' | 'not saved'): Row[] {
  const by = (read: (result: Measured) => number) =>
    pairs.map(({ baseline, ours }) => ({ baseline: read(baseline), ours: read(ours) }));
  return [
    ratioRow({ work, pairs: by((one) => one.perSecond), format: perSecond, limit: { atLeast: 0.5 } }),
    ratioRow({
      work: `${work}, p99`,
      pairs: by((one) => one.p99),
      format: inMilliseconds,
      limit: saved === 'saved' ? { atMost: 3 } : undefined,
    }),
    // Hardly touched by what else runs on the machine.
    ratioRow({
      work: `${work}, processor time a call`,
      pairs: by((one) => one.cost),
      format: inMicroseconds,
      limit: undefined,
    }),
  ];
}
