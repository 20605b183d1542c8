// Over 400 lines: one scenario for each thing that a container keeps true of its rounds, on the same few workflows.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataRecord, NodeError } from '../sdk/index.ts';
import { engineWorld, FakeClock, type World, workflow } from '../tests/engine-world.ts';
import { callKey } from './ledger.ts';

let world: World;

beforeEach(() => {
  world = engineWorld();
});

afterEach(() => world.close());

const inside = { parent: 'loop' };
const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

async function ended(request: Parameters<World['engine']['start']>[0]) {
  const { finished } = await world.engine.start(request);
  const view = await finished;
  return { view, row: (node: string) => view.steps.find((step) => step.node === node) };
}

async function recordsOf(runId: string, node: string, port?: string): Promise<readonly DataRecord[]> {
  const page = await world.engine.records(runId, node, { offset: 0, limit: 100_000, ...(port ? { port } : {}) });
  return page?.records ?? [];
}

/** start -> before -> loop [ inner ] -> after */
function loop(
  params: DataRecord,
  inner: Parameters<typeof workflow>[0],
  edges: readonly string[] = [],
  more: Parameters<typeof workflow>[0] = {},
) {
  return workflow(
    {
      start: ['manual'],
      before: ['set', { fields: { mark: '={{ "m" + $json.n }}' } }],
      loop: ['for-each', params],
      ...inner,
      after: ['set', { fields: { looped: "={{ $('loop').item.n }}", marked: "={{ $('before').item.mark }}" } }],
      ...more,
    },
    ['start -> before', 'before -> loop', 'loop -> after', ...edges],
  );
}

function untilEvent(test: (event: Parameters<Parameters<World['engine']['on']>[0]>[0]) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  world.engine.on((event) => test(event) && resolve());
  return promise;
}

describe('for-each', () => {
  it('gives what mapping without it gives, for any size and width', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        async (count, batchSize, parallel) => {
          const { view } = await ended({
            ...loop(
              { batchSize, parallel },
              {
                read: ['read', {}, inside],
                twice: [
                  'set',
                  { fields: { twice: '={{ $json.n * 2 }}', own: "={{ $('before').item.mark }}" } },
                  inside,
                ],
              },
              ['read -> twice'],
            ),
            records: numbers(count),
          });
          expect(view.status).toBe('succeeded');
          expect(await recordsOf(view.id, 'after')).toEqual(
            numbers(count).map(({ n }) => ({
              n,
              mark: `m${n}`,
              done: true,
              twice: n * 2,
              own: `m${n}`,
              looped: n,
              marked: `m${n}`,
            })),
          );
        },
      ),
      { numRuns: 25, seed: 5 },
    );
  });

  it('puts the results of several last steps together, and counts rounds in the view', async () => {
    const { view, row } = await ended({
      ...loop(
        { batchSize: 2 },
        { a: ['set', { fields: { via: 'a' } }, inside], b: ['set', { fields: { via: 'b' } }, inside] },
      ),
      records: numbers(3),
    });
    expect((await recordsOf(view.id, 'loop')).map(({ n, via }) => `${n}${via}`)).toEqual([
      '0a',
      '1a',
      '0b',
      '1b',
      '2a',
      '2b',
    ]);
    expect(row('loop')).toMatchObject({ rounds: { done: 2, total: 2, failed: 0 }, out: { results: 6 } });
    expect(row('a')).toMatchObject({
      parent: 'loop',
      status: 'succeeded',
      in: 3,
      out: { records: 3 },
      rounds: { done: 2, total: 2 },
    });
  });

  it('stops at the first failed round, or leaves it out, or rejects its records', async () => {
    world.outside.before = ({ n }) => {
      if (n === 2 || n === 5)
        throw new NodeError({ class: 'config', code: 'no', message: `Not ${n}.`, remedy: 'Mend.' });
    };
    const over = (onItemError: string, more?: Parameters<typeof workflow>[0], edges: string[] = []) =>
      ended({ ...loop({ onItemError }, { put: ['upsert', {}, inside] }, edges, more), records: numbers(7) });
    const stopped = await over('stop');
    expect(stopped.view).toMatchObject({
      status: 'failed',
      error: { node: 'loop', message: 'Round 3 failed: Not 2.' },
    });
    expect(world.outside.calls.map(({ record }) => record.n)).toEqual([0, 1]);
    expect(stopped.row('put')).toMatchObject({ status: 'failed', rounds: { done: 3, failed: 1 } });
    expect(stopped.row('put')?.inRounds).toMatchObject([
      { step: 'loop/0/put', status: 'succeeded' },
      { step: 'loop/2/put', status: 'failed', error: { message: 'Not 2.' } },
    ]);
    expect(await recordsOf(stopped.view.id, 'loop/0/put')).toMatchObject([{ n: 0 }]);
    const left = await over('continue');
    expect(left.view.status).toBe('succeeded');
    expect((await recordsOf(left.view.id, 'after')).map(({ n }) => n)).toEqual([0, 1, 3, 4, 6]);
    expect(left.row('loop')?.rounds).toEqual({ done: 7, total: 7, failed: 2 });
    const rejected = await over('reject', { bad: ['set', { fields: {} }] }, ['loop.rejected -> bad']);
    expect(rejected.view.status).toBe('succeeded');
    expect(await recordsOf(rejected.view.id, 'bad')).toMatchObject([
      { n: 2, _rejected: { message: 'Not 2.' } },
      { n: 5, _rejected: { message: 'Not 5.' } },
    ]);
  });

  it('retries the steps inside', async () => {
    let fails = 2;
    world.outside.before = ({ n }) => {
      if (n === 1 && fails-- > 0) throw new NodeError({ class: 'transient', code: 't', message: 'Busy.', remedy: '' });
    };
    const retry = { attempts: 3, backoff: 'fixed', delay: '1ms', maxDelay: '1ms' } as const;
    const { view, row } = await ended({
      ...loop({}, { put: ['upsert', {}, { ...inside, retry }] }),
      records: numbers(3),
    });
    expect(view.status).toBe('succeeded');
    expect(row('put')?.attempts).toBe(5);
  });

  it('nests, and traces origins through both levels', async () => {
    const told = new Map<string, string>();
    world.engine.on((event) => event.kind === 'step' && told.set(event.step.node, event.step.status));
    const { view, row } = await ended({
      ...loop(
        { batchSize: 4, parallel: 2 },
        {
          inner: ['for-each', { batchSize: 2 }, inside],
          deep: ['set', { fields: { own: "={{ $('before').item.mark }}" } }, { parent: 'inner' }],
        },
      ),
      records: numbers(10),
    });
    expect(view.status).toBe('succeeded');
    expect((await recordsOf(view.id, 'after')).map(({ n, own, marked, looped }) => [n, own, marked, looped])).toEqual(
      numbers(10).map(({ n }) => [n, `m${n}`, `m${n}`, n]),
    );
    expect(row('deep')).toMatchObject({ parent: 'inner', in: 10, rounds: { done: 5, failed: 0 } });
    expect([...told].filter(([, status]) => status !== 'succeeded')).toEqual([]);
    expect(row('inner')).toMatchObject({ parent: 'loop', rounds: { done: 5, failed: 0 } });
  });

  it('is reached by a cancel and by a timeout', async () => {
    const hanging = loop({ parallel: 2 }, { hang: ['hang', {}, inside] });
    const running = untilEvent((event) => event.kind === 'step' && event.step.node === 'hang');
    const { id, finished } = await world.engine.start({ ...hanging, records: numbers(5) });
    await running;
    await world.engine.cancel(id, 'Ada');
    const view = await finished;
    expect(view.status).toBe('cancelled');
    expect(view.steps.find((step) => step.node === 'hang')?.status).toBe('cancelled');
    const timed = await ended({
      ...workflow({ start: ['manual'], loop: ['for-each', {}, { timeout: '20ms' }], hang: ['hang', {}, inside] }, [
        'start -> loop',
      ]),
      records: numbers(2),
    });
    expect(timed.view).toMatchObject({ status: 'failed', error: { code: 'step-timed-out', node: 'loop' } });
  });

  it('waits inside park the run, survive a restart and go on one by one', async () => {
    await world.close();
    const clock = new FakeClock();
    world = engineWorld({ clock });
    const request = loop({ parallel: 2 }, { nap: ['wait', { ms: 60_000 }, inside], put: ['upsert', {}, inside] }, [
      'nap -> put',
    ]);
    const parked = untilEvent((event) => event.kind === 'run' && event.run.status === 'waiting');
    const { id } = await world.engine.start({ ...request, records: numbers(3), until: 'accepted' });
    await parked;
    world = await world.restarted();
    await world.engine.recover();
    const finished = world.engine.finished(id);
    let over = false;
    void finished.then(() => {
      over = true;
    });
    for (let i = 0; i < 200 && !over; i++) {
      clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const view = await finished;
    expect(view.status).toBe('succeeded');
    expect(world.outside.calls.map(({ record }) => record.n).sort()).toEqual([0, 1, 2]);
    expect((await recordsOf(id, 'after')).map(({ n }) => n)).toEqual([0, 1, 2]);
  });

  it('asks people inside, one answer for each round', async () => {
    let asked = untilEvent((event) => event.kind === 'run' && event.run.status === 'needs-you');
    const { id, finished } = await world.engine.start({
      ...loop({}, { ask: ['approve', {}, inside] }),
      records: numbers(2),
    });
    for (let i = 0; i < 2; i++) {
      await asked;
      const step = (await world.engine.run(id))?.steps.find(({ node }) => node === 'ask');
      expect(step).toMatchObject({ status: 'needs-you', wait: { kind: 'approval', step: `loop/${i}/ask` } });
      asked = untilEvent((event) => event.kind === 'run' && event.run.status === 'needs-you');
      expect(await world.engine.answer(id, 'ask', { kind: 'approved', by: 'Ada' })).toBe(true);
    }
    expect((await finished).status).toBe('succeeded');
    expect((await recordsOf(id, 'loop')).map(({ n }) => n)).toEqual([0, 1]);
  });

  it('goes on after a crash at the round and call where it stopped, with keys of its own for each round', async () => {
    const inCall = Promise.withResolvers<void>();
    world.outside.after = ({ n }) => {
      if (n !== 3) return;
      inCall.resolve();
      return new Promise(() => {});
    };
    const request = loop({ batchSize: 2 }, { put: ['upsert', {}, inside], end: ['read', {}, inside] }, ['put -> end']);
    const { id, finished } = await world.engine.start({ ...request, records: numbers(6), until: 'accepted' });
    finished.catch(() => {});
    await inCall.promise;
    await world.store.loadRun(id);
    world.outside.after = () => {};
    world = world.crashed();
    await world.engine.recover();
    expect((await world.engine.finished(id)).status).toBe('succeeded');
    const puts = world.outside.calls.filter(({ record }) => !record.done);
    expect(puts.map(({ record }) => record.n)).toEqual([0, 1, 2, 3, 3, 4, 5]);
    expect(new Set(puts.map(({ key }) => key)).size).toBe(6);
    expect(puts[3]?.key).toBe(puts[4]?.key);
    expect((await recordsOf(id, 'after')).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps little of many rounds', async () => {
    const request = loop(
      { batchSize: 10, parallel: 3 },
      { a: ['set', { fields: { a: 1 } }, inside], b: ['set', { fields: { b: 1 } }, inside] },
      ['a -> b'],
    );
    const { view, row } = await ended({ ...request, records: numbers(3000) });
    expect(row('b')).toMatchObject({ in: 3000, rounds: { done: 300, total: 300, failed: 0 } });
    const stored = await world.store.loadRun(view.id);
    const { steps } = JSON.parse(stored?.snapshot ?? '') as {
      steps: [string, unknown][];
    };
    expect(steps.map(([key]) => key)).toEqual(expect.arrayContaining(['loop/0/a', 'loop/0/b']));
    expect(steps.length).toBe(6);
  });

  it('lists of many rounds those that failed, in their order', async () => {
    world.outside.before = ({ n }) => {
      if (Number(n) % 2 === 1) throw new NodeError({ class: 'config', code: 'no', message: 'No.', remedy: 'Mend.' });
    };
    const { row } = await ended({
      ...loop({ onItemError: 'continue' }, { put: ['post', {}, inside] }),
      records: numbers(200),
    });
    const listed = row('put')?.inRounds ?? [];
    expect(listed.map(({ step }) => step)).toEqual(Array.from({ length: 50 }, (_, i) => `loop/${2 * i + 1}/put`));
    expect(listed.every(({ status }) => status === 'failed')).toBe(true);
  });

  it('puts large results away while it goes on, and reads them back in order', async () => {
    const text = 'x'.repeat(1000);
    const { view } = await ended({
      ...loop({ batchSize: 500 }, { a: ['set', { fields: { text } }, inside] }),
      records: numbers(15_000),
    });
    expect(view.status).toBe('succeeded');
    const after = await recordsOf(view.id, 'after');
    expect(after.length).toBe(15_000);
    expect(after.every(({ n, looped, marked }, i) => n === i && looped === i && marked === `m${i}`)).toBe(true);
  });
});

describe('repeat-until', () => {
  const counting = (params: DataRecord, more: Parameters<typeof workflow>[0] = {}, edges: string[] = []) =>
    workflow(
      {
        start: ['manual'],
        loop: [
          'repeat-until',
          { until: { all: [{ left: '={{ $json.n }}', is: 'greater-or-equal', right: 3 }] }, ...params },
        ],
        add: ['set', { fields: { n: '={{ $json.n + 1 }}', from: "={{ $('start').item.id }}" } }, inside],
        after: ['set', { fields: { was: "={{ $('start').item.id }}" } }],
        ...more,
      },
      ['start -> loop', 'loop -> after', ...edges],
    );

  it('feeds each round with what the last one gave until the conditions hold', async () => {
    const { view, row } = await ended({
      ...counting({ maxRounds: 10 }),
      records: [
        { n: 0, id: 'a' },
        { n: 5, id: 'b' },
      ],
    });
    expect(view.status).toBe('succeeded');
    expect(await recordsOf(view.id, 'after')).toEqual([
      { n: 3, id: 'a', from: 'a', was: 'a' },
      { n: 8, id: 'b', from: 'b', was: 'b' },
    ]);
    expect(row('loop')?.rounds).toEqual({ done: 3, failed: 0 });
  });

  it('fails with a clear error when the rounds are used up', async () => {
    const { view } = await ended({ ...counting({ maxRounds: 2 }), records: [{ n: 0 }] });
    expect(view).toMatchObject({ status: 'failed', error: { code: 'rounds-used-up', node: 'loop' } });
  });

  it('sleeps between rounds without holding a process, and no finished round is redone', async () => {
    await world.close();
    const clock = new FakeClock();
    world = engineWorld({ clock });
    const request = counting({ maxRounds: 10, delay: '1m' }, { put: ['upsert', {}, inside] }, ['add -> put']);
    let parked = untilEvent((event) => event.kind === 'run' && event.run.status === 'waiting');
    const { id } = await world.engine.start({ ...request, records: [{ n: 0, id: 'a' }], until: 'accepted' });
    await parked;
    world = await world.restarted();
    await world.engine.recover();
    const finished = world.engine.finished(id);
    let over = false;
    void finished.then(() => {
      over = true;
    });
    parked = Promise.resolve();
    for (let i = 0; i < 200 && !over; i++) {
      clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await finished).status).toBe('succeeded');
    expect(world.outside.calls.map(({ record }) => record.n)).toEqual([1, 2, 3]);
    expect(await recordsOf(id, 'after')).toMatchObject([{ n: 3, from: 'a', was: 'a' }]);
  });
});

describe('rounds that ask about calls', () => {
  it.each([0, 1])('are answered each by its own call, whichever is answered first: round %i', async (first) => {
    world.outside.after = () => {
      throw new Error('no answer came');
    };
    const { id, finished } = await world.engine.start({
      ...workflow(
        { start: ['manual'], loop: ['for-each', { batchSize: 1, parallel: 2 }], put: ['post', {}, { parent: 'loop' }] },
        ['start -> loop'],
      ),
      records: [{ n: 0 }, { n: 1 }],
    });
    await expect
      .poll(async () => {
        const lines = await world.engine.log(id);
        return lines.filter(({ message }) => message.includes('waits for somebody')).length;
      })
      .toBe(2);
    for (const round of [first, 1 - first]) {
      const call = callKey(id, `loop/${round}/put`, 0);
      expect(await world.engine.answer(id, 'put', { kind: 'done', by: 'Ada', call })).toBe(true);
    }
    expect((await finished).status).toBe('succeeded');
    expect(world.outside.calls).toHaveLength(2);
  });
});
