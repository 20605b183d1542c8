import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Origins } from '../sdk/index.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { compressChunk, decompressChunk, encodeChunk, readChunk } from './chunk.ts';

async function through(records: readonly DataRecord[], origins?: Origins) {
  return readChunk(decompressChunk(await compressChunk(encodeChunk(records, origins))));
}

/** Also the order of the fields, and nothing but what JSON would say. */
const asText = (records: readonly DataRecord[]) => records.map((record) => JSON.stringify(record));

async function expectSame(records: readonly DataRecord[]) {
  expect(asText((await through(records)).records)).toEqual(asText(records));
}

describe('a chunk', () => {
  it.each<[string, unknown[]]>([
    ['whole numbers of every size', [0, 1, -1, 127, -128, 128, 32767, -32769, 2 ** 31 - 1, -(2 ** 31)]],
    ['numbers beyond 32 bits', [2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, 1e300, 5e-324, 0.1]],
    ['numbers and nulls', [1, null, 3]],
    ['fractions and nulls', [0.5, null, -0.5]],
    ['true, false and null', [true, false, null, true]],
    ['only nulls', [null, null]],
    ['the same text in all', ['DE', 'DE', 'DE']],
    ['few texts many times', Array.from({ length: 40 }, (_, i) => ['', 'a', null, '\ud83d', 'x'.repeat(64)][i % 5])],
    ['a text more than a choice has room for', [...Array.from({ length: 900 }, (_, i) => `${i % 129}`), null]],
    [
      'a text that is too long to be a choice',
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'x' : 'y'.repeat(65))),
    ],
    ['texts, some empty or null', ['', 'a', null, 'b', '']],
    ['texts beyond ASCII', ['é', '日本', '👩‍👩‍👧', 'plain']],
    ['halves of surrogate pairs, also side by side', ['\ud83d', '\ude00', 'a\ud83d', '\ude00b']],
    ['texts of a megabyte', ['x'.repeat(1_000_000), 'é'.repeat(500_000)]],
    ['integers and decimals as text', ['9007199254740993', '0.10000000000000000001', '-0']],
    ['nested values', [{ a: [1, null, { b: 'c' }] }, [], {}, [[1]]]],
    ['values of different types', [1, '1', true, null, [1], { one: 1 }]],
    ['dates', [new Date('2026-03-29T02:30:00Z'), '2026-03-29']],
  ])('keeps %s', async (_, values) => {
    await expectSame(values.map((value) => ({ before: 1, value })));
    await expectSame(values.flatMap((value) => [{ value }, { other: 'x' }]));
  });

  it('keeps what is missing apart from what is null, and the order of fields', async () => {
    await expectSame([{ a: 1, b: null }, { a: 1 }, { b: null, a: 1 }, { b: 2 }]);
    await expectSame([
      { a: 1, b: undefined },
      { a: undefined, b: 2 },
    ]);
    await expectSame([{}, { a: 1 }, {}]);
    await expectSame([]);
  });

  it('keeps fields with names that mean something to JavaScript', async () => {
    await expectSame([JSON.parse('{"__proto__": 1, "constructor": 2}'), { toString: 3, '10': 4, '9': 5, '': 6 }]);
    expect((await through([JSON.parse('{"__proto__": {"a": 1}}')])).records[0]).not.toHaveProperty('a');
  });

  it('keeps records that are all different, and ten thousand fields', async () => {
    await expectSame(Array.from({ length: 40 }, (_, i) => ({ [`field ${i}`]: i })));
    const wide = (n: number) => Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`c${i}`, i * n]));
    await expectSame([wide(1), wide(2), wide(0.5)]);
  });

  it('gives back any records that JSON gives back', async () => {
    const value = fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' });
    const record = fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.string()), value, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(record as fc.Arbitrary<DataRecord>, { maxLength: 30 }), async (records) => {
        const plain = records.map((one) => JSON.parse(JSON.stringify(one)) as DataRecord);
        expect(asText((await through(plain)).records)).toEqual(asText(plain));
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Origins, unknown[]]>([
    ['none', undefined, [undefined, undefined, undefined]],
    ['a run', { from: 7 }, [7, 8, 9]],
    ['the same for all', [4, 4, 4], [4, 4, 4]],
    ['consecutive ones', [4, 5, 6], [4, 5, 6]],
    ['any', [9, 2, 5], [9, 2, 5]],
    ['of two inputs', [2 ** 40 + 3, 1, 2 ** 40], [2 ** 40 + 3, 1, 2 ** 40]],
    [
      'a pair for each',
      [
        [1, 2 ** 40 + 9],
        [2, 2 ** 40 + 3],
        [7, 2 ** 40 + 5],
      ],
      [
        [1, 2 ** 40 + 9],
        [2, 2 ** 40 + 3],
        [7, 2 ** 40 + 5],
      ],
    ],
    [
      'pairs of a run and the same',
      [
        [4, 2],
        [5, 2],
        [6, 2],
      ],
      [
        [4, 2],
        [5, 2],
        [6, 2],
      ],
    ],
    ['none for any', [[], [], []], [[], [], []]],
    ['several for one', [[1, 2 ** 40 + 5], [], 3], [[1, 2 ** 40 + 5], [], 3]],
  ])('keeps origins: %s', async (_, origins, expected) => {
    const chunk = await through([{ n: 0 }, { n: 1 }, { other: 2 }], origins);
    expect([0, 1, 2].map((i) => chunk.originAt(i))).toEqual(expected);
    expect(chunk.records).toEqual([{ n: 0 }, { n: 1 }, { other: 2 }]);
    expect([0, 1, 2].map((i) => chunk.originAt(i))).toEqual(expected);
  });
});
