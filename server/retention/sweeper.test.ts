import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineWorld, FakeClock, type World, workflow } from '../../tests/engine-world.ts';
import { FolderBlobs } from '../storage/blobs/folder-blobs.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import type { Limits } from './policy.ts';
import { Removals } from './removals.ts';
import { Sweeper, type SweepReport } from './sweeper.ts';

const DAY = 86_400_000;
const ENDLESS: Limits = { age: Number.POSITIVE_INFINITY, size: Number.POSITIVE_INFINITY };

let clock: FakeClock;
let world: World;
let blobs: FolderBlobs;
let removals: Removals;
let limits: Limits;
let total: number;
let told: (report: SweepReport) => void;

beforeEach(() => {
  clock = new FakeClock();
  world = engineWorld({ clock });
  blobs = new FolderBlobs(join(world.home, 'blobs'));
  removals = new Removals(openDatabase(':memory:'));
  limits = ENDLESS;
  total = Number.POSITIVE_INFINITY;
  told = () => {};
});

afterEach(async () => {
  blobs.close();
  await world.close();
});

const sweeper = (store = world.store) =>
  new Sweeper({
    store,
    blobs,
    policy: { of: async () => limits, total: () => total },
    removals,
    clock,
    isActive: (id) => world.engine.isActive(id),
    swept: (report) => told(report),
    failed: (_, error) => {
      throw error;
    },
  });

const small = workflow({ start: ['manual'], a: ['set', { fields: { a: 1 } }] }, ['start -> a']);
const text = 'x'.repeat(2000);

/** A run that is over, with a spilled dataset if `large`. */
async function run(large = false): Promise<string> {
  const records = large ? Array.from({ length: 3000 }, (_, n) => ({ n, text })) : [{ n: 1 }];
  const { finished } = await world.engine.start({ ...small, records });
  return (await finished).id;
}

async function put(name: string): Promise<void> {
  const writer = await blobs.writer(name);
  await writer.write(Buffer.from('12345'));
  await writer.close();
}

const isThere = async (id: string) => (await world.store.loadRun(id)) !== undefined;
const hasBlobs = (id: string) => existsSync(join(world.home, 'blobs', 'runs', id));

describe('retention', () => {
  it('removes rows and blobs of runs that ended long enough ago, and says so', async () => {
    const old = [await run(true), await run()];
    clock.advance(2 * DAY);
    const young = await run(true);
    limits = { ...ENDLESS, age: DAY };
    const report = await sweeper().sweep();
    expect(report).toMatchObject({ runs: 2, orphans: { count: 0 } });
    expect(report.bytes).toBeGreaterThan(3000);
    expect(await Promise.all(old.map(isThere))).toEqual([false, false]);
    expect(old.map(hasBlobs)).toEqual([false, false]);
    expect([await isThere(young), hasBlobs(young)]).toEqual([true, true]);
    expect(removals.of('test')).toEqual({ runs: 2, lastEnded: clock.now() - 2 * DAY, at: clock.now() });
    expect(removals.of('other')).toBeUndefined();
    expect(removals.of(undefined)?.runs).toBe(2);
  });

  it('never removes a run that has not ended, however old', async () => {
    const waiting = workflow({ start: ['manual'], ask: ['approve'] }, ['start -> ask']);
    const { id } = await world.engine.start({ ...waiting, until: 'accepted' });
    clock.advance(100 * DAY);
    limits = { age: 0, size: 0 };
    total = 0;
    await sweeper().sweep();
    expect(await isThere(id)).toBe(true);
    expect(await world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' })).toBe(true);
    expect((await world.engine.finished(id)).status).toBe('succeeded');
  });

  it('removes what ended long ago also where a run that was accepted before it has ended but now', async () => {
    const waiting = workflow({ start: ['manual'], ask: ['approve'] }, ['start -> ask']);
    const first = await run();
    clock.advance(1);
    const { id } = await world.engine.start({ ...waiting, until: 'accepted' });
    clock.advance(1);
    const old = await run();
    clock.advance(2 * DAY);
    await vi.waitUntil(() => world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' }));
    await world.engine.finished(id);
    const [usage] = await world.store.usage();
    limits = { age: DAY, size: (usage?.bytes ?? 0) - 1 };
    expect(await sweeper().sweep()).toMatchObject({ runs: 2 });
    expect(await Promise.all([first, id, old].map(isThere))).toEqual([false, true, false]);
  });

  it('removes the oldest until a workflow, and all together, take no more than they may', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      ids.push(await run(true));
      clock.advance(1000);
    }
    const [usage] = await world.store.usage();
    const { bytes } = await sweeper().sweep();
    expect(bytes).toBe(0);
    let blobBytes = 0;
    for await (const blob of blobs.list('runs')) blobBytes += blob.bytes;
    const all = (usage?.bytes ?? 0) + blobBytes;
    limits = { ...ENDLESS, size: Math.ceil(all * 0.75) };
    await sweeper().sweep();
    expect(await Promise.all(ids.map(isThere))).toEqual([false, true, true, true]);
    limits = ENDLESS;
    total = Math.ceil(all * 0.3);
    await sweeper().sweep();
    expect(await Promise.all(ids.map(isThere))).toEqual([false, false, false, true]);
    expect(removals.of('test')?.runs).toBe(3);
  });

  it('keeps a run whose files a restart of it may point at, until that goes too', async () => {
    const first = await run();
    await put(`runs/${first}/files/a`);
    const again = await world.engine.restart(first, { from: 'start' });
    await again.finished;
    clock.advance(DAY);
    const plain = await run();
    const after = await world.engine.restart(plain, { from: 'start' });
    await after.finished;
    clock.advance(DAY + 1);
    limits = { ...ENDLESS, age: DAY };
    await sweeper().sweep();
    expect([await isThere(first), await isThere(again.id)]).toEqual([true, false]);
    expect(await isThere(plain)).toBe(false);
    await sweeper().sweep();
    expect([await isThere(first), hasBlobs(first)]).toEqual([false, false]);
  });
});

describe('orphans', () => {
  it('are blobs of runs that are not there, such as after a crash between the rows and the blobs', async () => {
    const id = await run(true);
    await put('runs/never-was/steps/a/1/records');
    await world.store.deleteRuns([id]);
    const { orphans } = await sweeper().sweep();
    expect(orphans.count).toBe(2);
    expect(orphans.bytes).toBeGreaterThan(3000);
    expect([hasBlobs(id), hasBlobs('never-was')]).toEqual([false, false]);
  });

  it('are what attempts left that did not come to their end, but nothing that a run is made of', async () => {
    const id = await run(true);
    const left = `runs/${id}/steps/a/9/records`;
    await put(left);
    await put(`runs/${id}/files/kept`);
    expect((await sweeper().sweep()).orphans).toEqual({ count: 1, bytes: 5 });
    expect(existsSync(join(world.home, 'blobs', left))).toBe(false);
    expect(existsSync(join(world.home, 'blobs', `runs/${id}/files/kept`))).toBe(true);
    const page = await world.engine.records(id, 'a', { offset: 2999, limit: 1 });
    expect(page?.records).toEqual([{ n: 2999, text, a: 1 }]);
  });

  it('are not what runs write right now, kept or not, nor what waits', async () => {
    const hanging = workflow({ start: ['manual'], hang: ['hang'] }, ['start -> hang']);
    const unkept = await world.engine.start({ ...hanging, keepOnlyFailed: true, until: 'finished' });
    const waiting = workflow({ start: ['manual'], ask: ['approve'] }, ['start -> ask']);
    const asks = await world.engine.start({ ...waiting, until: 'accepted' });
    for (const { id } of [unkept, asks]) await put(`runs/${id}/steps/x/1/records`);
    expect((await sweeper().sweep()).orphans.count).toBe(0);
    expect([hasBlobs(unkept.id), hasBlobs(asks.id)]).toEqual([true, true]);
    await world.engine.cancel(unkept.id, 'test');
    await unkept.finished;
  });

  it('of a crash in the middle of a run are gone once it has ended, and its records are all there', async () => {
    const spilling = workflow({ start: ['manual'], a: ['set', { fields: { a: 1 } }], hang: ['hang'] }, [
      'start -> a',
      'a -> hang',
    ]);
    const records = Array.from({ length: 3000 }, (_, n) => ({ n, text }));
    const hanging = () =>
      new Promise<void>((resolve) => {
        world.engine.on((event) => {
          if (event.kind === 'step' && event.step.node === 'hang' && event.step.status === 'running') resolve();
        });
      });
    let hangs = hanging();
    const { id } = await world.engine.start({ ...spilling, records, until: 'accepted' });
    await hangs;
    world = world.crashed();
    await put(`runs/${id}/steps/a/7/records`);
    await put(`runs/${id}/steps/hang/1/scratch/0`);
    hangs = hanging();
    await world.engine.recover();
    expect((await sweeper().sweep()).orphans.count).toBe(0);
    await hangs;
    await world.engine.cancel(id, 'test');
    await world.engine.finished(id);
    expect((await sweeper().sweep()).orphans.count).toBeGreaterThanOrEqual(2);
    const snapshot = (await world.store.loadRun(id))?.snapshot ?? '';
    for await (const { name } of blobs.list('')) expect(snapshot).toContain(JSON.stringify(name));
    const page = await world.engine.records(id, 'a', { offset: 2999, limit: 1 });
    expect(page?.records).toEqual([{ n: 2999, text, a: 1 }]);
  });

  it('do not come from runs that are not kept after they succeeded', async () => {
    const records = Array.from({ length: 3000 }, (_, n) => ({ n, text }));
    const { id, finished } = await world.engine.start({ ...small, records, keepOnlyFailed: true });
    await finished;
    expect(await isThere(id)).toBe(false);
    await sweeper().sweep();
    expect(hasBlobs(id)).toBe(false);
  });
});

it('ends also where the store has space that it cannot give back', async () => {
  const stuck = Object.create(world.store) as typeof world.store;
  let asked = 0;
  stuck.reclaim = async () => {
    asked++;
    return 4096;
  };
  await sweeper(stuck).sweep();
  expect(asked).toBe(2);
});

it('sweeps soon after the start, and then every hour', async () => {
  const reports: (() => void)[] = [];
  const next = () => new Promise<void>((resolve) => reports.push(resolve));
  told = () => reports.shift()?.();
  const periodic = sweeper();
  periodic.start();
  for (const wait of [10_000, 3_600_000, 3_600_000]) {
    const swept = next();
    clock.advance(wait);
    await swept;
    // The next one is armed right after the report.
    await Promise.resolve();
    await Promise.resolve();
  }
  await periodic.close();
});
