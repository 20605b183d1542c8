import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import dedupe from './dedupe.ts';
import { exactKey, mapKey, recordKey } from './exact-key.ts';
import { KeyNumbers } from './key-numbers.ts';
import { anyRecords, anyValue, expectSameWithLess, smallMemory } from './out-of-core.fixtures.ts';

testNode(dedupe);

const inputs = [{ k: 1, n: 0 }, { k: '1', n: 1 }, { k: 1, n: 2 }, { n: 3 }, { k: null, n: 4 }];
const kept = (result: { ports: Readonly<Record<string, readonly Record<string, unknown>[]>> }) =>
  (result.ports.records ?? []).map((record) => record.n);

describe('dedupe', () => {
  it('compares by type and value; empty values are equal', async () => {
    const result = await runNode(dedupe, { params: { by: ['k'] }, inputs, batchSize: 2 });
    expect(kept(result)).toEqual([0, 1, 3]);
    expect(result.origins.records).toEqual([0, 1, 3]);
    expect(result.origins.duplicates).toEqual([2, 4]);
  });

  it('keeps the last one, in its place', async () => {
    expect(kept(await runNode(dedupe, { params: { by: ['k'], keep: 'last' }, inputs, batchSize: 2 }))).toEqual([
      1, 2, 4,
    ]);
  });

  it('compares whole records, whatever the order of their fields', async () => {
    const { ports } = await runNode(dedupe, {
      inputs: [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
        { a: 1, b: [3] },
      ],
    });
    expect(ports.records).toHaveLength(2);
  });

  it('remembers over runs what it has seen', async () => {
    const memory = new Map<string, unknown>();
    const params = { by: ['k'], across: 'workflow' };
    expect(kept(await runNode(dedupe, { params, inputs: inputs.slice(0, 2), memory }))).toEqual([0, 1]);
    expect(kept(await runNode(dedupe, { params, inputs, memory }))).toEqual([3]);
    expect(kept(await runNode(dedupe, { params, inputs, memory }))).toEqual([]);
  });

  it('forgets the oldest keys beyond its limit', async () => {
    const memory = new Map<string, unknown>();
    const params = { by: ['k'], across: 'workflow', remember: 1 };
    await runNode(dedupe, { params, inputs: [{ k: 'a' }, { k: 'b' }], memory });
    expect(
      kept(
        await runNode(dedupe, {
          params,
          inputs: [
            { k: 'a', n: 1 },
            { k: 'b', n: 2 },
          ],
          memory,
        }),
      ),
    ).toEqual([1]);
  });

  it('cannot keep the last of runs to come', async () => {
    await expect(runNode(dedupe, { params: { across: 'workflow', keep: 'last' } })).rejects.toMatchObject({
      class: 'config',
    });
  });
});

describe('dedupe with more keys than fit in memory', () => {
  it('gives the same as in memory', async () => {
    const by = fc.constantFrom([], ['a'], ['a', 'b']);
    const keep = fc.constantFrom('first', 'last');
    await fc.assert(
      fc.asyncProperty(by, keep, anyRecords(60), smallMemory, (by, keep, records, memory) =>
        expectSameWithLess(dedupe, { by, keep }, records, memory),
      ),
      { numRuns: 200 },
    );
  });

  it('takes texts of a megabyte and records of 10,000 fields', async () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]));
    const records = ['a', 'b', 'a', 'c', 'b'].map((k) => ({ ...wide, k: k.repeat(1_000_000) }));
    await expectSameWithLess(dedupe, {}, records, 1_500_000);
    await expectSameWithLess(dedupe, { by: ['k'], keep: 'last' }, records, 1_500_000);
  });
});

describe('keys', () => {
  it('are equal for a map exactly when they are equal as texts', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        expect(Object.is(mapKey(a), mapKey(b)) || mapKey(a) === mapKey(b)).toBe(exactKey(a) === exactKey(b));
      }),
    );
    expect(mapKey('\0j[]')).not.toBe(mapKey([]));
  });

  it('get a number for each combination, in the order in which they come', () => {
    const combination = fc.tuple(anyValue, anyValue, anyValue);
    fc.assert(
      fc.property(fc.array(combination, { maxLength: 40 }), (combinations) => {
        const numbers = new KeyNumbers(3);
        const known: string[] = [];
        for (const values of combinations) {
          const key = values.map(exactKey).join('\n\n');
          expect(numbers.of(values)).toBe(known.indexOf(key));
          if (!known.includes(key)) known.push(key);
          expect(numbers.add(values)).toBe(known.indexOf(key));
        }
        expect(numbers.size).toBe(known.length);
      }),
    );
  });

  it('have numbers far beyond small integers', () => {
    const numbers = new KeyNumbers(2);
    const first = Array.from({ length: 70_000 }, (_, n) => numbers.add([n, n % 70_001]));
    expect(first).toEqual(Array.from({ length: 70_000 }, (_, n) => n));
    expect(numbers.of([69_999, 69_999])).toBe(69_999);
    expect(numbers.of([69_999, 1])).toBe(-1);
  });

  it('tell values of different types and content apart', () => {
    const values = [1, '1', true, 'true', 't', null, '', 'null', [1], ['1'], { a: 1 }, { a: '1' }, [[]], 'n1', 1.5];
    expect(new Set(values.map(exactKey)).size).toBe(values.length);
    expect(exactKey(-0)).toBe(exactKey(0));
    expect(exactKey({ a: 1, b: undefined })).toBe(exactKey({ a: 1 }));
  });

  it('do not run into each other', () => {
    const key = recordKey(['a', 'b']);
    expect(key({ a: 'x', b: 'ys' })).not.toBe(key({ a: 'xs', b: 'y' }));
    expect(key({ a: '1:s', b: '' })).not.toBe(key({ a: '', b: '1:s' }));
  });
});
