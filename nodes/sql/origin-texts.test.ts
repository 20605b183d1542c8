import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OriginTexts } from './origin-texts.ts';

const SECOND = 2 ** 40;

describe('texts of origins', () => {
  it('are read in order, each once', async () => {
    const texts = new OriginTexts([
      { from: SECOND, count: 50 },
      { from: 0, count: 50 },
    ]);
    expect(await texts.read('')).toEqual([]);
    expect(await texts.read(`7 ${SECOND + 3} 0 7`)).toEqual([0, 7, SECOND + 3]);
  });

  it('are read so however long they are', async () => {
    const ranges = [
      { from: SECOND + 10, count: 300 },
      { from: 5, count: 300 },
    ];
    const some = fc.array(fc.tuple(fc.boolean(), fc.nat(299)), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(some, async (places) => {
        const numbers = places.map(([isSecond, at]) => (isSecond ? SECOND + 10 : 5) + at);
        const text = Array.from({ length: 120_000 / numbers.length }, () => numbers.join(' ')).join(' ');
        const expected = [...new Set(numbers)].sort((a, b) => a - b);
        expect(await new OriginTexts(ranges).read(text)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });
});
