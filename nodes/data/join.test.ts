import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { origin } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import join from './join.ts';

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
});
