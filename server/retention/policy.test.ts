import { expect, test } from 'vitest';
import type { Settings } from '../../spec/api/settings.ts';
import type { Retention } from '../../spec/workflow/document.ts';
import { retentionPolicy } from './policy.ts';

const DAY = 86_400_000;
const MB = 1024 ** 2;

function policy(said: { live?: Retention; draft?: Retention; settings?: Settings['retention'] }) {
  const holding = (retention: Retention | undefined) =>
    retention && ({ document: { settings: { retention } } } as never);
  return retentionPolicy({
    environment: { age: '30d', size: '10 MB', total: 'unlimited' },
    settings: () => ({ timezone: 'UTC', ...(said.settings ? { retention: said.settings } : {}) }),
    workspace: { published: async () => holding(said.live), find: async () => holding(said.draft) },
  });
}

test('goes by the environment, then the settings page, then the workflow, each for what it says', async () => {
  expect(await policy({}).of('w')).toEqual({ age: 30 * DAY, size: 10 * MB });
  expect(await policy({ settings: { age: '7d' } }).of('w')).toEqual({ age: 7 * DAY, size: 10 * MB });
  expect(await policy({ settings: { age: '7d' }, draft: { size: '1MB' } }).of('w')).toEqual({ age: 7 * DAY, size: MB });
});

test('takes what is live before what is being drawn', async () => {
  expect((await policy({ live: { age: '1d' }, draft: { age: '2d' } }).of('w')).age).toBe(DAY);
});

test('takes "forever" and "unlimited" for no limit', async () => {
  expect(await policy({ draft: { age: 'forever', size: 'unlimited' } }).of('w')).toEqual({
    age: Number.POSITIVE_INFINITY,
    size: Number.POSITIVE_INFINITY,
  });
  expect(policy({}).total()).toBe(Number.POSITIVE_INFINITY);
  expect(policy({ settings: { total: '1 GB' } }).total()).toBe(1024 * MB);
});
