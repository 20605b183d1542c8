import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgeSchema, nodeSchema, workflowSchema } from '../document.ts';
import { plainEdge, plainLayout, plainNode } from './well-formed.ts';

const slug = fc.constantFrom('a', 'a-1', 'A', '', '-a', 'ä', 'a'.repeat(80), 'a'.repeat(81));
const text = fc.constantFrom('', 'x', 'x'.repeat(100), 'x'.repeat(101), 'x'.repeat(201));
const duration = fc.constantFrom('5s', '1.5 h', 'soon', '5', '');
const junk = fc.oneof(fc.constantFrom(undefined, null, true, 0, 1, -1, 1.5, 1e300), fc.anything());

function mostly<T>(usual: fc.Arbitrary<T>) {
  return fc.oneof({ weight: 12, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk });
}

const retry = fc.record(
  {
    attempts: mostly(fc.integer({ min: 0, max: 101 })),
    backoff: mostly(fc.constantFrom('fixed', 'exponential', 'none')),
    delay: mostly(duration),
    maxDelay: mostly(duration),
    more: junk,
  },
  { requiredKeys: [] },
);

const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  id: mostly(slug),
  type: mostly(text),
  version: mostly(fc.integer({ min: 0, max: 3 })),
  name: mostly(text),
  params: mostly(fc.object({ maxDepth: 1 })),
  credential: mostly(text),
  parent: mostly(slug),
  start: mostly(fc.constantFrom('all-succeeded', 'any-failed', 'whenever')),
  onError: mostly(fc.constantFrom('stop', 'branch', 'continue', 'shrug')),
  unknownOutcome: mostly(fc.constantFrom('ask', 'guess')),
  retry: mostly(retry),
  timeout: mostly(duration),
  disabled: mostly(fc.boolean()),
  notes: mostly(text),
  more: junk,
};

/** A sound node with up to three of its fields given anew. */
const node = fc
  .array(
    fc.constantFrom(...Object.keys(fields)).chain((key) => (fields[key] ?? junk).map((value) => [key, value] as const)),
    { maxLength: 3 },
  )
  .map((changes) => ({ id: 'a', type: 't', name: 'A', ...Object.fromEntries(changes) }));

describe('the quick way to recognise what is well-formed', () => {
  it('takes no node that the schema refuses, and reads it the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(node, (value) => {
        const plain = plainNode(value);
        if (plain === undefined) return;
        taken++;
        const parsed = nodeSchema.safeParse(value);
        expect(parsed.error).toBeUndefined();
        expect(plain).toEqual(parsed.data);
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it('takes no edge that the schema refuses', () => {
    const edge = fc.record(
      { from: mostly(slug), to: mostly(slug), output: mostly(text), input: mostly(text), more: junk },
      { requiredKeys: ['from', 'to'] },
    );
    fc.assert(
      fc.property(edge, (value) => {
        const plain = plainEdge(value);
        if (plain !== undefined) expect(edgeSchema.parse(value)).toEqual(plain);
      }),
    );
  });

  it('takes no layout that the schema refuses', () => {
    const place = mostly(fc.array(mostly(fc.double()), { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(fc.dictionary(slug, place, { maxKeys: 2 }), (value) => {
        const plain = plainLayout(value);
        if (plain !== undefined) expect(workflowSchema.shape.layout.parse(value)).toEqual(plain);
      }),
    );
  });
});
