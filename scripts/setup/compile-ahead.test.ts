import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const { compileServer } = (await import(join(import.meta.dirname, 'compile-ahead.mjs'))) as {
  compileServer(node: string, cache: string): Promise<void>;
};

const newFolder = () => mkdtempSync(join(tmpdir(), 'sluice-compiled-'));

test('what a server loads at its start is compiled once for the same sources', async () => {
  const cache = newFolder();
  await compileServer(process.execPath, cache);
  const [made = ''] = readdirSync(cache).filter((name) => name !== '.made-from');
  expect(readdirSync(join(cache, made)).length).toBeGreaterThan(500);
  // It would be missed.
  const nowhere = join(cache, 'no-node');
  await compileServer(nowhere, cache);
  writeFileSync(join(cache, '.made-from'), 'other sources');
  await expect(compileServer(nowhere, cache)).rejects.toThrow('ENOENT');
});

test('a server that does not start keeps nobody from starting it, and is tried again', async () => {
  const cache = newFolder();
  const failing = join(cache, 'failing-node');
  writeFileSync(failing, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  await compileServer(failing, cache);
  expect(existsSync(join(cache, '.made-from'))).toBe(false);
});
