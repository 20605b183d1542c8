import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunHeader } from '../../../engine/journal.ts';
import { newRunState, summaryOf } from '../../../engine/run-state.ts';
import { openDatabase } from './database.ts';
import { GroupCommit } from './group-commit.ts';
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
const input = Buffer.from('{"records":[]}');
const snapshot = Buffer.from('{}');
const ended = (id: string, more: Partial<RunHeader> = {}) => ({
  ...summaryOf(newRunState(header(id, more))),
  status: 'succeeded' as const,
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
    expect(Buffer.from(run?.input ?? []).toString()).toBe('{"records":[]}');
    expect(await store.unfinishedRuns()).toEqual(['r1']);
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
    await store.finishRun(header('r1'), ended('r1'), input, snapshot);
    await store.finishRun(header('r2'), ended('r2'), input, snapshot);
    for (const id of ['r1', 'r2']) {
      expect(await store.loadRun(id)).toMatchObject({ journal: [], summary: { status: 'succeeded' } });
    }
    expect(await store.unfinishedRuns()).toEqual([]);
  });

  it('lists newest first, by workflow and status, page after page', async () => {
    for (let i = 0; i < 5; i++) {
      const more = { createdAt: 1000 + i, workflowId: i % 2 ? 'odd' : 'even' };
      await store.finishRun(header(`r${i}`, more), ended(`r${i}`, more), input, snapshot);
    }
    const first = await store.listRuns({ limit: 2 });
    expect(first.runs.map((run) => run.id)).toEqual(['r4', 'r3']);
    const second = await store.listRuns({ limit: 9, cursor: first.cursor ?? '' });
    expect(second.runs.map((run) => run.id)).toEqual(['r2', 'r1', 'r0']);
    expect(second.cursor).toBeUndefined();
    expect((await store.listRuns({ limit: 9, workflowId: 'odd' })).runs).toHaveLength(2);
    expect((await store.listRuns({ limit: 9, status: ['failed'] })).runs).toEqual([]);
  });

  it('forgets runs that are older, and gives their ids', async () => {
    await store.finishRun(header('old'), ended('old'), input, snapshot);
    await store.acceptRun(header('unfinished'), input);
    await store.finishRun(header('new', { createdAt: 5000 }), ended('new'), input, snapshot);
    expect(await store.deleteRuns(2000)).toEqual(['old']);
    expect(await store.loadRun('old')).toBeUndefined();
    expect(await store.loadRun('unfinished')).toBeDefined();
  });

  it('keeps node memory and versions', async () => {
    await store.writeMemory([{ workflowId: 'w', nodeId: 'n', key: 'k', value: { a: [1] } }]);
    expect(await store.readMemory('w', 'n', 'k')).toEqual({ a: [1] });
    expect(await store.readMemory('w', 'n', 'other')).toBeUndefined();
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

describe('a full disk', () => {
  it('is said, and loses nothing of before', async () => {
    const db = openDatabase(join(folder, 'runs.db'));
    store = new SqliteRunStore(new GroupCommit(db));
    await store.acceptRun(header('r1'), input);
    db.exec(`pragma max_page_count = ${Number(db.prepare('pragma page_count').get()?.page_count)}`);
    const big = Buffer.alloc(1_000_000);
    await expect(store.finishRun(header('r2'), ended('r2'), big, big)).rejects.toThrow(/full/);
    expect(await store.loadRun('r1')).toBeDefined();
    expect(await store.loadRun('r2')).toBeUndefined();
    db.exec('pragma max_page_count = 1000000');
    await store.finishRun(header('r2'), ended('r2'), input, snapshot);
    expect(await store.loadRun('r2')).toBeDefined();
    db.close();
  });
});
