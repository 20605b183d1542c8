import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import dedupe from '../nodes/data/dedupe.ts';
import { type DataRecord, defineNode, type NodeDefinition, stream } from '../sdk/index.ts';
import { engineWorld, FakeClock, threadBeside, type World, workflow } from '../tests/engine-world.ts';
import { LARGE } from './attempt.ts';
import type { StepThread } from './ports.ts';
import type { ThreadWorld } from './workshop-thread.ts';

let world: World;
afterEach(() => world.close());

/** The jobs that were begun in the workshop, and the threads that it had. */
function watched() {
  const jobs: string[] = [];
  const threads: ReturnType<typeof threadBeside>[] = [];
  let closed = 0;
  const stepThread = (given: ThreadWorld): StepThread => {
    const thread = threadBeside(given);
    threads.push(thread);
    return {
      ...thread,
      post: (message) => {
        const [, , act, args] = message as [string, number, string, [number, { node: string }]];
        if (act === 'run') jobs.push(args[1].node);
        thread.post(message);
      },
      close: () => {
        closed++;
        thread.close();
      },
    };
  };
  return { stepThread, jobs, threads, closed: () => closed };
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

async function ran(request: ReturnType<typeof workflow>, records: readonly DataRecord[]) {
  const { id, finished } = await world.engine.start({ ...request, records });
  const view = await finished;
  return { id, view, step: (node: string) => view.steps.find((one) => one.node === node) };
}

async function recordsOf(id: string, node: string, port?: string): Promise<readonly DataRecord[]> {
  const options = { offset: 0, limit: 100_000, ...(port === undefined ? {} : { port }) };
  return (await world.engine.records(id, node, options))?.records ?? [];
}

describe('the workshop', () => {
  it('is for large steps of pure work, and gives what is given without it', async () => {
    const request = workflow(
      {
        start: ['manual'],
        some: ['choose', { when: '={{ $json.n % 3 > 0 }}' }],
        up: [
          'set',
          { fields: { was: "={{ $('start').item.n }}", region: '={{ $vars.region }}', at: '={{ $itemIndex }}' } },
        ],
        put: ['upsert'],
        few: ['choose', { when: '={{ $json.n < 50 }}' }],
        last: ['set', { fields: { all: "={{ $('up').all().length }}" } }],
      },
      ['start -> some', 'some.true -> up', 'up -> put', 'put -> few', 'few.true -> last'],
    );
    const given = numbers(2 * LARGE);
    world = engineWorld();
    const here = await ran(request, given);
    const expected = await Promise.all(['some', 'up', 'put', 'last'].map((node) => recordsOf(here.id, node)));
    await world.close();
    const { stepThread, jobs } = watched();
    world = engineWorld({ stepThread });
    const there = await ran(request, given);
    expect(jobs).toEqual(['some', 'up', 'few']);
    expect(await Promise.all(['some', 'up', 'put', 'last'].map((node) => recordsOf(there.id, node)))).toEqual(expected);
    const plain = ({ view }: typeof here) =>
      view.steps.map((step) => ({ ...step, startedAt: 0, finishedAt: 0, tries: [] }));
    expect(plain(there)).toEqual(plain(here));
  });

  it('takes a step over that gives much of little, from its beginning', async () => {
    const { stepThread, jobs } = watched();
    world = engineWorld({ stepThread });
    const poured: number[] = [];
    world.outside.pouring = (start) => void poured.push(start);
    const { id, step } = await ran(
      workflow({ start: ['manual'], pour: ['pour', { count: 8000 }] }, ['start -> pour']),
      [{}],
    );
    expect(jobs).toEqual(['pour']);
    expect(poured).toEqual([0, 1000, 2000, 3000, 4000, 0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    expect(step('pour')).toMatchObject({ status: 'succeeded', attempts: 1, in: 1, out: { records: 8000 } });
    expect((await recordsOf(id, 'pour')).map(({ n }) => n)).toEqual(numbers(8000).map(({ n }) => n));
  });

  it('is not given what would have to be cloned at length', async () => {
    const { stepThread, jobs } = watched();
    world = engineWorld({ stepThread });
    const request = workflow(
      { start: ['manual'], mark: ['set', { fields: { x: 1 } }], pass: ['choose', { when: true }] },
      ['start -> mark', 'mark -> pass'],
    );
    const { step } = await ran(request, numbers(25_000));
    expect(jobs).toEqual(['pass']);
    expect(step('pass')).toMatchObject({ in: 25_000, out: { true: 25_000 } });
  });

  it('hears of its log and faults, and keeps rejected records', async () => {
    const { stepThread, jobs } = watched();
    const talk = defineNode(
      {
        type: 'talk',
        version: 1,
        title: 'Talk',
        summary: 'Talk',
        connector: 'test',
        category: 'data',
        params: z.object({}),
      },
      stream(async (io) => io.ctx.log('warn', 'as said there', { run: io.ctx.run.id }), { portable: true }),
    );
    world = engineWorld({ stepThread, nodes: [talk as unknown as NodeDefinition] });
    const bad = { fields: { x: "={{ toNumber($json.n % 4 === 0 ? 'x' : $json.n) }}" } };
    const request = workflow(
      {
        start: ['manual'],
        talk: ['talk'],
        mark: ['set', bad],
        wrong: ['choose', { when: '={{ nope( }}' }],
      },
      ['start -> talk', 'start -> mark', 'start -> wrong'],
    );
    const { id, view, step } = await ran(request, numbers(LARGE));
    expect(jobs).toEqual(['talk', 'mark', 'wrong']);
    expect(await world.engine.log(id)).toMatchObject([{ node: 'talk', message: 'as said there', data: { run: id } }]);
    expect(step('mark')).toMatchObject({ out: { records: (LARGE / 4) * 3, rejected: LARGE / 4 } });
    expect(view).toMatchObject({ status: 'failed' });
    expect(step('wrong')?.error).toMatchObject({ class: 'config' });
    expect(await recordsOf(id, 'mark', 'rejected')).toHaveLength(LARGE / 4);
  });

  it('brings along and takes back what a node keeps over runs', async () => {
    const { stepThread, jobs } = watched();
    world = engineWorld({ stepThread, nodes: [dedupe as unknown as NodeDefinition] });
    const params = { by: ['n'], across: 'workflow' };
    const request = workflow({ start: ['manual'], once: ['dedupe', params] }, ['start -> once']);
    await ran(request, numbers(LARGE));
    const second = await ran(request, numbers(LARGE + 7));
    expect(jobs).toEqual(['once', 'once']);
    expect(second.step('once')?.out).toMatchObject({ records: 7 });
  });

  it('is begun anew when its thread has ended, and the step says so', async () => {
    const { stepThread, threads, jobs } = watched();
    world = engineWorld({ stepThread });
    world.outside.pouring = (start) => {
      if (start === 7000 && jobs.length === 1)
        threads[0]?.end(Object.assign(new Error('gone'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
      return start === 7000 && jobs.length === 1 ? new Promise(() => {}) : undefined;
    };
    const request = workflow(
      { start: ['manual'], pour: ['pour', { count: 10_000 }], mark: ['set', { fields: { x: 1 } }] },
      ['start -> pour', 'pour -> mark'],
    );
    const first = await ran(request, [{}]);
    expect(first.view.status).toBe('failed');
    expect(first.step('pour')?.error).toMatchObject({ class: 'config', code: 'step-out-of-memory' });
    expect(first.step('mark')).toMatchObject({ status: 'skipped' });
    expect(existsSync(join(world.home, 'blobs', 'runs', first.id))).toBe(false);
    const second = await ran(request, [{}]);
    expect(second.view.status).toBe('succeeded');
    expect(threads).toHaveLength(2);
  });

  it('tries a step again whose thread has ended, where it may be tried again', async () => {
    const { stepThread, threads } = watched();
    world = engineWorld({ stepThread });
    world.outside.pouring = (start, attempt) => {
      if (start !== 7000 || attempt > 1) return;
      threads[0]?.end(new Error('gone'));
      return new Promise(() => {});
    };
    const retry = { retry: { attempts: 2, backoff: 'fixed' as const, delay: '0s', maxDelay: '0s' } };
    const request = workflow(
      { start: ['manual'], pour: ['pour', { count: 10_000 }, retry], mark: ['set', { fields: { x: 1 } }] },
      ['start -> pour', 'pour -> mark'],
    );
    const { view, step } = await ran(request, [{}]);
    expect(view.status).toBe('succeeded');
    expect(step('pour')?.tries).toMatchObject([{ error: { code: 'step-thread-ended' } }, {}]);
    expect(step('mark')).toMatchObject({ in: 10_000, attempts: 1 });
  });

  it('lets its thread go after a minute without work', async () => {
    const clock = new FakeClock();
    const { stepThread, threads, closed } = watched();
    world = engineWorld({ stepThread, clock });
    const request = workflow({ start: ['manual'], mark: ['set', { fields: { x: 1 } }] }, ['start -> mark']);
    await ran(request, numbers(LARGE));
    clock.advance(59_000);
    await ran(request, numbers(LARGE));
    clock.advance(59_000);
    expect([threads.length, closed()]).toEqual([1, 0]);
    clock.advance(2_000);
    expect(closed()).toBe(1);
    await ran(request, numbers(LARGE));
    expect(threads).toHaveLength(2);
  });

  it('keeps the steps of a run together, and lets another run have a thread of its own', async () => {
    const { stepThread, threads } = watched();
    world = engineWorld({ stepThread });
    const allIn = Promise.withResolvers<void>();
    let waiting = 0;
    world.outside.pouring = (start) => {
      if (start !== 6000) return;
      waiting++;
      if (waiting === 3) allIn.resolve();
      return allIn.promise;
    };
    const request = workflow(
      { start: ['manual'], pour: ['pour', { count: 8000 }], mark: ['set', { fields: { x: 1 } }] },
      ['start -> pour', 'pour -> mark'],
    );
    const ends = await Promise.all([1, 2, 3].map(() => ran(request, [{}])));
    expect(ends.map(({ view }) => view.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(threads).toHaveLength(2);
  });
});
