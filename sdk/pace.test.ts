import { afterEach, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** The sizes of the pieces in which so many records are done that each take some milliseconds. */
function pieces(pace: Pace, count: number, each: number): number[] {
  const sizes: number[] = [];
  for (let left = count; left > 0; ) {
    const size = Math.min(left, pace.count);
    pace.piece(size, () => vi.advanceTimersByTime(size * each));
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

it('takes many records at once where they are soon done, and few where each takes its time', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const pace = new Pace();
  expect(pieces(pace, 100_000, 0).at(-2)).toBeGreaterThan(10_000);
  const slow = pieces(pace, 300_000, 0.5);
  expect(slow.slice(1).every((size) => size <= 12)).toBe(true);
  const before = pace.count;
  pieces(pace, before - 1, 0);
  expect(pace.count).toBe(before);
});
