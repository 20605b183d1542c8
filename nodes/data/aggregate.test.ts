import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import aggregate from './aggregate.ts';
import { ExactSum } from './exact-sum.ts';

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

  it('wants a field where the measure needs one', async () => {
    const run = runNode(aggregate, { params: { measures: [{ as: 'x', fn: 'sum' }] } });
    await expect(run).rejects.toMatchObject({ class: 'config', code: 'measure-without-field' });
  });
});

describe('ExactSum', () => {
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
