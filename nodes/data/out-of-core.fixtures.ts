import fc from 'fast-check';
import { expect } from 'vitest';
import type { z } from 'zod';
import type { DataRecord, NodeDefinition } from '../../sdk/index.ts';
import { runNode } from '../../sdk/testing/index.ts';

/** Values that are easily lost on the way to a file and back, few enough to meet again. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 4 }), weight: 4 },
  {
    arbitrary: fc.constantFrom<unknown>(
      null,
      undefined,
      true,
      false,
      '',
      '1',
      'null',
      '😀',
      'e\u0301',
      '\u0000',
      '\ud800',
      '2026-01-31',
      '2026-01-31T10:00:00.123456Z',
      '9007199254740993',
      '0.1000000000000000055511151231257827',
      9007199254740991,
      0.1,
      1e300,
      5e-324,
      -1,
      [],
      [null, 1],
      {},
      { a: 1, b: [1, { c: null }] },
      { b: [1, { c: null }], a: 1 },
      'x'.repeat(3_000),
    ),
    weight: 6,
  },
  fc.string({ maxLength: 4 }),
);

/** Records of the fields a, b and c, some of which are missing. */
export const anyRecords = (maxLength = 40): fc.Arbitrary<DataRecord[]> =>
  fc.array(
    fc.record({ a: anyValue, b: anyValue, c: anyValue }, { requiredKeys: [] }).map((record) =>
      // A field that is undefined is one that is not there: records are JSON.
      Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)),
    ),
    { maxLength },
  );

/** Budgets that make a node put away everything, or some of it. */
export const smallMemory = fc.constantFrom(0, 200, 1_000, 10_000);

/** A node gives the same with little memory as with enough of it: records, order, origins. */
export async function expectSameWithLess<S extends z.ZodObject, C>(
  node: NodeDefinition<S, C>,
  params: DataRecord,
  inputs: readonly DataRecord[] | Readonly<Record<string, readonly DataRecord[]>>,
  workingMemory: number,
): Promise<void> {
  const whole = await runNode(node, { params, inputs, mayFail: true });
  const pieces = await runNode(node, { params, inputs, mayFail: true, workingMemory, batchSize: 7 });
  expect(pieces.ports).toEqual(whole.ports);
  expect(pieces.origins).toEqual(whole.origins);
  expect(pieces.error).toEqual(whole.error);
}
