import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { BlobInfo } from '../../../engine/ports.ts';
import { FolderBlobs } from './folder-blobs.ts';

let folder: string;
let blobs: FolderBlobs;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-blobs-'));
  blobs = new FolderBlobs(folder);
});

async function put(name: string, content: string): Promise<void> {
  const writer = await blobs.writer(name);
  await writer.write(Buffer.from(content));
  await writer.close();
}

async function told(below: string): Promise<BlobInfo[]> {
  const found: BlobInfo[] = [];
  for await (const blob of blobs.list(below)) found.push(blob);
  return found;
}

const names = async (below: string) => (await told(below)).map(({ name }) => name).sort();

test('tells what is there, with sizes', async () => {
  await put('runs/a/x/1/records', '12345');
  await put('runs/b/y', '1');
  expect(await told('runs/a')).toEqual([{ name: 'runs/a/x/1/records', bytes: 5 }]);
  expect(await names('')).toEqual(['runs/a/x/1/records', 'runs/b/y']);
  expect(await names('nothing')).toEqual([]);
});

test('deletes one blob or a folder of them, and leaves no empty folder', async () => {
  await put('runs/a/x/1/records', '12345');
  await put('runs/a/y/1/records', '12345');
  await put('runs/ab/x/1/records', '12345');
  await blobs.delete('runs/a/x/1/records');
  expect(existsSync(join(folder, 'runs', 'a', 'x'))).toBe(false);
  await blobs.delete('runs/a');
  expect(await names('')).toEqual(['runs/ab/x/1/records']);
  await blobs.delete('runs/ab');
  await blobs.delete('runs/never-there');
  expect(existsSync(folder)).toBe(true);
  expect(existsSync(join(folder, 'runs'))).toBe(false);
});

test('what is deleted while it is read is gone, and can be written anew', async () => {
  await put('runs/a/x', 'old');
  expect(Buffer.from(blobs.readSync('runs/a/x', 0, 3)).toString()).toBe('old');
  await blobs.delete('runs/a');
  expect(() => blobs.readSync('runs/a/x', 0, 3)).toThrow('ENOENT');
  mkdirSync(join(folder, 'runs'), { recursive: true });
  await put('runs/a/x', 'new');
  expect(Buffer.from(blobs.readSync('runs/a/x', 0, 3)).toString()).toBe('new');
});
