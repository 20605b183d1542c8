import { mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { FolderBlobs } from '../storage/blobs/folder-blobs.ts';
import { clearHalfDone, createFileArea } from './file-area.ts';

function setUp() {
  const home = mkdtempSync(join(tmpdir(), 'sluice-files-'));
  const blobs = new FolderBlobs(join(home, 'blobs'));
  return { home, blobs, files: createFileArea(join(home, 'files'), blobs) };
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

test('keeps what a run stores with the run', async () => {
  const { files, blobs } = setUp();
  const file = await files.of('r1').store(chunks('kept'), { name: 'a.txt', mime: 'text/plain' });
  expect(file.$file.id).toMatch(/^runs\/r1\/files\//);
  expect(await text(await files.open(file))).toBe('kept');
  await blobs.delete('runs/r1');
  await expect(files.open(file)).rejects.toMatchObject({
    code: 'file-gone',
    message: expect.stringContaining('a.txt'),
  });
  const forged = { $file: { ...file.$file, id: file.$file.id.replace('/files/', '/steps/') } };
  await expect(files.open(forged)).rejects.toMatchObject({ code: 'file-missing' });
});

test('a file that cannot be stored whole leaves nothing', async () => {
  const { files, blobs } = setUp();
  async function* broken() {
    yield 'new';
    throw new Error('broke off');
  }
  await expect(files.of('r1').store(broken(), { name: 'a', mime: 'text/plain' })).rejects.toThrow('broke off');
  const left: unknown[] = [];
  for await (const blob of blobs.list('')) left.push(blob);
  expect(left).toEqual([]);
});

test('what a crash left half-written is cleared away at the next start, and nothing else', async () => {
  const { home, files, blobs } = setUp();
  await files.write('in/a.txt', chunks('whole'));
  for (const name of ['in/.a.txt.0123abcd.part', 'in/mine.part', '.hidden']) {
    writeFileSync(join(home, 'files', name), 'x');
  }
  const passing = await files.store(chunks('x'), { name: 'a', mime: 'text/plain' });
  const kept = await files.of('r1').store(chunks('x'), { name: 'b', mime: 'text/plain' });
  await clearHalfDone(join(home, 'files'), blobs);
  expect(readdirSync(join(home, 'files'), { recursive: true }).sort()).toEqual([
    '.hidden',
    'in',
    'in/a.txt',
    'in/mine.part',
  ]);
  await expect(files.open(passing)).rejects.toMatchObject({ code: 'file-gone' });
  expect(await text(await files.open(kept))).toBe('x');
});
