import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { FolderBlobs } from '../storage/blobs/folder-blobs.ts';
import { createFileArea } from './file-area.ts';

function setUp() {
  const home = mkdtempSync(join(tmpdir(), 'sluice-files-'));
  return { home, files: createFileArea(join(home, 'files'), new FolderBlobs(join(home, 'blobs'))) };
}

async function* chunks(...parts: string[]) {
  yield* parts;
}

test('writes whole files, lists and reads them', async () => {
  const { files } = setUp();
  expect(await files.write('out/a.txt', chunks('one', 'two'))).toEqual({ size: 6 });
  expect(await text(await files.read('out/a.txt'))).toBe('onetwo');
  expect((await files.list('.')).map(({ path, size }) => [path, size])).toEqual([['out/a.txt', 6]]);
  expect(await files.stat('out/b.txt')).toBeUndefined();
  await expect(files.read('out/b.txt')).rejects.toMatchObject({ code: 'file-missing' });
});

test('a write that breaks off leaves the old file and nothing else', async () => {
  const { files } = setUp();
  await files.write('a.txt', chunks('old'));
  async function* broken() {
    yield 'new';
    throw new Error('broke off');
  }
  await expect(files.write('a.txt', broken())).rejects.toThrow('broke off');
  expect(await text(await files.read('a.txt'))).toBe('old');
  expect(await files.list('.')).toHaveLength(1);
});

test('no path leads out', async () => {
  const { home, files } = setUp();
  await files.write('a.txt', chunks('in'));
  writeFileSync(join(home, 'secret'), 'out');
  symlinkSync(home, join(home, 'files', 'link'));
  for (const path of ['../secret', join(home, 'secret'), 'link/secret', 'a\0b', 'link/new/file']) {
    expect(() => files.path(path), path).toThrow('leads out');
  }
});

test('stores content for records to point at, and opens nothing else', async () => {
  const { files } = setUp();
  const file = await files.store(chunks('héllo', ' world'), { name: 'a.txt', mime: 'text/plain' });
  expect(file.$file).toMatchObject({ name: 'a.txt', size: 12 });
  expect(await text(await files.open(file))).toBe('héllo world');
  const forged = { $file: { ...file.$file, id: '../../secret' } };
  await expect(files.open(forged)).rejects.toMatchObject({ code: 'file-missing' });
});
