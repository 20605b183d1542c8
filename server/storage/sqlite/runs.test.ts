import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunHeader } from '../../../engine/journal.ts';
import type { FinishedRun, JournalPage } from '../../../engine/ports.ts';
import type { RunStanding } from '../../../engine/run-state.ts';
import { migrate, openDatabase } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import { MIGRATIONS } from './run-migrations.ts';
import type { RunWriter } from './run-tables.ts';
import { SqliteRunStore } from './runs.ts';
import { ThreadedWriter } from './threaded-writer.ts';

let folder: string;
let store: SqliteRunStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-store-'));
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const header = (id: string, more: Partial<RunHeader> = {}): RunHeader => ({
  id,
  workflowId: 'w',
  workflowName: 'W',
  version: 'v',
  draft: false,
  trigger: 'start',
  cause: 'manual',
  createdAt: 1000,
  ...more,
});
const input = '{"records":[]}';
const ended: RunStanding = { status: 'succeeded', startedAt: 1000, finishedAt: 1500 };
const finished = (id: string, more: Partial<FinishedRun> = {}): FinishedRun => ({
  header: header(id),
  standing: ended,
  input,
  snapshot: '{}',
  ...more,
});

const writers: Record<string, (file: string) => RunWriter> = {
  'in this thread': (file) => new GroupCommit(openDatabase(file)),
  'in a thread of its own': (file) => new ThreadedWriter(file),
};

describe.each(Object.entries(writers))('the run store %s', (_, writer) => {
  beforeEach(() => {
    store = new SqliteRunStore(writer(join(folder, 'runs.db')));
  });

  it('keeps what was accepted and journalled, in order', async () => {
    await store.acceptRun(header('r1'), input);
    await store.append('r1', [{ at: 1, is: 'run-started' }]);
    await store.append('r1', [
      { at: 2, is: 'step-started', step: 'a', attempt: 1, in: 0 },
      { at: 3, is: 'step-skipped', step: 'b', why: 'no-route' },
    ]);
    const run = await store.loadRun('r1');
    expect(run?.journal.map((entry) => entry.at)).toEqual([1, 2, 3]);
    expect(run?.input).toBe('{"records":[]}');
    expect(await store.unfinishedRuns()).toEqual([{ header: header('r1'), status: 'queued' }]);
  });

  it('gives a long journal in pages, and says when the run has ended between two of them', async () => {
    await store.acceptRun(header('r1'), input);
    await store.acceptRun(header('r2'), input);
    const line = { at: 0, node: 'a', level: 'info' as const, message: 'x'.repeat(300_000) };
    for (let at = 0; at < 10; at++) {
      for (const id of ['r1', 'r2'])
        await store.append(id, [
          { at, is: 'log', line },
          { at, is: 'run-started' },
        ]);
    }
    const pages: number[][] = [];
    for (let page: JournalPage | undefined = await store.loadRun('r1'); page; ) {
      pages.push(page.journal.map(({ at }) => at));
      page = page.more === undefined ? undefined : await store.loadJournal('r1', page.more);
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(Math.max(...pages.map(({ length }) => length))).toBeLessThan(10);
    expect(pages.flat()).toEqual(Array.from({ length: 20 }, (_, i) => i >> 1));
    const { more = -1 } = (await store.loadRun('r1')) ?? {};
    await store.finishRun(finished('r1'), []);
    expect(await store.loadJournal('r1', more)).toBeUndefined();
    await store.dropRun('r2', []);
    expect(await store.loadJournal('r2', more)).toBeUndefined();
  });

  it('gives one run for one key', async () => {
    const both = await Promise.all([
      store.acceptRun(header('r1', { key: 'k' }), input),
      store.acceptRun(header('r2', { key: 'k' }), input),
    ]);
    expect(both).toEqual([
      { id: 'r1', isNew: true },
      { id: 'r1', isNew: false },
    ]);
  });

  it('folds the journal into the snapshot at the end, also of a run that it never saw before', async () => {
    await store.acceptRun(header('r1'), input);
    await store.append('r1', [{ at: 1, is: 'run-started' }]);
    await store.finishRun(finished('r1'), []);
    await store.finishRun(finished('r2'), []);
    for (const id of ['r1', 'r2']) {
      expect(await store.loadRun(id)).toMatchObject({ journal: [], summary: { status: 'succeeded' } });
    }
    expect(await store.unfinishedRuns()).toEqual([]);
  });

  it('tells how each run stands, unfinished ones too', async () => {
    const error = { class: 'config' as const, code: 'c', message: 'm', remedy: 'r', node: 'n' };
    await store.acceptRun(header('queued', { createdAt: 3000 }), input);
    await store.acceptRun(header('waiting', { createdAt: 2000 }), input);
    store.updateStanding('waiting', { status: 'waiting', startedAt: 2001 });
    const standing: RunStanding = { status: 'failed', startedAt: 1001, finishedAt: 1002, error };
    await store.finishRun(finished('failed', { standing }), []);
    store.updateStanding('failed', { status: 'running', startedAt: 1001 });
    const { runs } = await store.listRuns({ limit: 9 });
    expect(runs).toEqual([
      expect.objectContaining({ id: 'queued', status: 'queued', createdAt: 3000 }),
      expect.objectContaining({ id: 'waiting', status: 'waiting', startedAt: 2001 }),
      expect.objectContaining({ id: 'failed', status: 'failed', startedAt: 1001, finishedAt: 1002, error }),
    ]);
    expect(runs[0]).not.toHaveProperty('startedAt');
  });

  it('lists newest first, by workflow and status, page after page', async () => {
    for (let i = 0; i < 5; i++) {
      const more = { createdAt: 1000 + i, workflowId: i % 2 ? 'odd' : 'even' };
      await store.finishRun(finished(`r${i}`, { header: header(`r${i}`, more) }), []);
    }
    const first = await store.listRuns({ limit: 2 });
    expect(first.runs.map((run) => run.id)).toEqual(['r4', 'r3']);
    const second = await store.listRuns({ limit: 9, cursor: first.cursor ?? '' });
    expect(second.runs.map((run) => run.id)).toEqual(['r2', 'r1', 'r0']);
    expect(second.cursor).toBeUndefined();
    expect((await store.listRuns({ limit: 9, workflowId: 'odd' })).runs).toHaveLength(2);
    expect((await store.listRuns({ limit: 9, status: ['failed'] })).runs).toEqual([]);
  });

  describe('what has ended', () => {
    const finish = (id: string, finishedAt: number, more: Partial<RunHeader> = {}, given = input) =>
      store.finishRun(
        {
          header: header(id, { createdAt: finishedAt - 1, ...more }),
          standing: { ...ended, finishedAt },
          input: given,
          snapshot: '{}',
        },
        [],
      );

    it('is told oldest first, page after page, of all workflows or of one', async () => {
      await finish('b', 20);
      await finish('a', 10, { workflowId: 'other' });
      await finish('c', 30);
      await store.acceptRun(header('unfinished'), input);
      const first = await store.endedRuns({ limit: 2 });
      expect(first.runs.map(({ id, endedAt }) => [id, endedAt])).toEqual([
        ['a', 10],
        ['b', 20],
      ]);
      const rest = await store.endedRuns({ limit: 2, cursor: first.cursor ?? '' });
      expect(rest.runs.map(({ id }) => id)).toEqual(['c']);
      expect(rest.cursor).toBeUndefined();
      expect((await store.endedRuns({ limit: 9, workflowId: 'w' })).runs.map(({ id }) => id)).toEqual(['b', 'c']);
      expect((await store.endedRuns({ limit: 9, endedBefore: 20 })).runs.map(({ id }) => id)).toEqual(['a']);
    });

    it('says which runs others still need', async () => {
      const told = async () =>
        Object.fromEntries(
          (await store.endedRuns({ limit: 9 })).runs.map(({ id, isNeeded, isShared }) => [id, [isNeeded, isShared]]),
        );
      await finish('first', 1);
      await store.acceptRun(header('again', { restartOf: 'first' }), input);
      await store.acceptRun(header('caller'), input);
      await finish('called', 2, { calledBy: 'caller' });
      await finish('alone', 3);
      expect(await told()).toEqual({ first: [true, true], called: [true, true], alone: [false, false] });
      await finish('again', 4, { restartOf: 'first' });
      await finish('caller', 5);
      expect(await told()).toEqual({
        first: [false, true],
        called: [false, true],
        alone: [false, false],
        again: [false, false],
        caller: [false, false],
      });
    });

    it('is counted by workflow, and known by id', async () => {
      await finish('a', 10);
      await finish('b', 5);
      await store.acceptRun(header('open', { workflowId: 'other' }), input);
      const usage = await store.usage();
      expect(usage.find(({ workflowId }) => workflowId === 'w')).toMatchObject({ runs: 2, oldest: 5 });
      expect(usage.find(({ workflowId }) => workflowId === 'other')).toMatchObject({ runs: 1, bytes: 0 });
      expect(await store.knownRuns(['a', 'open', 'gone'])).toEqual([
        { id: 'a', workflowId: 'w', isOver: true },
        { id: 'open', workflowId: 'other', isOver: false },
      ]);
    });

    it('is forgotten, but never a run that has not ended or that such a run needs', async () => {
      await finish('a', 10);
      await finish('first', 10);
      await store.acceptRun(header('open', { restartOf: 'first' }), input);
      await store.append('open', [{ at: 1, is: 'run-started' }]);
      expect(await store.deleteRuns(['a', 'first', 'open', 'gone'])).toEqual(['a']);
      expect(await store.loadRun('a')).toBeUndefined();
      expect(await store.loadRun('first')).toBeDefined();
      expect((await store.loadRun('open'))?.journal).toHaveLength(1);
    });

    it('gives its space back to the disk', async () => {
      const file = join(folder, 'runs.db');
      const ids = Array.from({ length: 20 }, (_, i) => `r${i}`);
      for (const id of ids) await finish(id, 1, {}, id.repeat(500_000).slice(0, 1_000_000));
      await store.reclaim();
      const full = statSync(file).size;
      expect(full).toBeGreaterThan(20_000_000);
      await store.deleteRuns(ids);
      const left = await store.reclaim();
      expect(left).toBeGreaterThan(0);
      while ((await store.reclaim()) > 0);
      expect(statSync(file).size).toBeLessThan(full / 20);
    });
  });

  it('leaves out runs that another one restarts', async () => {
    await store.acceptRun(header('first'), input);
    await store.acceptRun(header('alone', { createdAt: 1001 }), input);
    await store.acceptRun(header('again', { createdAt: 1002, restartOf: 'first', cause: 'restart' }), input);
    const listed = async () => (await store.listRuns({ notRestarted: true, limit: 9 })).runs.map(({ id }) => id);
    expect(await listed()).toEqual(['again', 'alone']);
    await store.dropRun('again', []);
    expect(await listed()).toEqual(['alone', 'first']);
  });

  it('tells which unfinished runs one has called, or one that it restarts', async () => {
    await store.finishRun(finished('first'), []);
    await store.acceptRun(header('again', { restartOf: 'first' }), input);
    await store.acceptRun(header('called', { calledBy: 'first' }), input);
    await store.acceptRun(header('later', { calledBy: 'again', createdAt: 2000 }), input);
    await store.acceptRun(header('deeper', { calledBy: 'called' }), input);
    await store.finishRun(finished('over', { header: header('over', { calledBy: 'again' }) }), []);
    expect(await store.calledRuns('again')).toEqual(['called', 'later']);
    expect(await store.calledRuns('first')).toEqual(['called']);
  });

  it('keeps what is journalled before its run is accepted', async () => {
    await store.append('early', [{ at: 1, is: 'step-skipped', step: 'a', why: 'no-route' }]);
    expect(await store.loadRun('early')).toBeUndefined();
    await store.acceptRun(header('early'), input);
    await store.append('early', [{ at: 2, is: 'run-started' }]);
    expect((await store.loadRun('early'))?.journal.map(({ at }) => at)).toEqual([1, 2]);
  });

  it('keeps with the end of a run what it remembered, also of one that is not kept or was never accepted', async () => {
    const memory = (key: string, value: unknown) => [{ workflowId: 'w', nodeId: 'n', key, value }];
    await store.finishRun(finished('r1'), memory('k', { a: [1] }));
    expect(await store.readMemory('w', 'n', 'k')).toEqual({ a: [1] });
    expect(await store.readMemory('w', 'n', 'other')).toBeUndefined();
    await store.dropRun('never', memory('k', 2));
    expect(await store.readMemory('w', 'n', 'k')).toBe(2);
  });

  it('joins lists that runs have added to, and keeps the newest entries', async () => {
    const adding = (entries: string[], most: number) => [
      { workflowId: 'w', nodeId: 'n', key: 'seen', added: { entries, most } },
    ];
    await store.finishRun(finished('r1'), adding(['a', 'b', 'a'], 4));
    await store.dropRun('never', adding(['c', 'b'], 4));
    expect(await store.readMemory('w', 'n', 'seen')).toEqual(['a', 'b', 'c']);
    await store.finishRun(finished('r2'), adding(['d', 'e', 'f'], 4));
    expect(await store.readMemory('w', 'n', 'seen')).toEqual(['c', 'd', 'e', 'f']);
    await store.finishRun(finished('r3'), adding(['g', 'h', 'i'], 2));
    expect(await store.readMemory('w', 'n', 'seen')).toEqual(['h', 'i']);
  });

  it('keeps versions', async () => {
    const document = {
      format: 'sluice/1' as const,
      id: 'w',
      name: 'W',
      settings: {},
      nodes: [],
      edges: [],
      layout: {},
      stickies: [],
    };
    await store.saveVersion('v', document);
    expect(await store.loadVersion('v')).toEqual(document);
  });
});

describe('a file of the first format', () => {
  it('is brought up to date, with nothing lost', async () => {
    const file = join(folder, 'runs.db');
    const db = openDatabase(file);
    migrate(db, 'runs', MIGRATIONS.slice(0, 1));
    const error = { class: 'config', code: 'c', message: 'm', remedy: 'r' };
    const summary = { status: 'failed', startedAt: 1001, finishedAt: 1002, error };
    const insert = db.prepare(
      `insert into runs (id, workflow_id, status, created_at, finished, header, summary, input, snapshot)
       values (?, 'w', ?, 1000, ?, ?, ?, ?, ?)`,
    );
    const bytes = Buffer.from('{"records":[{"name":"Zoë"}]}');
    const json = (id: string) => JSON.stringify(header(id));
    insert.run('ended', 'failed', 1, json('ended'), JSON.stringify(summary), bytes, Buffer.from('{"steps":[]}'));
    insert.run('queued', 'queued', 0, json('queued'), null, bytes, null);
    db.close();
    store = new SqliteRunStore(new GroupCommit(openDatabase(file)));
    expect(await store.loadRun('ended')).toMatchObject({
      summary: { ...header('ended'), ...summary },
      input: '{"records":[{"name":"Zoë"}]}',
      snapshot: '{"steps":[]}',
    });
    expect(await store.loadRun('queued')).toMatchObject({ summary: { status: 'queued' }, input: expect.any(String) });
    expect((await store.loadRun('queued'))?.snapshot).toBeUndefined();
    expect(await store.unfinishedRuns()).toEqual([{ header: header('queued'), status: 'queued' }]);
  });
});

describe('the end of a run', () => {
  it('and what it remembered are one act', async () => {
    const db = openDatabase(join(folder, 'runs.db'));
    store = new SqliteRunStore(new GroupCommit(db));
    db.exec("create trigger broken before insert on node_memory begin select raise(abort, 'broken'); end");
    const memory = [{ workflowId: 'w', nodeId: 'n', key: 'k', value: 1 }];
    await expect(store.finishRun(finished('r1'), memory)).rejects.toThrow('broken');
    expect(await store.loadRun('r1')).toBeUndefined();
  });
});

describe('a full disk', () => {
  it('is said, and loses nothing of before', async () => {
    const db = openDatabase(join(folder, 'runs.db'));
    store = new SqliteRunStore(new GroupCommit(db));
    await store.acceptRun(header('r1'), input);
    db.exec(`pragma max_page_count = ${Number(db.prepare('pragma page_count').get()?.page_count)}`);
    const big = 'x'.repeat(1_000_000);
    await expect(store.finishRun(finished('r2', { input: big, snapshot: big }), [])).rejects.toThrow(/full/);
    expect(await store.loadRun('r1')).toBeDefined();
    expect(await store.loadRun('r2')).toBeUndefined();
    db.exec('pragma max_page_count = 1000000');
    await store.finishRun(finished('r2'), []);
    expect(await store.loadRun('r2')).toBeDefined();
    db.close();
  });
});
