import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeError } from '../sdk/index.ts';
import { FolderBlobs } from '../server/storage/blobs/folder-blobs.ts';
import type { StepView } from '../spec/api/run.ts';
import { Columns } from '../spec/workflow/columns.ts';
import { engineWorld, threadBeside, type World, workflow } from '../tests/engine-world.ts';
import { DatasetWriter } from './dataset-writer.ts';
import { Flow, FlowBroken } from './flow.ts';

describe('a flow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-flows-'));
  const blobs = new FolderBlobs(folder);
  afterAll(() => {
    blobs.close();
    rmSync(folder, { recursive: true });
  });
  let names = 0;
  const opened = () => {
    const writer = new DatasetWriter(blobs, `flow/${names++}`);
    return { writer, flow: new Flow(writer) };
  };
  const thousand = (k: number, text = '') => Array.from({ length: 1000 }, (_, i) => ({ n: k * 1000 + i, text }));

  async function readAll(flow: Flow, size?: number) {
    const batches: { start: number; numbers: unknown[] }[] = [];
    for await (const { start, records } of flow.read(size))
      batches.push({ start, numbers: records.map((record) => record.n) });
    return batches;
  }

  it('is read as it comes, to the end, in batches of the size asked for', async () => {
    const { writer, flow } = opened();
    const readers = [readAll(flow), readAll(flow, 700)];
    for (let k = 0; k < 12; k++) {
      await writer.write(thousand(k), { from: k * 1000 });
      await flow.wrote();
    }
    const late = readAll(flow);
    flow.end();
    const [free = [], exact = []] = await Promise.all(readers);
    const expected = Array.from({ length: 12_000 }, (_, n) => n);
    for (const batches of [free, exact, await late])
      expect(batches.flatMap(({ numbers }) => numbers)).toEqual(expected);
    expect(exact.slice(0, -1).every(({ numbers }) => numbers.length === 700)).toBe(true);
    expect(exact.map(({ start }) => start)).toEqual(exact.map((_, i) => i * 700));
  });

  it('is read so too where it is written as columns', async () => {
    const { writer, flow } = opened();
    const readers = [readAll(flow), readAll(flow, 700)];
    const leaver = flow.read()[Symbol.asyncIterator]();
    const lates: ReturnType<typeof readAll>[] = [];
    for (let k = 0; k < 8; k++) {
      const columns = Columns.of([0, 1, 2, 3].flatMap((i) => thousand(k * 4 + i, 'x'.repeat(500)))) as Columns;
      await writer.writeColumns(columns, { from: k * 4000 });
      const wrote = flow.wrote();
      if (k === 2) await leaver.return?.();
      await wrote;
      if (k === 2) lates.push(readAll(flow), readAll(flow, 999));
      if (k === 1) await leaver.next();
      expect(flow.recordAt(k * 1000)?.n).toBe(k * 1000);
    }
    const finishing = writer.finish();
    lates.push(readAll(flow, 4001));
    await finishing;
    flow.end();
    const [free = [], exact = [], ...late] = await Promise.all([...readers, ...lates]);
    const expected = Array.from({ length: 32_000 }, (_, n) => n);
    for (const batches of [free, exact, ...late]) expect(batches.flatMap(({ numbers }) => numbers)).toEqual(expected);
    expect(exact.slice(0, -1).every(({ numbers }) => numbers.length === 700)).toBe(true);
  });

  it('is read from the disk by one who comes late, and goes on with what is in memory', async () => {
    const { writer, flow } = opened();
    for (let k = 0; k < 20; k++) await writer.write(thousand(k, 'x'.repeat(1000)), undefined);
    const late = readAll(flow);
    for (let k = 20; k < 25; k++) {
      await writer.write(thousand(k, 'y'), undefined);
      await flow.wrote();
    }
    await writer.finish();
    flow.end();
    expect((await late).flatMap(({ numbers }) => numbers)).toEqual(Array.from({ length: 25_000 }, (_, n) => n));
  });

  it('makes the one who writes wait for the slowest who reads, and not for one who has stopped', async () => {
    const { writer, flow } = opened();
    const reader = flow.read()[Symbol.asyncIterator]();
    await writer.write(thousand(0), undefined);
    await reader.next();
    for (let k = 1; k < 3; k++) await writer.write(thousand(k), undefined);
    expect(flow.wrote()).toBeUndefined();
    await writer.write(thousand(3), undefined);
    let waits = true;
    const room = Promise.resolve(flow.wrote()).then(() => {
      waits = false;
    });
    await Promise.resolve();
    expect(waits).toBe(true);
    await reader.return?.();
    await room;
  });

  it('tells whoever reads along that it broke', async () => {
    const { writer, flow } = opened();
    await writer.write(thousand(0), undefined);
    const reading = readAll(flow);
    flow.break();
    await expect(reading).rejects.toThrow(FlowBroken);
    expect(await flow.settled).toBe(false);
  });
});

describe.each([
  ['here', 'flood'],
  ['in the workshop', 'pour'],
  ['in the workshop what is read here', 'flood'],
])('a step that reads along %s', (where, flood) => {
  let world: World;
  beforeEach(() => {
    world = engineWorld(where === 'here' ? {} : { stepThread: threadBeside });
  });
  afterEach(() => world.close());

  const request = (more = {}) =>
    workflow(
      {
        start: ['manual'],
        flood: [flood, { count: 10_000 }, more],
        mark: ['set', { fields: { twice: '={{ $json.n * 2 }}' } }],
        odd: ['choose', { when: '={{ $json.n % 2 === 1 }}' }],
        last: ['set', { fields: { end: true } }],
      },
      ['start -> flood', 'flood -> mark', 'mark -> odd', 'odd.true -> last'],
    );

  /** Resolves once a step has a status, with the steps as they then are. */
  function once(node: string, status: string): Promise<StepView> {
    return new Promise((resolve) => {
      world.engine.on((event) => {
        if (event.kind === 'step' && event.step.node === node && event.step.status === status) resolve(event.step);
      });
    });
  }

  const stepsOf = async (id: string) =>
    Object.fromEntries((await world.engine.run(id))?.steps.map((step) => [step.node, step]) ?? []);

  it('begins before the step before it has ended, and is said to have ended after it', async () => {
    const ended: string[] = [];
    world.engine.on((event) => {
      if (event.kind === 'step' && event.step.status === 'succeeded') ended.push(event.step.node);
    });
    const began = once('last', 'running');
    const onItsWay: (StepView | undefined)[] = [];
    world.outside.pouring = async (given) => {
      if (given !== 9000) return;
      await began;
      onItsWay.push((await world.engine.run(id))?.steps.find(({ node }) => node === 'mark'));
    };
    const { id, finished } = await world.engine.start({ ...request(), records: [{}] });
    expect((await finished).status).toBe('succeeded');
    expect(onItsWay[0]).toMatchObject({ in: 0, progress: { done: expect.any(Number) } });
    expect(onItsWay[0]?.progress?.total).toBeUndefined();
    expect(ended.filter((node) => node !== 'start')).toEqual(['flood', 'mark', 'odd', 'last']);
    expect(await stepsOf(id)).toMatchObject({ mark: { in: 10_000 }, odd: { in: 10_000 }, last: { in: 5_000 } });
    const page = await world.engine.records(id, 'last', { offset: 4998, limit: 5 });
    expect(page?.records).toEqual([9997, 9999].map((n) => ({ n, twice: n * 2, end: true })));
  });

  it('is skipped when the step before it fails in the middle', async () => {
    const began = once('last', 'running');
    world.outside.pouring = async (given) => {
      if (given < 9000) return;
      await began;
      throw new Error('the source broke off');
    };
    const { id, finished } = await world.engine.start({ ...request(), records: [{}] });
    expect(await finished).toMatchObject({ status: 'failed', error: { node: 'flood' } });
    expect(await stepsOf(id)).toMatchObject({
      flood: { status: 'failed' },
      mark: { status: 'skipped', attempts: 0, tries: [] },
      last: { status: 'skipped' },
    });
  });

  it('starts over when the step before it does', async () => {
    const began = once('last', 'running');
    world.outside.pouring = async (given, attempt) => {
      if (given < 9000 || attempt > 1) return;
      await began;
      throw new NodeError({ class: 'transient', code: 'broken-off', message: 'Broken off.', remedy: 'Wait.' });
    };
    const { id, finished } = await world.engine.start({
      ...request({ retry: { attempts: 2, backoff: 'fixed', delay: '0s' } }),
      records: [{}],
    });
    expect((await finished).status).toBe('succeeded');
    expect(await stepsOf(id)).toMatchObject({ mark: { in: 10_000, attempts: 1 }, last: { out: { records: 5_000 } } });
  });

  it('fails for a reason of its own only once the step before it has ended well', async () => {
    const faulty = workflow(
      {
        start: ['manual'],
        flood: [flood, { count: 10_000 }],
        gate: ['choose', { when: '={{ $json.n < 3000 ? true : $json.n.nope() }}' }],
      },
      ['start -> flood', 'flood -> gate'],
    );
    world.outside.pouring = (given) => {
      if (given === 9000) throw new Error('the source broke off');
    };
    const both = await world.engine.start({ ...faulty, records: [{}] });
    expect(await both.finished).toMatchObject({ status: 'failed', error: { node: 'flood' } });
    expect(await stepsOf(both.id)).toMatchObject({ gate: { status: 'skipped' } });
    world.outside.pouring = () => {};
    const one = await world.engine.start({ ...faulty, records: [{}] });
    expect(await one.finished).toMatchObject({ status: 'failed', error: { node: 'gate' } });
    expect(await stepsOf(one.id)).toMatchObject({ flood: { status: 'succeeded' }, gate: { status: 'failed' } });
  });

  it('is cancelled with the step before it', async () => {
    const began = once('last', 'running');
    world.outside.pouring = async (given) => {
      if (given === 9000)
        await new Promise<void>(
          (resolve) => void began.then(() => world.engine.cancel(id, 'me')).then(() => resolve()),
        );
    };
    const { id, finished } = await world.engine.start({ ...request(), records: [{}] });
    expect((await finished).status).toBe('cancelled');
    expect(await stepsOf(id)).toMatchObject({ flood: { status: 'cancelled' }, last: { status: 'cancelled' } });
  });

  it('does not begin without its input after a crash', async () => {
    const began = once('last', 'running');
    world.outside.pouring = (given) => (given === 9000 ? new Promise(() => {}) : undefined);
    const { id, finished } = await world.engine.start({ ...request(), records: [{}], until: 'accepted' });
    finished.catch(() => {});
    await began;
    await expect
      .poll(async () =>
        (await world.store.loadRun(id))?.journal.some((entry) => entry.is === 'step-started' && entry.step === 'last'),
      )
      .toBe(true);
    world.outside.pouring = () => {};
    world = world.crashed();
    await world.engine.recover();
    expect((await world.engine.finished(id)).status).toBe('succeeded');
    expect(await stepsOf(id)).toMatchObject({ mark: { in: 10_000 }, last: { in: 5_000, out: { records: 5_000 } } });
  });

  it('does not begin ahead when it looks at another step, or has a time of its own', async () => {
    const early: string[] = [];
    world.engine.on((event) => {
      if (event.kind === 'step' && event.step.status === 'running') early.push(event.step.node);
    });
    let before: string[] = [];
    world.outside.pouring = (given) => {
      if (given === 9000) before = [...early];
    };
    const { finished } = await world.engine.start({
      ...workflow(
        {
          start: ['manual'],
          flood: [flood, { count: 10_000 }],
          looks: ['set', { fields: { all: "={{ $('start').first().k }}" } }],
          timed: ['set', { fields: {} }, { timeout: '1m' }],
        },
        ['start -> flood', 'flood -> looks', 'flood -> timed'],
      ),
      records: [{ k: 1 }],
    });
    expect((await finished).status).toBe('succeeded');
    expect(before).toEqual(['flood']);
  });
});
