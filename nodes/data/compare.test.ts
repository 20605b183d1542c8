import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataRecord, origin } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import compare from './compare.ts';
import { anyRecords, expectSameWithLess, smallMemory } from './out-of-core.fixtures.ts';

testNode(compare);

const run = (a: DataRecord[], b: DataRecord[], params: DataRecord = {}) =>
  runNode(compare, { params: { key: ['id'], ...params }, inputs: { a, b } });

describe('compare', () => {
  it('tells apart what is only in one, what has changed and how, and what is the same', async () => {
    const before = [
      { id: 1, name: 'Ann', city: 'Bonn' },
      { id: 2, name: 'Bo', city: 'Ulm' },
      { id: 3, name: 'Cy', city: 'Kiel' },
    ];
    const now = [
      { id: 4, name: 'Di', city: 'Jena' },
      { id: 3, name: 'Cy', city: 'Kiel' },
      { id: 1, name: 'Anne', city: 'Köln' },
    ];
    const { ports, origins } = await run(before, now);
    expect(ports).toEqual({
      'only-a': [before[1]],
      'only-b': [now[0]],
      changed: [
        {
          ...now[2],
          _changes: [
            { field: 'name', a: 'Ann', b: 'Anne' },
            { field: 'city', a: 'Bonn', b: 'Köln' },
          ],
        },
      ],
      same: [now[1]],
    });
    expect(origins).toEqual({
      'only-a': [origin(0, 1)],
      'only-b': [origin(1, 0)],
      changed: [[origin(1, 2), origin(0, 0)]],
      same: [[origin(1, 1), origin(0, 2)]],
    });
  });

  it.each([
    ['an ignored field', { id: 1, at: 1 }, { id: 1, at: 2 }, true],
    ['a field that is not there and one that is empty', { id: 1 }, { id: 1, x: null }, true],
    ['the order of fields, at any depth', { id: 1, x: { a: 1, b: 2 } }, { x: { b: 2, a: 1 }, id: 1 }, true],
    ['zero and minus zero', { id: 1, x: 0 }, { id: 1, x: -0 }, true],
    ['a number and its text', { id: 1, x: 1 }, { id: 1, x: '1' }, false],
    ['empty and empty text', { id: 1, x: null }, { id: 1, x: '' }, false],
    ['a list in another order', { id: 1, x: [1, 2] }, { id: 1, x: [2, 1] }, false],
    ['the last digit of a long number', { id: 1, x: '9007199254740993' }, { id: 1, x: '9007199254740992' }, false],
    ['a field called like what objects inherit', { id: 1 }, { id: 1, constructor: 'x' }, false],
  ])('%s', async (_, a, b, isSame) => {
    const { ports } = await run([a], [b], { ignore: ['at'] });
    expect(Object.keys(ports)).toEqual([isSame ? 'same' : 'changed']);
  });

  it('leaves records without a key alone, and pairs those of one key in their order', async () => {
    const { ports } = await run(
      [
        { id: null, n: 1 },
        { id: 7, n: 2 },
        { id: 7, n: 3 },
      ],
      [{ n: 1 }, { id: 7, n: 2 }, { id: 7, n: 4 }, { id: 7, n: 5 }],
    );
    expect(ports['only-a']).toEqual([{ id: null, n: 1 }]);
    expect(ports['only-b']).toEqual([{ n: 1 }, { id: 7, n: 5 }]);
    expect(ports.same).toEqual([{ id: 7, n: 2 }]);
    expect(ports.changed).toEqual([{ id: 7, n: 4, _changes: [{ field: 'n', a: 3, b: 4 }] }]);
  });

  it('gives the same with little memory', async () => {
    const key = fc.constantFrom(['a'], ['a', 'b']);
    await fc.assert(
      fc.asyncProperty(key, anyRecords(), anyRecords(), smallMemory, (key, a, b, memory) =>
        expectSameWithLess(compare, { key }, { a, b }, memory),
      ),
      { numRuns: 200 },
    );
  });
});
