import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Helper } from './child-process.ts';
import { alternate, type Benchmark, figureOf, inMegabytes, inMilliseconds, ratioRow, valueRow } from './measure.ts';
import { type PipelineResult, writeInput } from './pipeline-process.ts';

export const pipeline: Benchmark = {
  name: 'pipeline',
  limit: 240,
  run: async ({ quick }) => {
    const count = quick ? 50_000 : 1_000_000;
    const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
    const one = async (side: 'ours' | 'duckdb', records: number) => {
      const helper = new Helper('pipeline-process.ts', [side, String(records), folder]);
      const result = await helper.next<PipelineResult>();
      await helper.close();
      return result;
    };
    await writeInput(folder, count);
    const pairs = await alternate(quick ? 1 : 4, {
      baseline: () => one('duckdb', count),
      ours: () => one('ours', count),
    });
    for (const { baseline, ours } of pairs) {
      if (readFileSync(ours.csv, 'utf8') !== readFileSync(baseline.csv, 'utf8'))
        throw new Error('The two sides differ');
    }
    const large = [await one('ours', count * 5), await one('ours', count * 5)];
    rmSync(folder, { recursive: true, force: true });
    const times = pairs.map(({ baseline, ours }) => ({ baseline: baseline.ms, ours: ours.ms }));
    const costs = pairs.map(({ baseline, ours }) => ({ baseline: baseline.cost, ours: ours.cost }));
    const peaks = pairs.map(({ ours }) => ours.peak);
    const steps = Object.entries(pairs[0]?.ours.steps ?? {}).map(([name, ms]) => `${name} ${ms} ms`);
    const [name, more] = [count, count * 5].map((records) => records.toLocaleString('en'));
    return [
      ratioRow({
        work: `${name} records: generate, filter, 5 fields, join, aggregate, sort, CSV`,
        pairs: times,
        format: inMilliseconds,
        limit: { atMost: 4 },
        note: `by step: ${steps.join(', ')}. The baseline does not generate: it reads NDJSON. The CSV is written by the benchmark on both sides.`,
      }),
      ratioRow({
        work: 'the same, processor time over all threads',
        pairs: costs,
        format: inMilliseconds,
        limit: undefined,
        note: 'start of the process included; hardly touched by what else runs on the machine',
      }),
      valueRow({
        work: `peak resident memory, ${name} records`,
        samples: peaks,
        baselines: pairs.map(({ baseline }) => baseline.peak),
        format: inMegabytes,
        limit: { atMost: 500 },
      }),
      ratioRow({
        work: `peak resident memory, ${more} records to ${name}`,
        pairs: large.map(({ peak }) => ({ baseline: figureOf(peaks).median, ours: peak })),
        format: inMegabytes,
        limit: { atMost: 1.2 },
      }),
    ];
  },
};
