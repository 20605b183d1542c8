import { expect, it } from 'vitest';
import { both } from './brake.ts';

it('two brakes are one only where there is something to wait for', async () => {
  expect(both(undefined, undefined)).toBeUndefined();
  const one = Promise.resolve();
  expect(both(one, undefined)).toBe(one);
  expect(both(undefined, one)).toBe(one);
  const failing = Promise.reject(new Error('disk full'));
  await expect(both(one, failing)).rejects.toThrow('disk full');
});
