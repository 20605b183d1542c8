import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataRecord } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import aggregate from './aggregate.ts';
import { ExactSum } from './exact-sum.ts';
import { measureFunctions } from './measures.ts';
import { anyRecords, expectSameWithLess, smallMemory } from './out-of-core.fixtures.ts';

testNode(aggregate);

const one = async (measure: Record<string, unknown>, values: readonly unknown[]) => {
  const inputs = values.map((v) => (v === undefined ? {} : { v }));
  const { ports } = await runNode(aggregate, { params: { measures: [{ as: 'x', of: 'v', ...measure }] }, inputs });
  return ports.records?.[0]?.x;
};

describe('aggregate', () => {
  it.each([
    ['count', 3],
    ['count-distinct', 2],
    ['sum', 12],
    ['average', 4],
    ['min', 2],
    ['max', 5],
    ['first', 5],
    ['last', null],
    ['list', [5, null, 2, 5, null]],
    ['join-text', '5, 2, 5'],
  ])('%s leaves out empty values as documented', async (fn, expected) => {
    expect(await one({ fn }, [5, undefined, 2, 5, null])).toEqual(expected);
  });

  it('counts records where no field is named', async () => {
    expect(await one({ fn: 'count', of: undefined }, [null, 1])).toBe(2);
  });

  it('gives one record over nothing when there is no grouping, and none when there is', async () => {
    const measures = [
      { as: 'n', fn: 'count' },
      { as: 'sum', of: 'v', fn: 'sum' },
    ];
    const whole = await runNode(aggregate, { params: { measures }, inputs: [] });
    expect(whole.ports.records).toEqual([{ n: 0, sum: null }]);
    const grouped = await runNode(aggregate, { params: { measures, groupBy: ['k'] }, inputs: [] });
    expect(grouped.ports.records).toBeUndefined();
  });

  it('sums to the last digit, also beyond what a number can hold', async () => {
    expect(await one({ fn: 'sum' }, [0.1, 0.2])).toBe(0.3);
    expect(await one({ fn: 'sum' }, [Number.MAX_SAFE_INTEGER, 1, 1])).toBe('9007199254740993');
    expect(await one({ fn: 'sum' }, ['9007199254740993', '0.01'])).toBe('9007199254740993.01');
    expect(await one({ fn: 'average' }, [1, 2])).toBe(1.5);
  });

  it('rejects a record whose value is no number, and leaves it out of everything', async () => {
    const measures = [
      { as: 'n', fn: 'count' },
      { as: 'sum', of: 'v', fn: 'sum' },
    ];
    const { ports } = await runNode(aggregate, { params: { measures }, inputs: [{ v: 1 }, { v: 'abc' }] });
    expect(ports.records).toEqual([{ n: 1, sum: 1 }]);
    expect(ports.rejected).toMatchObject([{ v: 'abc', _rejected: { code: 'not-a-number', field: 'v' } }]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('rejects %d, which no record can hold', async (v) => {
    const { ports } = await runNode(aggregate, {
      params: { measures: [{ as: 'x', of: 'v', fn: 'sum' }] },
      inputs: [{ v }],
    });
    expect(ports.rejected).toMatchObject([{ _rejected: { code: 'not-a-number' } }]);
  });

  it('groups by type and value, with empty values as a group of their own', async () => {
    const inputs = [{ k: 1 }, { k: '1' }, {}, { k: null }, { k: 1 }];
    const { ports, origins } = await runNode(aggregate, {
      params: { groupBy: ['k'], measures: [{ as: 'n', fn: 'count' }] },
      inputs,
    });
    expect(ports.records).toEqual([
      { k: 1, n: 2 },
      { k: '1', n: 1 },
      { k: null, n: 2 },
    ]);
    expect(origins.records).toEqual([[0, 4], [1], [2, 3]]);
  });

  it('joins texts with what is asked for', async () => {
    expect(await one({ fn: 'join-text', separator: ' | ' }, ['a', 'b'])).toBe('a | b');
  });

  it('keeps fields called __proto__', async () => {
    const inputs = [JSON.parse('{ "__proto__": 1 }'), JSON.parse('{ "__proto__": 2 }')];
    const params = { groupBy: ['__proto__'], measures: [{ as: 'n', fn: 'count' }] };
    const { ports } = await runNode(aggregate, { params, inputs });
    expect(JSON.stringify(ports.records)).toBe('[{"__proto__":1,"n":1},{"__proto__":2,"n":1}]');
    const named = { measures: [{ as: '__proto__', fn: 'count' }] };
    expect(JSON.stringify((await runNode(aggregate, { params: named, inputs })).ports.records)).toBe(
      '[{"__proto__":2}]',
    );
  });

  it('wants a field where the measure needs one', async () => {
    const run = runNode(aggregate, { params: { measures: [{ as: 'x', fn: 'sum' }] } });
    await expect(run).rejects.toMatchObject({ class: 'config', code: 'measure-without-field' });
  });
});

describe('aggregate with more than fits in memory', () => {
  const measures = measureFunctions.map((fn, i) => ({ as: `m${i}`, fn, of: 'c' }));
  const groupBy = fc.constantFrom([], ['a'], ['a', 'b'], ['a.b']);

  it('gives the same as in memory', async () => {
    await fc.assert(
      fc.asyncProperty(groupBy, anyRecords(60), smallMemory, (groupBy, records, memory) =>
        expectSameWithLess(aggregate, { groupBy, measures }, records, memory),
      ),
      { numRuns: 200 },
    );
  });

  it('goes on with exact sums where it left off', async () => {
    const values = [0.1, '9007199254740993', 1e21, '-0.000000001', Number.MAX_SAFE_INTEGER, 5e-7];
    const records = Array.from({ length: 400 }, (_, n) => ({ k: (n * 7919) % 13, v: values[n % values.length] }));
    const sums = [
      { as: 'sum', of: 'v', fn: 'sum' },
      { as: 'average', of: 'v', fn: 'average' },
    ];
    await expectSameWithLess(aggregate, { groupBy: ['k'], measures: sums }, records, 100);
  });

  describe('count-distinct', () => {
    const distinct = ['a', 'b', 'c'].map((of) => ({ as: `different ${of}`, fn: 'count-distinct', of }));

    it('gives the same as in memory for a few large groups, wherever they begin', async () => {
      const groups = fc.constantFrom(
        (n: number) => (n < 25 ? 1 : n % 3),
        (n: number) => Math.floor(n / 20),
        (n: number) => (n % 17 === 0 ? String(n) : '1'),
      );
      const others = fc.subarray([
        { as: 'all', fn: 'list', of: 'c' },
        { as: 'least', fn: 'min', of: 'c' },
        { as: 'how many', fn: 'count' },
      ]);
      await fc.assert(
        fc.asyncProperty(groups, others, anyRecords(80), smallMemory, (group, others, records, memory) => {
          const grouped = records.map((record, n) => ({ ...record, group: group(n) }));
          return expectSameWithLess(
            aggregate,
            { groupBy: ['group'], measures: [...distinct, ...others] },
            grouped,
            memory,
          );
        }),
        { numRuns: 200 },
      );
    });

    it.each([
      ['over all', []],
      ['for each group', ['group']],
    ])('tells thousands of values apart %s', async (_, groupBy) => {
      const values = [(n: number) => n, String, (n: number) => [n], (n: number) => ({ n, of: { n } })];
      const inputs = Array.from({ length: 12_000 }, (_, n) => {
        const kind = n % values.length;
        return {
          a: values[kind]?.((n * 7919) % 997),
          b: n % 5,
          c: `same${n % 2_500}`,
          group: n < 8_000 ? 'large' : n % 3,
        };
      });
      const { ports } = await runNode(aggregate, {
        params: { groupBy, measures: distinct },
        inputs,
        workingMemory: 5_000,
      });
      const expected = Map.groupBy(inputs, ({ group }) => (groupBy.length === 0 ? 'all' : group));
      const counts = [...expected.values()].map((records) =>
        ['a', 'b', 'c'].map((name) => new Set(records.map((record) => JSON.stringify(record[name as 'a']))).size),
      );
      expect(ports.records?.map((record) => distinct.map(({ as }) => record[as]))).toEqual(counts);
    });

    it('is not refused however much there is to count', async () => {
      const text = 'x'.repeat(1024 * 1024);
      const inputs = Array.from({ length: 600 }, (_, n) => ({ a: text.slice(n % 300) }));
      const { ports } = await runNode(aggregate, { params: { measures: distinct.slice(0, 1) }, inputs });
      expect(ports.records).toEqual([{ 'different a': 300 }]);
    });
  });

  it('refuses a group whose values would be too much for one record', async () => {
    const a = 'x'.repeat(1024 * 1024);
    const inputs = { input: Array.from({ length: 257 }, () => ({ a, b: 'all' })) };
    const refused = (params: DataRecord) =>
      expect(runNode(aggregate, { params, inputs })).rejects.toMatchObject({ code: 'group-too-large' });
    await refused({ groupBy: ['b'], measures: [{ as: 'all', of: 'a', fn: 'list' }] });
    await refused({ measures: [{ as: 'all', of: 'a', fn: 'join-text' }] });
  });

  it('takes texts of a megabyte and 10,000 measures', async () => {
    const texts = ['a', 'b', 'c', 'a'].map((letter) => ({ k: letter.repeat(1_000_000), v: letter }));
    await expectSameWithLess(aggregate, { groupBy: ['k'], measures: [{ as: 'v', of: 'v', fn: 'list' }] }, texts, 1_000);
    const wide = Array.from({ length: 10_000 }, (_, i) => ({ as: `m${i}`, of: 'v', fn: 'last' }));
    await expectSameWithLess(aggregate, { groupBy: ['k'], measures: wide }, [...texts, ...texts], 1_000);
  });
});

describe('ExactSum', () => {
  it('divides to the nearest number, also where the sum is no number any more', () => {
    const sum = (values: unknown[]) => {
      const sum = new ExactSum();
      for (const value of values) sum.add(value);
      return sum;
    };
    expect(sum([1e308, 1e308, 1e308]).dividedBy(3)).toBe(1e308);
    expect(sum(['9007199254740993', 2]).dividedBy(1)).toBe(9007199254740996);
    expect(sum([1]).dividedBy(3)).toBe(1 / 3);
    expect(sum([-2]).dividedBy(3)).toBe(-2 / 3);
    expect(sum([1.5, 1e308, 1e308]).value()).toBe(`2${'0'.repeat(307)}1.5`);
    expect(sum(['1e400']).dividedBy(1)).toMatch(/^1/);
  });

  it('averages whole numbers as division does', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1 }), (total, count) => {
        const sum = new ExactSum();
        sum.add(total);
        expect(sum.dividedBy(count)).toBe(total / count + 0);
      }),
    );
  });

  it('agrees with big integers on whole numbers and on cents', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (cents) => {
        const sum = new ExactSum();
        for (const cent of cents) sum.add(cent / 100);
        const total = cents.reduce((a, b) => a + BigInt(b), 0n);
        expect(Number(sum.value())).toBe(Number(total) / 100);
      }),
    );
  });

  it.each(['', ' ', '.', 'abc', '1e', '0x10', '1,5', 'Infinity', Number.NaN, true, {}])(
    'does not take %j for a number',
    (value) => {
      expect(new ExactSum().add(value)).toBe(false);
    },
  );

  it('stays a number where only numbers came, whose own noise says nothing', () => {
    const sum = new ExactSum();
    for (let i = 0; i < 1000; i++) sum.add(i * 0.1);
    expect(sum.value()).toBeTypeOf('number');
    expect(sum.value()).toBeCloseTo(49_950, 8);
  });

  it('reads exponents', () => {
    const sum = new ExactSum();
    for (const value of [1e21, '-2.5e-3', 5e-7]) expect(sum.add(value)).toBe(true);
    expect(sum.value()).toBe('999999999999999999999.9975005');
  });
});
