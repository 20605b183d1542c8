import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { ensureSpace } from './space-left.ts';
import { isFull } from './storage-fault.ts';

vi.mock('node:fs/promises', { spy: true });
afterEach(() => vi.restoreAllMocks());

it('is content where there is space', async () => {
  await expect(ensureSpace(tmpdir())).resolves.toBeUndefined();
});

it('fails as a write would where hardly any is left', async () => {
  const real = await statfs(tmpdir());
  vi.mocked(statfs).mockResolvedValue({ ...real, bsize: 4096, bavail: 3, bfree: 3 });
  const error = await ensureSpace(tmpdir()).catch((thrown: unknown) => thrown);
  expect(isFull(error)).toBe(true);
});
