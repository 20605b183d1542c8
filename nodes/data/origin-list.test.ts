import fc from 'fast-check';
import { expect, it } from 'vitest';
import { origin } from '../../sdk/index.ts';
import { OriginList } from './origin-list.ts';

it('gives back what was added, in its order', () => {
  const one = fc
    .tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 ** 31 - 1 }))
    .map(([slot, position]) => origin(slot, position));
  fc.assert(
    fc.property(fc.oneof(fc.array(one, { maxLength: 200 }), fc.array(fc.nat(300), { maxLength: 200 })), (origins) => {
      expect(OriginList.of(origins).toArray()).toEqual(origins);
    }),
  );
});

it('holds the extremes', () => {
  const extremes = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0 : origin(4095, 2 ** 40 - 1)));
  expect(OriginList.of(extremes).toArray()).toEqual(extremes);
});

it('takes few bytes for many', () => {
  const list = OriginList.of(Array.from({ length: 100_000 }, (_, i) => i * 3));
  expect(list.toArray().at(-1)).toBe(299_997);
  expect(list.bytes).toBeLessThan(200_000);
});
