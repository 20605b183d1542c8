import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeError } from '../sdk/index.ts';
import { FolderBlobs } from '../server/storage/blobs/folder-blobs.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { engineWorld, type World, workflow } from '../tests/engine-world.ts';
import type { JournalEntry, KeptResult, RunHeader } from './journal.ts';
import { KeptResults } from './kept-results.ts';
import { type Inquiry, Ledger, UnknownOutcome } from './ledger.ts';
import type { BlobStore } from './ports.ts';
import { apply, newRunState, stepOf } from './run-state.ts';

/** More than three of them are beyond what stands in the journal. */
const large = (n: number) => ({ n, body: `${n} `.repeat(75_000) });

const namesBelow = async (blobs: FolderBlobs, folder: string) => {
  const names: string[] = [];
  for await (const { name } of blobs.list(folder)) names.push(name);
  return names;
};

describe('the results of a step', () => {
  let home: string;
  let disk: FolderBlobs;
  let entries: JournalEntry[];
  let state = newRunState({ id: 'run' } as RunHeader);
  let made: KeptResults[];
  let syncs = 0;
  /** What a sync waits for. */
  let synced: () => Promise<void>;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'sluice-results-'));
    disk = new FolderBlobs(home);
    entries = [];
    state = newRunState({ id: 'run' } as RunHeader);
    made = [];
    syncs = 0;
    synced = async () => {};
  });

  afterEach(async () => {
    for (const one of made) await one.end();
    disk.close();
    rmSync(home, { recursive: true });
  });

  const journal = {
    now: () => 1,
    durable: async () => {},
    write(entry: JournalEntry) {
      apply(state, entry);
      entries.push(entry);
    },
  };

  function results(): KeptResults {
    const blobs = {
      writer: async (name: string) => {
        const writer = await disk.writer(name);
        const sync = async () => {
          syncs++;
          await synced();
        };
        return {
          write: writer.write,
          close: writer.close,
          sync,
          get size() {
            return writer.size;
          },
        };
      },
      readSync: (name: string, start: number, length: number) => disk.readSync(name, start, length),
    } as Partial<BlobStore> as BlobStore;
    const one = new KeptResults({ blobs, folder: 'step', journal, step: 'step', state: stepOf(state, 'step') });
    made.push(one);
    return one;
  }

  function ledger(effect: 'once' | 'idempotent') {
    const its = new Ledger({
      journal,
      runId: 'run',
      step: 'step',
      effect,
      state: stepOf(state, 'step'),
      repeats: false,
      results: results(),
      signal: new AbortController().signal,
      sleep: async () => {},
      log: () => {},
    });
    const inquiry: Inquiry = { ask: undefined, sent: () => ({ params: [], records: [] }) };
    const call = (start: number, act: () => Promise<unknown>) =>
      its.call({ start, count: 1 }, act, inquiry, (result) => result);
    return { call, end: () => its.end() };
  }

  /** The journal as it is read after a crash. */
  function readAgain(): void {
    state = newRunState({ id: 'run' } as RunHeader);
    for (const entry of JSON.parse(JSON.stringify(entries)) as JournalEntry[]) apply(state, entry);
  }

  /** Some turns of the event loop. */
  async function turns(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  it('stand in the journal while they are few', async () => {
    const kept = results();
    expect(kept.keep(undefined)).toEqual({});
    expect(kept.keep(large(1))).toEqual({ result: large(1) });
    expect(syncs).toBe(0);
    await kept.end();
    expect(await namesBelow(disk, '')).toEqual([]);
  });

  it('are in a blob beyond, and are read again after a crash as they were', async () => {
    const once = ledger('once');
    for (let n = 0; n < 8; n++) await once.call(n, async () => large(n));
    const told = entries.filter((entry) => entry.is === 'effect-outcome');
    expect(told.map(({ result, stored }) => [result !== undefined, stored !== undefined])).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n < 3, n >= 3]),
    );
    expect(entries.filter(({ is }) => is === 'effect-results')).toHaveLength(1);
    readAgain();
    const again = ledger('once');
    const given = [];
    for (let n = 0; n < 8; n++) given.push(await again.call(n, () => Promise.reject(new Error('made again'))));
    expect(given).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map(large));
  });

  it('count what is in the journal already, after a crash too, and have a blob for each attempt', async () => {
    const first = ledger('once');
    for (let n = 0; n < 5; n++) await first.call(n, async () => large(n));
    await first.end();
    readAgain();
    const second = ledger('once');
    for (let n = 5; n < 7; n++) await second.call(n, async () => large(n));
    await second.end();
    expect(entries.filter((entry) => entry.is === 'effect-outcome' && entry.result !== undefined)).toHaveLength(3);
    expect(await namesBelow(disk, 'step/results')).toEqual(
      expect.arrayContaining([...(stepOf(state, 'step').results ?? [])]),
    );
    const { done = new Map<number, KeptResult>() } = stepOf(state, 'step');
    expect([...done.values()].map((call) => results().read(call))).toEqual([0, 1, 2, 3, 4, 5, 6].map(large));
  });

  it('are told of only once they are on disk; what comes meanwhile shares the next sync', async () => {
    const disk = Promise.withResolvers<void>();
    const once = ledger('once');
    for (let n = 0; n < 3; n++) await once.call(n, async () => large(n));
    const before = entries.length;
    synced = () => disk.promise;
    const first = once.call(3, async () => large(3));
    while (syncs === 0) await turns();
    const others = [4, 5, 6, 7].map((n) => once.call(n, async () => large(n)));
    await turns();
    expect(entries.slice(before).map(({ is }) => is)).toEqual(Array.from({ length: 5 }, () => 'effect-intent'));
    disk.resolve();
    await Promise.all([first, ...others]);
    expect(syncs).toBe(2);
    expect(entries.slice(before + 5).map(({ is }) => is)).toEqual([
      'effect-results',
      ...Array.from({ length: 5 }, () => 'effect-outcome'),
    ]);
  });

  it('of calls that may be repeated are not waited for, but all told of at the end', async () => {
    const disk = Promise.withResolvers<void>();
    synced = () => disk.promise;
    const idempotent = ledger('idempotent');
    for (let n = 0; n < 6; n++) expect(await idempotent.call(n, async () => large(n))).toEqual(large(n));
    expect(entries).toHaveLength(3);
    disk.resolve();
    await idempotent.end();
    expect(entries.filter(({ is }) => is === 'effect-done')).toHaveLength(6);
    readAgain();
    expect(await ledger('idempotent').call(5, () => Promise.reject(new Error('made again')))).toEqual(large(5));
  });

  it('hold up calls that may be repeated once too much waits for the disk', async () => {
    const disk = Promise.withResolvers<void>();
    synced = () => disk.promise;
    const idempotent = ledger('idempotent');
    let made = 0;
    const all = (async () => {
      for (let n = 0; n < 60; n++) await idempotent.call(n, async () => large(made++));
    })();
    await turns();
    expect(made).toBeLessThan(40);
    disk.resolve();
    await all;
    expect(made).toBe(60);
    await idempotent.end();
  });

  it('that cannot be written leave a call in doubt after a crash, and the journal without a trace of them', async () => {
    const once = ledger('once');
    for (let n = 0; n < 3; n++) await once.call(n, async () => large(n));
    synced = () => Promise.reject(new Error('The disk is broken'));
    expect(await once.call(3, async () => large(3))).toEqual(large(3));
    expect(entries.at(-1)?.is).toBe('effect-intent');
    expect(stepOf(state, 'step').results).toBeUndefined();
    synced = async () => {};
    expect(await once.call(4, async () => large(4))).toEqual(large(4));
    expect(await namesBelow(disk, 'step/results')).toHaveLength(2);
    await expect(once.call(3, async () => 'twice')).rejects.toBeInstanceOf(UnknownOutcome);
    readAgain();
    expect(await ledger('once').call(4, () => Promise.reject(new Error('made again')))).toEqual(large(4));
  });

  it('that cannot be written let a call that may be repeated be made again', async () => {
    const idempotent = ledger('idempotent');
    for (let n = 0; n < 3; n++) await idempotent.call(n, async () => large(n));
    synced = () => Promise.reject(new Error('The disk is broken'));
    await idempotent.call(3, async () => large(3));
    await idempotent.end();
    synced = async () => {};
    readAgain();
    expect(await ledger('idempotent').call(3, async () => 'again')).toBe('again');
  });
});

describe('a step whose calls give much', () => {
  let world: World;
  /** Lets go of what hangs in engines that have crashed. */
  let dead: PromiseWithResolvers<never>;

  beforeEach(() => {
    dead = Promise.withResolvers();
    dead.promise.catch(() => {});
    world = engineWorld();
    world.outside.answer = ({ n }) => large(n as number);
  });

  afterEach(() => {
    dead.reject(new Error('Its process was killed'));
    return world.close();
  });

  const records = Array.from({ length: 9 }, (_, n) => ({ n }));
  const whole = records.map(({ n }) => large(n));
  const called = () => world.outside.calls.map(({ record }) => record.n);
  const resultBlobs = async (id: string) =>
    (await namesBelow(world.blobs, `runs/${id}`)).filter((name) => name.includes('/results/'));

  function start(type: string, params: DataRecord = {}, more = {}) {
    const request = workflow({ start: ['manual'], put: [type, params, more] }, ['start -> put']);
    return world.engine.start({ ...request, records, until: 'accepted' });
  }

  async function given(id: string): Promise<readonly DataRecord[]> {
    return (await world.engine.records(id, 'put', { offset: 0, limit: 100 }))?.records ?? [];
  }

  /** Those of which all is durable. */
  async function callsInJournal(id: string): Promise<number> {
    const { journal = [] } = (await world.store.loadRun(id)) ?? {};
    return journal.filter(({ is }) => is === 'effect-outcome' || is === 'effect-done').length;
  }

  /** A crash while the call for this record is under way, and all is durable of those before. */
  async function crashIn(n: number, type: string, more = {}): Promise<string> {
    const reached = Promise.withResolvers<void>();
    world.outside.after = (record) => {
      if (record.n !== n) return;
      reached.resolve();
      return dead.promise;
    };
    const { id, finished } = await start(type, {}, more);
    finished.catch(() => {});
    await reached.promise;
    await expect.poll(() => callsInJournal(id)).toBe(n);
    const stored = await world.store.loadRun(id);
    expect(JSON.stringify(stored?.journal).length).toBeLessThan(700_000);
    world.outside.after = () => {};
    world = world.crashed();
    return id;
  }

  it.each(['post', 'upsert'])('gives the same after a crash, and makes no call again: %s', async (type) => {
    const id = await crashIn(6, type, { unknownOutcome: 'repeat' });
    await world.engine.recover();
    expect(await world.engine.finished(id)).toMatchObject({ status: 'succeeded' });
    expect(called()).toEqual([0, 1, 2, 3, 4, 5, 6, 6, 7, 8]);
    expect(await given(id)).toEqual(whole);
  });

  it('gives the same after two crashes, in each of which a part was done', async () => {
    const id = await crashIn(4, 'post', { unknownOutcome: 'repeat' });
    const reached = Promise.withResolvers<void>();
    world.outside.after = ({ n }) => {
      if (n !== 7) return;
      reached.resolve();
      return dead.promise;
    };
    await world.engine.recover();
    await reached.promise;
    await expect.poll(() => callsInJournal(id)).toBe(8);
    world.outside.after = () => {};
    world = world.crashed();
    expect(await resultBlobs(id)).toHaveLength(2);
    await world.engine.recover();
    expect(await world.engine.finished(id)).toMatchObject({ status: 'succeeded' });
    expect(called()).toEqual([0, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8]);
    expect(await given(id)).toEqual(whole);
  });

  it('asks about the call whose result was on disk when it crashed, and whose outcome was not', async () => {
    const appended = Promise.withResolvers<void>();
    const append = world.store.append.bind(world.store);
    world.store.append = (id, entries) => {
      if (!entries.some(({ is }) => is === 'effect-results')) return append(id, entries);
      appended.resolve();
      return dead.promise;
    };
    const { id, finished } = await start('post');
    finished.catch(() => {});
    await appended.promise;
    const before = called();
    world = world.crashed();
    expect(await resultBlobs(id)).toHaveLength(1);
    const asked = Promise.withResolvers<void>();
    world.engine.on((event) => event.kind === 'run' && event.run.status === 'needs-you' && asked.resolve());
    await world.engine.recover();
    await asked.promise;
    expect(called()).toEqual(before);
    const wait = (await world.engine.run(id))?.steps.at(-1)?.wait;
    expect(wait?.sent?.records).toEqual([{ n: before.at(-1) }]);
  });

  it('leaves nothing of them once it has ended well', async () => {
    const { id, finished } = await start('post');
    expect(await finished).toMatchObject({ status: 'succeeded' });
    expect(await given(id)).toEqual(whole);
    await expect.poll(() => resultBlobs(id)).toEqual([]);
  });

  it('gives what an attempt before did, and goes on with the rest', async () => {
    world.outside.before = ({ n }, attempt) => {
      if (n === 6 && attempt === 1)
        throw new NodeError({ class: 'transient', code: 'busy', message: 'Busy.', remedy: 'Wait.' });
    };
    const retry = { attempts: 2, backoff: 'fixed', delay: '0s', maxDelay: '0s' };
    const { id, finished } = await start('post', {}, { retry });
    expect(await finished).toMatchObject({ status: 'succeeded' });
    expect(called()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await given(id)).toEqual(whole);
  });

  it('hands them over to a restart, which needs nothing of the run before', async () => {
    world.outside.before = ({ n }) => {
      if (n === 7) throw new NodeError({ class: 'config', code: 'no', message: 'No.', remedy: 'Mend.' });
    };
    const first = await start('send', { parallel: 2 });
    expect(await first.finished).toMatchObject({ status: 'failed' });
    expect(await resultBlobs(first.id)).toHaveLength(1);
    const second = await world.engine.restart(first.id, {});
    expect(await second.finished).toMatchObject({ status: 'failed' });
    await world.store.dropRun(first.id, []);
    await world.blobs.delete(`runs/${first.id}`);
    world.outside.before = () => {};
    const third = await world.engine.restart(second.id, {});
    expect(await third.finished).toMatchObject({ status: 'succeeded' });
    expect(called().toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await given(third.id)).toEqual(whole);
  });
});
