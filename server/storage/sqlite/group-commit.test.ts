import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import type { NewRun } from './run-tables.ts';

let folder: string;
let db: Database;
let writer: GroupCommit;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  folder = mkdtempSync(join(tmpdir(), 'sluice-commit-'));
  db = openDatabase(join(folder, 'runs.db'));
  writer = new GroupCommit(db);
});

afterEach(async () => {
  await writer.close();
  vi.useRealTimers();
  db.close();
  rmSync(folder, { recursive: true });
});

const run = (id: string, input = '{}'): NewRun => [id, 'w', 1, null, null, null, '{}', input];
const large = JSON.stringify('x'.repeat(100_000));
const fill = () => db.exec(`pragma max_page_count = ${Number(db.prepare('pragma page_count').get()?.page_count)}`);
const free = () => db.exec('pragma max_page_count = 1000000');
const journalOf = async (id: string) => (await writer.read('load', id))?.journal;

test('a full disk refuses what is new, and keeps what is owed to accepted runs until there is space, in order', async () => {
  await writer.act('accept', run('old'));
  fill();
  let isWritten = false;
  const first = writer.act('append', 'old', large).then(() => {
    isWritten = true;
  });
  await expect(writer.act('accept', run('new', large))).rejects.toThrow(/full/);
  const second = writer.act('append', 'old', '[2]');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(isWritten).toBe(false);
  await expect(writer.probe().then(() => writer.act('saveVersion', 'v', large))).rejects.toThrow(/full/);
  free();
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all([first, second]);
  expect(await journalOf('old')).toEqual([large, '[2]']);
  expect(await writer.read('load', 'new')).toBeUndefined();
});

test('nothing is written of a run whose acceptance was refused', async () => {
  fill();
  const accepted = writer.act('accept', run('r', large));
  const appended = writer.act('append', 'r', '[1]');
  await expect(accepted).rejects.toThrow(/full/);
  await expect(appended).rejects.toThrow(/full/);
  await expect(writer.act('finish', run('short'), ['succeeded', 1, 1, null, large], false, [])).rejects.toThrow(/full/);
  free();
  await writer.probe();
  expect(db.prepare('select count(*) as n from journal').get()?.n).toBe(0);
});

test('a disk that was made read-only is told as such, and closing gives up what could not be written', async () => {
  await writer.act('accept', run('r'));
  db.exec('pragma query_only = on');
  const owed = writer.act('append', 'r', '[1]');
  const given = expect(owed).rejects.toThrow(/closed before/);
  await expect(writer.act('accept', run('new'))).rejects.toThrow(/readonly/);
  await writer.close();
  await given;
});

test('a commit that cannot be trusted is not acknowledged, and none after it', async () => {
  await writer.act('accept', run('r'));
  await writer.close();
  let isBroken = false;
  writer = new GroupCommit(db, {
    check: () => {
      if (isBroken) throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
    },
    close: () => {},
  });
  await writer.act('append', 'r', '[1]');
  isBroken = true;
  const owed = expect(writer.act('append', 'r', '[2]')).rejects.toThrow(/closed before/);
  await expect(writer.act('accept', run('new'))).rejects.toThrow(/EROFS/);
  // It does not come to be trusted again, and what it was about is not written twice.
  isBroken = false;
  await vi.advanceTimersByTimeAsync(3_000);
  await expect(writer.probe()).rejects.toThrow(/EROFS/);
  expect(await journalOf('r')).toEqual(['[1]', '[2]']);
  await writer.close();
  await owed;
});
