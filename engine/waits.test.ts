import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { engineWorld, FakeClock, type World, workflow } from '../tests/engine-world.ts';

let world: World;

afterEach(() => world.close());

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function parked(count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  world.engine.on((event) => {
    if (event.kind === 'run' && event.run.status === 'waiting' && --left === 0) resolve();
  });
  return promise;
}

/** Resolves when the runs have left memory, and what wakes them is armed. */
async function putAway(...runs: { id: string }[]): Promise<void> {
  while (runs.some(({ id }) => world.engine.isActive(id))) await new Promise((resolve) => setImmediate(resolve));
}

it('many parked runs hold next to no memory and one timer, and all are woken', async () => {
  const clock = new FakeClock();
  world = engineWorld({ clock });
  const request = workflow({ start: ['manual'], nap: ['wait', { ms: 60_000 }] }, ['start -> nap']);
  const text = 'x'.repeat(50_000);
  const runs = 400;
  const started = async (n: number) => {
    const { id } = await world.engine.start({ ...request, records: [{ n, text: `${n}${text}` }], until: 'accepted' });
    return id;
  };
  const before = parked(1);
  await started(-1);
  await before;
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  const start = process.memoryUsage().heapUsed;
  const all = parked(runs);
  const ids: string[] = [];
  for (let n = 0; n < runs; n++) ids.push(await started(n));
  await all;
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  // Their records alone would be 20 MB.
  expect(process.memoryUsage().heapUsed - start).toBeLessThan(4_000_000);
  expect(clock.pending).toBeLessThan(4);
  const ended = Promise.all(ids.map((id) => world.engine.finished(id)));
  clock.advance(60_000);
  expect((await ended).every(({ status }) => status === 'succeeded')).toBe(true);
}, 60_000);

it('the time limit of a run is kept while it waits, also over a restart', async () => {
  const clock = new FakeClock();
  world = engineWorld({ clock });
  const { document, ...rest } = workflow({ start: ['manual'], nap: ['wait', { ms: 3_600_000 }] }, ['start -> nap']);
  const request = { ...rest, document: { ...document, settings: { timeout: '10m' } } };
  const [first, second] = [
    await world.engine.start(request),
    await world.engine.start({ ...request, until: 'accepted' }),
  ];
  await putAway(first, second);
  const end = world.engine.finished(first.id);
  clock.advance(600_000);
  expect(await end).toMatchObject({ status: 'failed', error: { code: 'run-timed-out' } });
  expect((await world.engine.run(first.id))?.steps.at(-1)).toMatchObject({ status: 'cancelled' });
  await world.engine.finished(second.id);
  const third = await world.engine.start({ ...request, until: 'accepted' });
  await putAway(third);
  world = await world.restarted();
  clock.advance(600_000);
  await world.engine.recover();
  expect(await world.engine.finished(third.id)).toMatchObject({ error: { code: 'run-timed-out' } });
});

it('time in the queue is none of the time limit', async () => {
  const clock = new FakeClock();
  const free = Promise.withResolvers<void>();
  world = engineWorld({
    clock,
    gate: { enter: () => free.promise, recall: () => {}, rest: () => {}, leave: () => {} },
  });
  const { document, ...rest } = workflow({ start: ['manual'], put: ['read'] }, ['start -> put']);
  const run = await world.engine.start({
    ...rest,
    document: { ...document, settings: { timeout: '10m' } },
    records: [{}],
  });
  clock.advance(3_600_000);
  free.resolve();
  expect(await run.finished).toMatchObject({ status: 'succeeded', startedAt: clock.now() });
});

it('a run that waits for another one is cancelled with it, and queued ones too', async () => {
  const clock = new FakeClock();
  const child = workflow({ start: ['manual'], nap: ['wait', { ms: 3_600_000 }] }, ['start -> nap']);
  world = engineWorld({ clock, published: async () => child });
  const waiting = parked(2);
  const { id } = await world.engine.start({
    ...workflow({ start: ['manual'], call: ['call', { workflow: 'child' }] }, ['start -> call']),
    until: 'accepted',
  });
  await waiting;
  const end = world.engine.finished(id);
  await world.engine.cancel(id, 'Ada');
  expect((await end).status).toBe('cancelled');
  const { runs } = await world.engine.runs({ limit: 9 });
  await Promise.all(runs.map((run) => world.engine.finished(run.id)));
  expect((await world.engine.runs({ limit: 9 })).runs.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
});

it('a cancel ends the pause before a retry', async () => {
  const clock = new FakeClock();
  world = engineWorld({ clock });
  const retrying = Promise.withResolvers<void>();
  world.engine.on((event) => event.kind === 'step' && event.step.status === 'retrying' && retrying.resolve());
  const retry = { attempts: 3, backoff: 'fixed', delay: '1h', maxDelay: '1h' } as const;
  const request = workflow({ start: ['manual'], bad: ['fail', { class: 'transient' }, { retry }] }, ['start -> bad']);
  const { id, finished } = await world.engine.start({ ...request, until: 'accepted' });
  await retrying.promise;
  await world.engine.cancel(id, 'Ada');
  expect((await finished).status).toBe('cancelled');
});
