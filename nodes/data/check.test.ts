import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runNode, testNode, testNow } from '../../sdk/testing/index.ts';
import check from './check.ts';
import { exactKey } from './exact-key.ts';
import { anyRecords, expectSameWithLess, smallMemory } from './out-of-core.fixtures.ts';

testNode(check);

type Records = Record<string, unknown>[];
const all = '100%';

/** Positions of the values that pass a rule. */
const passing = async (rule: Record<string, unknown>, values: readonly unknown[], reference: Records = []) => {
  const input = values.map((v, i) => ({ v, i }));
  const params = { rules: [{ field: 'v', ...rule }], tolerate: all };
  const { ports } = await runNode(check, { params, inputs: { input, reference } });
  expect((ports.passed ?? []).length + (ports.rejected ?? []).length).toBe(values.length);
  return (ports.passed ?? []).map((record) => record.i);
};

describe('rules for records', () => {
  it.each([
    ['not-null', { rule: 'not-null' }, [1, null, undefined, '', 0, false], [0, 4, 5]],
    ['unique', { rule: 'unique' }, ['a', 'b', 'a', null, null, 1, '1'], [0, 1, 3, 4, 5, 6]],
    ['accepted-values', { rule: 'accepted-values', values: ['a', 1] }, ['a', 'b', 1, '1', null], [0, 2, 4]],
    ['range', { rule: 'range', min: 1, max: 3 }, [0, 1, 3, 3.1, '2', null], [1, 2, 5]],
    ['range of dates', { rule: 'range', min: '2026-01-01' }, ['2025-12-31', '2026-05-01', 5], [1]],
    ['pattern', { rule: 'pattern', pattern: '^[A-Z]-\\d+$' }, ['A-1', 'a-1', 'A-', 7, null], [0, 4]],
    ['type', { rule: 'type', type: 'number' }, [1, '1', null, true], [0, 2]],
    ['type date', { rule: 'type', type: 'date' }, ['2026-01-31', 'soon'], [0]],
  ])('%s', async (_, rule, values, expected) => {
    expect(await passing(rule, values)).toEqual(expected);
  });

  it('refers-to looks into the reference input', async () => {
    const reference = [{ id: 1 }, { id: 2 }];
    expect(await passing({ rule: 'refers-to', to: 'id' }, [1, 3, '1', null], reference)).toEqual([0, 3]);
  });

  it('range says so when a value is no number', async () => {
    const params = { rules: [{ rule: 'range', field: 'v', min: 0 }], tolerate: all };
    const { ports } = await runNode(check, { params, inputs: [{ v: '5' }, { v: -1 }] });
    expect(ports.rejected).toMatchObject([
      { _rejected: { message: 'v "5" is not a number.' } },
      { _rejected: { message: 'v -1 is less than 0.' } },
    ]);
  });

  it('custom takes a formula, which must be true', async () => {
    const rule = { rule: 'custom', field: undefined, formula: '={{ $json.v > 2 }}' };
    expect(await passing(rule, [1, 3, null])).toEqual([1]);
  });

  it('a formula that fails rejects the record and not the step', async () => {
    const rule = { rule: 'custom', field: undefined, formula: '={{ $json.v - 1 === 0 }}' };
    expect(await passing(rule, ['text', 1])).toEqual([1]);
  });

  it('tells every rule that a record breaks, and whose words they are', async () => {
    const params = {
      rules: [
        { rule: 'range', field: 'n', min: 5 },
        { rule: 'type', field: 's', type: 'text', message: 'The code must be a text' },
      ],
      tolerate: all,
    };
    const { ports } = await runNode(check, { params, inputs: [{ n: 1, s: 2 }] });
    expect(ports.rejected).toMatchObject([
      { _rejected: { code: 'check-range', field: 'n', message: 'n 1 is less than 5; The code must be a text.' } },
    ]);
  });
});

describe('rules over all keys', () => {
  const rules = [
    { rule: 'unique', field: 'a' },
    { rule: 'refers-to', field: 'b', to: 'c' },
    { rule: 'refers-to', field: 'a' },
  ];

  it('hold back what a set of all keys would', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords(), anyRecords(), async (input, reference) => {
        const { origins } = await runNode(check, { params: { rules, tolerate: all }, inputs: { input, reference } });
        const known = (field: string) => new Set(reference.map((record) => exactKey(record[field])));
        const [inA, inC, seen] = [known('a'), known('c'), new Set<string>()];
        const kept = input.flatMap(({ a = null, b = null }, i) => {
          const isFirst = a === null || !seen.has(exactKey(a));
          seen.add(exactKey(a));
          const isKnown = (b === null || inC.has(exactKey(b))) && (a === null || inA.has(exactKey(a)));
          return isFirst && isKnown ? [i] : [];
        });
        expect(origins.passed ?? []).toEqual(kept);
      }),
    );
  });

  it('give the same with more keys than fit in memory', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords(), anyRecords(), smallMemory, async (input, reference, memory) => {
        await expectSameWithLess(check, { rules, tolerate: all }, { input, reference }, memory);
      }),
    );
  });

  it('hold no pairs for keys that the reference has many times', async () => {
    const reference = Array.from({ length: 20_000 }, () => ({ a: 1, c: 2 }));
    const input = Array.from({ length: 20_000 }, (_, i) => ({ b: 2, i }));
    const { ports } = await runNode(check, {
      params: { rules: [{ rule: 'refers-to', field: 'b', to: 'c' }], tolerate: all },
      inputs: { input, reference },
    });
    expect(ports.passed).toHaveLength(20_000);
  });
});

describe('tolerance', () => {
  const params = { rules: [{ rule: 'not-null', field: 'v' }] };
  const inputs = [{ v: 1 }, { v: null }, { v: 2 }, { v: null }];

  it('fails the branch with a sample, and still gives the records held back', async () => {
    const { ports, error } = await runNode(check, { params, inputs, mayFail: true });
    expect(error).toMatchObject({
      code: 'check-failed',
      message: '2 of 4 records break the rules (not-null: 2).',
      details: { rejected: 2, of: 4, sample: [{ v: null, _rejected: { code: 'check-not-null' } }, { v: null }] },
    });
    expect(ports.rejected).toHaveLength(2);
    expect(ports.passed).toHaveLength(2);
  });

  it.each([
    [2, true],
    [1, false],
    ['2', true],
    ['50%', true],
    ['49.9%', false],
    ['100%', true],
  ])('tolerate %j', async (tolerate, passes) => {
    const { error } = await runNode(check, { params: { ...params, tolerate }, inputs, mayFail: true });
    expect(error === undefined).toBe(passes);
  });

  it('takes no other words', async () => {
    await expect(runNode(check, { params: { ...params, tolerate: 'some' } })).rejects.toMatchObject({
      class: 'config',
      field: 'Tolerate',
    });
  });
});

describe('rules for the whole', () => {
  const outcome = async (rule: Record<string, unknown>, inputs: Records, memory = new Map<string, unknown>()) =>
    (await runNode(check, { params: { rules: [rule], tolerate: all }, inputs, memory, mayFail: true })).error?.message;
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

  it('row-count', async () => {
    expect(await outcome({ rule: 'row-count', min: 1 }, [])).toContain('There are 0 records; at least 1');
    expect(await outcome({ rule: 'row-count', max: 2 }, many(3))).toContain('at most 2');
    expect(await outcome({ rule: 'row-count', min: 1, max: 3 }, many(3))).toBeUndefined();
  });

  it('does not speak of records held back when there are none', async () => {
    const params = { rules: [{ rule: 'row-count', min: 5 }], tolerate: all };
    const { error } = await runNode(check, { params, inputs: many(3), mayFail: true });
    expect(error?.remedy).toContain('the step that these records come from');
  });

  it('volume learns what is usual, then speaks up', async () => {
    const memory = new Map<string, unknown>();
    for (const count of [100, 110, 90]) expect(await outcome({ rule: 'volume' }, many(count), memory)).toBeUndefined();
    expect(await outcome({ rule: 'volume' }, many(0), new Map(memory))).toBe('There are 0 records; usually about 100.');
    expect(await outcome({ rule: 'volume' }, many(140), new Map(memory))).toBeUndefined();
    expect(await outcome({ rule: 'volume', deviation: 10 }, many(140), new Map(memory))).toContain('usually about 100');
  });

  it('fresh looks at the newest date', async () => {
    const at = (hours: number) => ({ at: new Date(testNow - hours * 3_600_000).toISOString() });
    const rule = { rule: 'fresh', field: 'at', within: '24h' };
    expect(await outcome(rule, [at(50), at(2)])).toBeUndefined();
    expect(await outcome(rule, [at(50), at(25)])).toContain('older than 24h');
    expect(await outcome(rule, [{ at: null }])).toContain('No record has a date');
  });
});

it.each([
  [{ rule: 'range', field: 'v' }],
  [{ rule: 'not-null' }],
  [{ rule: 'pattern', field: 'v', pattern: '(' }],
  [{ rule: 'custom' }],
  [{ rule: 'row-count' }],
])('refuses a rule that says too little: %j', async (rule) => {
  await expect(runNode(check, { params: { rules: [rule] } })).rejects.toMatchObject({
    class: 'config',
    code: 'check-rule-incomplete',
  });
});
