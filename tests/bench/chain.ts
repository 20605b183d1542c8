import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '../../server/storage/sqlite/database.ts';
import { workflow } from '../engine-world.ts';
import { benchEngine } from './bench-engine.ts';
import { alternate, type Benchmark, inMicroseconds, type Row, timed, valueRow } from './measure.ts';

/** Runs that are under way together, as on a busy server; they share commits on both sides. */
const TOGETHER = 50;

function chainOf(length: number) {
  const names = Array.from({ length }, (_, i) => `step-${i + 1}`);
  const nodes = Object.fromEntries(
    names.map((name) => [name, ['set-fields', { fields: { n: '={{ $json.n + 1 }}' } }] as [string, object]]),
  );
  const edges = names.map((name, i) => `${i === 0 ? 'start' : names[i - 1]} -> ${name}`);
  return workflow({ start: ['manual'], ...(nodes as Record<string, [string, Record<string, unknown>]>) }, edges);
}

export const chain: Benchmark = {
  name: 'chain',
  limit: 60,
  run: async ({ quick }) => {
    const { run, home, close } = benchEngine();
    const db = openDatabase(join(home, 'baseline.db'));
    db.exec('create table runs (id text primary key, input text not null, output text not null)');
    const insert = db.prepare('insert into runs values (?, ?, ?)');
    const plain = (record: { n: number }) => ({ ...record, n: record.n + 1 });
    const rows: Row[] = [];
    for (const length of [1, 10, 100]) {
      const request = chainOf(length);
      const steps = Array.from({ length }, () => plain);
      const repeats = Math.max(1, Math.round((quick ? 40 : 200) / (length + 3)));
      const perRun = async (act: () => Promise<void>) =>
        ((await timed(async () => {
          for (let i = 0; i < repeats; i++) await act();
        })) *
          1000) /
        (repeats * TOGETHER);
      const sides = {
        baseline: () =>
          perRun(async () => {
            db.exec('begin immediate');
            for (let i = 0; i < TOGETHER; i++) {
              const input = { n: i };
              let record = input;
              for (const step of steps) record = step(record);
              insert.run(randomUUID(), JSON.stringify(input), JSON.stringify(record));
            }
            db.exec('commit');
          }),
        ours: () =>
          perRun(async () => {
            await Promise.all(Array.from({ length: TOGETHER }, (_, n) => run(request, [{ n }])));
          }),
      };
      // Until the compiler has seen enough of both: a server that has just started is measured elsewhere.
      await alternate(quick ? 2 : 10, sides);
      const pairs = await alternate(quick ? 3 : 7, sides);
      rows.push(
        valueRow({
          work: `chain of ${length} steps, a step`,
          samples: pairs.map(({ baseline, ours }) => (ours - baseline) / length),
          baselines: pairs.map(({ baseline }) => baseline / length),
          format: inMicroseconds,
          limit: { atMost: 20 },
          ...(length === 1 ? { note: 'all that a run costs falls on its only step' } : {}),
        }),
      );
    }
    db.close();
    await close();
    return rows;
  },
};
