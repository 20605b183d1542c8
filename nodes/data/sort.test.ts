import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import { anyRecords, anyValue, expectSameWithLess, smallMemory } from './out-of-core.fixtures.ts';
import sort from './sort.ts';
import { columnOrder } from './sort-column.ts';
import { compareByKey, keyOrder } from './sort-order.ts';
import { sortedPositions } from './sorted-positions.ts';

testNode(sort);

const sorted = async (by: unknown[], values: unknown[]) => {
  const inputs = values.map((v, i) => (v === undefined ? { i } : { v, i }));
  const { ports } = await runNode(sort, { params: { by }, inputs });
  return (ports.records ?? []).map((record) => record.v);
};

describe('sort', () => {
  it('is stable, and gives each record its origin', async () => {
    const inputs = [
      { k: 2, n: 0 },
      { k: 1, n: 1 },
      { k: 2, n: 2 },
      { k: 1, n: 3 },
    ];
    const { ports, origins } = await runNode(sort, { params: { by: [{ field: 'k' }] }, inputs });
    expect((ports.records ?? []).map((record) => record.n)).toEqual([1, 3, 0, 2]);
    expect(origins.records).toEqual([1, 3, 0, 2]);
  });

  it('stays stable when descending', async () => {
    const inputs = [
      { k: 1, n: 0 },
      { k: 2, n: 1 },
      { k: 1, n: 2 },
    ];
    const { ports } = await runNode(sort, { params: { by: [{ field: 'k', order: 'descending' }] }, inputs });
    expect((ports.records ?? []).map((record) => record.n)).toEqual([1, 0, 2]);
  });

  it('has a place for every type, and numbers are not texts', async () => {
    const values = ['b', 10, null, 'B', 9, false, [1], { a: 1 }, '10', '9', true, undefined];
    expect(await sorted([{ field: 'v' }], values)).toEqual([
      false,
      true,
      9,
      10,
      '10',
      '9',
      'B',
      'b',
      [1],
      { a: 1 },
      null,
      undefined,
    ]);
  });

  it('puts empty values where it is told, whatever the order', async () => {
    const values = [2, null, 1];
    expect(await sorted([{ field: 'v', nulls: 'first' }], values)).toEqual([null, 1, 2]);
    expect(await sorted([{ field: 'v', nulls: 'first', order: 'descending' }], values)).toEqual([null, 2, 1]);
    expect(await sorted([{ field: 'v', order: 'descending' }], values)).toEqual([2, 1, null]);
  });

  it('reads nested fields by dots', async () => {
    const { ports } = await runNode(sort, {
      params: { by: [{ field: 'a.b' }] },
      inputs: [{ a: { b: 2 } }, { a: { b: 1 } }],
    });
    expect(ports.records).toEqual([{ a: { b: 1 } }, { a: { b: 2 } }]);
  });
});

describe('the order of a column', () => {
  it('is that of its values, whether they are ranked or not', async () => {
    const value = anyValue.map((one) => one ?? null);
    const lists = fc.oneof(
      fc.array(value, { maxLength: 60 }),
      fc.array(fc.constantFrom<unknown>(null, 'b', 'a', 10, 9, true, [1], { a: 1 }), { minLength: 80, maxLength: 120 }),
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 60 }),
    );
    const key = fc.record({
      field: fc.constant('v'),
      order: fc.constantFrom('ascending' as const, 'descending' as const),
      nulls: fc.constantFrom('first' as const, 'last' as const),
    });
    await fc.assert(
      fc.asyncProperty(lists, key, async (values, sortKey) => {
        const order = keyOrder(sortKey);
        const ranked = await columnOrder(values, order);
        for (let a = 0; a < values.length; a++) {
          for (let b = 0; b < values.length; b++) {
            expect(Math.sign(ranked(a, b)) + 0).toBe(Math.sign(compareByKey(values[a], values[b], order)) + 0);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('sort with more than fits in memory', () => {
  const by = fc.constantFrom(
    [{ field: 'a' }],
    [{ field: 'a', order: 'descending', nulls: 'first' }, { field: 'b' }],
    [{ field: 'b', nulls: 'first' }, { field: 'a', order: 'descending' }, { field: 'c' }],
  );

  it('gives the same as in memory', async () => {
    await fc.assert(
      fc.asyncProperty(by, anyRecords(60), smallMemory, (keys, records, memory) =>
        expectSameWithLess(sort, { by: keys }, records, memory),
      ),
      { numRuns: 150 },
    );
  });

  it('merges in several rounds when there are many runs', async () => {
    const inputs = Array.from({ length: 1_000 }, (_, n) => ({ k: (n * 7919) % 100, n }));
    const { ports, origins } = await runNode(sort, { params: { by: [{ field: 'k' }] }, inputs, workingMemory: 100 });
    const expected = inputs.toSorted((x, y) => x.k - y.k);
    expect(ports.records).toEqual(expected);
    expect(origins.records).toEqual(expected.map(({ n }) => n));
  });

  it('takes texts of a megabyte and records of 10,000 fields', async () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]));
    const records = ['b', 'a', 'c'].flatMap((k) => [
      { k, text: k.repeat(1_000_000) },
      { ...wide, k },
    ]);
    await expectSameWithLess(sort, { by: [{ field: 'k' }] }, records, 1_500_000);
  });
});

describe('sortedPositions', () => {
  it('orders as the stable sort of the language does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), async (list) => {
        const compare = (a: number, b: number) => (list[a] as number) - (list[b] as number);
        expect([...(await sortedPositions(list.length, compare))]).toEqual(list.map((_, i) => i).sort(compare));
      }),
    );
  });

  it('lets others have their turn', async () => {
    const keys = Float64Array.from({ length: 300_000 }, () => Math.random());
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await sortedPositions(keys.length, (a, b) => (keys[a] as number) - (keys[b] as number));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});
