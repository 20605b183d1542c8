import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { origin } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import join from './join.ts';
import { anyRecords, expectSameWithLess, smallMemory } from './out-of-core.fixtures.ts';

testNode(join);

const on = [{ left: 'customer', right: 'id' }];
const left = [
  { order: 1, customer: 'A' },
  { order: 2, customer: 'X' },
  { order: 3, customer: null },
];
const right = [
  { id: 'A', name: 'Ann' },
  { id: 'B', name: 'Bo' },
  { id: null, name: 'No one' },
];
const run = (params: Record<string, unknown>, inputs = { left, right } as Record<string, Record<string, unknown>[]>) =>
  runNode(join, { params: { on, ...params }, inputs });

const matched = { order: 1, customer: 'A', id: 'A', name: 'Ann' };
const leftOnly = [
  { order: 2, customer: 'X', id: null, name: null },
  { order: 3, customer: null, id: null, name: null },
];
const rightOnly = [
  { order: null, customer: null, id: 'B', name: 'Bo' },
  { order: null, customer: null, id: null, name: 'No one' },
];

describe('join', () => {
  it.each([
    ['inner', [matched]],
    ['left', [matched, ...leftOnly]],
    ['right', [matched, ...rightOnly]],
    ['full', [matched, ...leftOnly, ...rightOnly]],
    ['anti', left.slice(1)],
  ])('%s gives its rows, and empty keys match nothing', async (how, expected) => {
    expect((await run({ how })).ports.records).toEqual(expected);
  });

  it('gives each match the origins of both sides', async () => {
    const { origins } = await run({ how: 'full' });
    expect(origins.records).toEqual([
      [origin(0, 0), origin(1, 0)],
      [origin(0, 1)],
      [origin(0, 2)],
      [origin(1, 1)],
      [origin(1, 2)],
    ]);
  });

  it('has the key once where both sides call it the same, and puts a prefix before other clashes', async () => {
    const inputs = {
      left: [{ id: 1, name: 'left' }],
      right: [
        { id: 1, name: 'right' },
        { id: 2, name: 'other' },
      ],
    };
    const { ports } = await run({ on: [{ left: 'id', right: 'id' }], how: 'full' }, inputs);
    expect(ports.records).toEqual([
      { id: 1, name: 'left', right_name: 'right' },
      { id: 2, name: null, right_name: 'other' },
    ]);
    const other = await run({ on: [{ left: 'id', right: 'id' }], prefix: 'crm_' }, inputs);
    expect(other.ports.records).toEqual([{ id: 1, name: 'left', crm_name: 'right' }]);
  });

  it('says so when nothing matched since the types differ', async () => {
    const { ports, logs } = await run({}, { left: [{ customer: '1' }], right: [{ id: 1 }] });
    expect(ports.records).toBeUndefined();
    expect(logs).toMatchObject([{ level: 'warn', message: expect.stringContaining('same type') }]);
  });

  it('gives what comparing every pair gives', async () => {
    const side = fc.array(fc.record({ k: fc.constantFrom(1, '1', null, 2, 'a'), j: fc.constantFrom(1, 2) }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(side, side, async (a, b) => {
        const inputs = { left: a.map((r, l) => ({ ...r, l })), right: b.map((r, r2) => ({ ...r, r: r2 })) };
        const pairs = [
          { left: 'k', right: 'k' },
          { left: 'j', right: 'j' },
        ];
        const { ports } = await run({ on: pairs }, inputs);
        const expected = inputs.left.flatMap((x) =>
          inputs.right.filter((y) => x.k !== null && x.k === y.k && x.j === y.j).map((y) => ({ ...x, r: y.r })),
        );
        expect(ports.records ?? []).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [[{}, { id: 1, x: 1 }]],
    [
      [
        { id: 1, x: 1 },
        { x: 2, id: 1 },
      ],
    ],
    [[{ id: 1, x: 1 }, { id: 1 }]],
    [[{ id: 1 }, { id: 1, x: null }]],
  ])('gives every row the same fields in the same order: %j', async (left) => {
    const { ports } = await run({ on: [{ left: 'id', right: 'id' }], how: 'full' }, { left, right: [{ id: 1, y: 1 }] });
    for (const record of ports.records ?? []) expect(Object.keys(record)).toEqual(['id', 'x', 'y']);
    expect(ports.records).toHaveLength(2);
  });

  it('takes a field along that only a late record has, from there on', async () => {
    const late = Array.from({ length: 1_003 }, (_, n) => ({ id: n, ...(n > 1_000 && { name: `left ${n}` }) }));
    const inputs = { left: late, right: late.map(({ id }) => ({ id, name: 'right' })) };
    const { ports } = await run({ on: [{ left: 'id', right: 'id' }] }, inputs);
    expect(ports.records?.slice(1_000)).toEqual([
      { id: 1_000, name: 'right' },
      { id: 1_001, name: 'left 1001', right_name: 'right' },
      { id: 1_002, name: 'left 1002', right_name: 'right' },
    ]);
    await expectSameWithLess(join, { on: [{ left: 'id', right: 'id' }] }, inputs, 20_000);
  });

  it('does not take for a field what every object inherits', async () => {
    const inputs: Record<string, Record<string, unknown>[]> = {
      left: [{ id: 1 }, { id: 1, toString: 'x' }],
      right: [{ id: 1, constructor: 'y' }, { id: 1 }],
    };
    const { ports } = await run({ on: [{ left: 'id', right: 'id' }] }, inputs);
    expect(ports.records).toEqual([
      { id: 1, toString: null, constructor: 'y' },
      { id: 1, toString: null, constructor: null },
      { id: 1, toString: 'x', constructor: 'y' },
      { id: 1, toString: 'x', constructor: null },
    ]);
  });
});

it.each(['inner', 'left', 'right', 'full'])('keeps a field called __proto__ (%s)', async (how) => {
  const [one, other] = ['left', 'right'].map((side) => JSON.parse(`{ "id": 1, "__proto__": "${side}" }`));
  const given = { left: [one, JSON.parse('{ "id": 2, "__proto__": "alone", "more": 1 }')], right: [other, { id: 3 }] };
  const { ports } = await run({ how, on: [{ left: 'id', right: 'id' }] }, given);
  const rows = Object.values(ports).flat();
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(Object.hasOwn(row, '__proto__')).toBe(true);
});

describe('join with more than fits in memory', () => {
  const on = fc.constantFrom(
    [{ left: 'a', right: 'a' }],
    [
      { left: 'a', right: 'b' },
      { left: 'b', right: 'c' },
    ],
  );
  const how = fc.constantFrom('inner', 'left', 'right', 'full', 'anti');

  it('gives the same as in memory', async () => {
    await fc.assert(
      fc.asyncProperty(on, how, anyRecords(), anyRecords(), smallMemory, (on, how, left, right, memory) =>
        expectSameWithLess(join, { on, how }, { left, right }, memory),
      ),
      { numRuns: 200 },
    );
  });

  it('takes a key that nearly all records share', async () => {
    const left = Array.from({ length: 30 }, (_, n) => ({ k: n % 10 === 0 ? n : 'same', l: n }));
    const right = Array.from({ length: 300 }, (_, n) => ({ k: 'same', r: n }));
    await expectSameWithLess(join, { on: [{ left: 'k', right: 'k' }], how: 'full' }, { left, right }, 1_000);
  });

  it('takes texts of a megabyte as keys, and records of 10,000 fields', async () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]));
    const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(1_000_000));
    const inputs = { left: keys.map((k) => ({ ...wide, k })), right: keys.toReversed().map((k, n) => ({ k, n })) };
    await expectSameWithLess(join, { on: [{ left: 'k', right: 'k' }] }, inputs, 100_000);
  });
});
