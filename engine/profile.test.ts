import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataRecord } from '../sdk/index.ts';
import { MemoryDataset } from './dataset.ts';
import { DistinctValues } from './distinct-values.ts';
import { profileOf } from './profile.ts';

const profile = (records: readonly DataRecord[], sample = 0) =>
  profileOf(new MemoryDataset(records, undefined), sample);

describe('the profile of a dataset', () => {
  it('tells kinds, nulls and what is missing apart, with least and most', async () => {
    const file = { $file: { id: 'x', name: 'a.txt', mime: 'text/plain', size: 1 } };
    const { columns, total } = await profile([
      { a: 3, b: 'beta', c: true },
      { a: -1.5, b: '', c: null },
      { a: '7', b: 'alpha', d: [1] },
      { a: null, d: { x: 1 } },
      { d: file },
    ]);
    expect(total).toBe(5);
    expect(columns.find(({ name }) => name === 'a')).toMatchObject({
      kinds: { number: 2, text: 1 },
      nulls: 1,
      missing: 1,
      distinct: { count: 3, isExact: true },
      numbers: { min: -1.5, max: 3 },
      texts: { first: '7', last: '7' },
    });
    expect(columns.find(({ name }) => name === 'b')).toMatchObject({
      missing: 2,
      texts: { first: '', last: 'beta', shortest: 0, longest: 5, empty: 1 },
    });
    expect(columns.find(({ name }) => name === 'd')?.kinds).toEqual({ list: 1, object: 1, file: 1 });
  });

  it('counts as a plain count does while there are few different values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('0', '1', ''), fc.constant(null), fc.boolean()),
        ),
        async (values) => {
          const { columns } = await profile(values.map((v) => ({ v })));
          const counts = new Map<unknown, number>();
          for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
          expect(columns[0]?.distinct.count ?? 0).toBe(counts.size);
          for (const { value, count } of columns[0]?.top ?? []) expect(count).toBe(counts.get(value));
        },
      ),
    );
  });

  it('cuts long values, and takes records from all over for the sample', async () => {
    const long = 'x'.repeat(1_000_000);
    const records = Array.from({ length: 10 }, (_, n) => ({ n, long: `${n % 2}${long}` }));
    const { columns, sample } = await profile(records, 5);
    expect(columns[1]).toMatchObject({ distinct: { count: 2 }, texts: { longest: 1_000_001 } });
    expect(JSON.stringify(columns).length).toBeLessThan(2000);
    expect(sample.map(({ index }) => index)).toEqual([0]);
    expect(
      (
        await profile(
          records.map(({ n }) => ({ n })),
          5,
        )
      ).sample.map(({ index }) => index),
    ).toEqual([0, 2, 4, 6, 8]);
  });

  it('looks into a bounded number of columns, and says how many there are', async () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`c${n}`, n]));
    const { columns, moreColumns } = await profile([wide, wide]);
    expect([columns.length, moreColumns]).toEqual([500, 9500]);
  });

  it('of nothing is empty', async () => {
    expect(await profile([], 3)).toEqual({ total: 0, columns: [], moreColumns: 0, sample: [] });
  });
});

describe('different values beyond those that are counted one by one', () => {
  it('are estimated, and the frequent ones are found', () => {
    for (const different of [3000, 40_000, 200_000]) {
      const values = new DistinctValues();
      for (let i = 0; i < 200_000; i++) {
        if (i % 5 === 0) values.add('often');
        if (i % 50 === 0) values.add('now and then');
        values.add(`v${i % different}`);
      }
      expect(values.isExact).toBe(false);
      expect(Math.abs(values.count / (different + 2) - 1)).toBeLessThan(0.035);
      const [first, second] = values.top(10);
      expect([first?.value, second?.value]).toEqual(['often', 'now and then']);
      expect(first?.count).toBeLessThanOrEqual(40_000);
      expect(first?.count).toBeGreaterThan(39_000);
    }
  });

  it('are none between a number and the same text', () => {
    const values = new DistinctValues();
    values.add(1);
    values.add('1');
    values.add([1], '[1]');
    values.add('[1]');
    expect(values.count).toBe(4);
  });
});
