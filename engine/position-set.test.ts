import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PositionSet } from './position-set.ts';

test('is a set of positions in ascending order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(199)), (positions) => {
      const set = new PositionSet(200);
      for (const position of positions) set.add(position);
      const expected = [...new Set(positions)].sort((a, b) => a - b);
      expect([...set]).toEqual(expected);
      expect(set.count).toBe(expected.length);
      for (let p = 0; p < 210; p++) expect(set.has(p)).toBe(expected.includes(p));
    }),
  );
});

test('takes no position beyond the dataset', () => {
  const set = new PositionSet(32);
  set.add(64);
  expect(set.count).toBe(0);
});
