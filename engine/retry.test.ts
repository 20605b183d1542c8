import { expect, it } from 'vitest';
import { backoff } from './retry.ts';

const retry = { attempts: 9, backoff: 'exponential', delay: '1s', maxDelay: '10s' } as const;

it('doubles from try to try up to the cap, with at most half of it left to chance', () => {
  expect([1, 2, 3, 4, 5, 6].map((attempt) => backoff(retry, attempt, undefined, 1))).toEqual([
    1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
  expect(backoff(retry, 3, undefined, 0)).toBe(2000);
});

it('stays the same where it is fixed', () => {
  expect(backoff({ ...retry, backoff: 'fixed' }, 7, undefined, 0)).toBe(1000);
});

it('waits as long as the service asks', () => {
  expect(backoff(retry, 1, 42_000, 0)).toBe(42_000);
});
