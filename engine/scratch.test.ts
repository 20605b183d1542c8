import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DataRecord, Scratch } from '../sdk/index.ts';
import { FolderBlobs } from '../server/storage/blobs/folder-blobs.ts';
import { engineWorld, workflow } from '../tests/engine-world.ts';
import { ScratchSpace } from './scratch.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-scratch-'));
const blobs = new FolderBlobs(folder);
afterAll(() => {
  blobs.close();
  rmSync(folder, { recursive: true });
});

async function names(store: FolderBlobs, below: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of store.list(below)) found.push(name);
  return found;
}

const large = (n: number): DataRecord => ({ n, text: 'x'.repeat(2_000) });

async function fill(list: Scratch, count: number): Promise<void> {
  for (let start = 0; start < count; start += 500) {
    const numbers = Array.from({ length: Math.min(500, count - start) }, (_, i) => start + i);
    await list.write(
      numbers.map(large),
      numbers.map((n) => (n % 2 === 0 ? n * 3 : [n, n + 1])),
    );
  }
}

async function read(list: Scratch) {
  const records: DataRecord[] = [];
  const origins: unknown[] = [];
  for await (const batch of list.batches()) {
    records.push(...batch.records);
    origins.push(...batch.origins);
  }
  return { records, origins };
}

describe('a scratch list', () => {
  it.each([10, 6_000])('gives back %i records and what stands beside each, as often as wanted', async (count) => {
    const space = new ScratchSpace(blobs, `run/step/1`, new AbortController().signal);
    const list = space.list();
    await fill(list, count);
    const expected = {
      records: Array.from({ length: count }, (_, n) => large(n)),
      origins: Array.from({ length: count }, (_, n) => (n % 2 === 0 ? n * 3 : [n, n + 1])),
    };
    expect(await read(list)).toEqual(expected);
    expect(await read(list)).toEqual(expected);
    expect(list.count).toBe(count);
    await space.clear();
    expect(await names(blobs, 'run')).toEqual([]);
  });

  it('leaves nothing behind, read or not', async () => {
    const space = new ScratchSpace(blobs, `run/step/1`, new AbortController().signal);
    const [first, second, third] = [space.list(), space.list(), space.list()];
    for (const list of [first, second, third]) await fill(list, 4_000);
    await read(first);
    await read(second);
    await second.remove();
    expect(await names(blobs, 'run')).toHaveLength(2);
    await space.clear();
    expect(await names(blobs, 'run')).toEqual([]);
  });

  it('takes nothing more once the step was told to stop', () => {
    const abort = new AbortController();
    const list = new ScratchSpace(blobs, 'run/step/1', abort.signal).list();
    abort.abort(new Error('told to stop'));
    expect(() => list.write([{}], [0])).toThrow('told to stop');
  });
});

describe('a step that puts records away', () => {
  it.each([
    ['succeeded', false],
    ['failed', true],
  ])('has no scratch left when it has %s', async (status, fail) => {
    const world = engineWorld();
    const scratch = async () =>
      (await names(new FolderBlobs(join(world.home, 'blobs')), 'runs')).filter((name) => name.includes('scratch'));
    let filled: string[] = [];
    world.outside.before = async () => {
      filled = await scratch();
    };
    const request = workflow({ start: ['manual'], away: ['put-away', { count: 6_000, fail }] }, ['start -> away']);
    const { finished } = await world.engine.start(request);
    const view = await finished;
    expect(view.status).toBe(status);
    expect(filled).toEqual([expect.stringMatching(/^runs\/.+\/away\/1\/scratch\/0$/)]);
    expect(await scratch()).toEqual([]);
    await world.close();
  });
});
