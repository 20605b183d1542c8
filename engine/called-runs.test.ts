import { afterEach, expect, it, vi } from 'vitest';
import { engineWorld, FakeClock, type World, workflow } from '../tests/engine-world.ts';

let world: World;

afterEach(() => world.close());

const caller = (called: string) =>
  workflow({ start: ['manual'], sub: ['call-each', { workflow: called }] }, ['start -> sub']);
const WORKFLOWS: Record<string, ReturnType<typeof workflow>> = {
  middle: caller('leaf'),
  leaf: workflow({ start: ['manual'], asks: ['choose', { when: '={{ $json.asks }}' }], ask: ['approve'] }, [
    'start -> asks',
    'asks.true -> ask',
  ]),
};
const published = async (id: string) => WORKFLOWS[id];

const runs = async () => (await world.engine.runs({ limit: 99 })).runs;
const ended = async () => Promise.all((await runs()).map(({ id }) => world.engine.finished(id)));

/** Starts a run for each of three records, of which each starts one; the last of them ends by itself. */
async function calling() {
  let asking = 0;
  const asked = Promise.withResolvers<void>();
  world.engine.on((event) => {
    if (event.kind === 'run' && event.run.status === 'needs-you' && ++asking === 2) asked.resolve();
  });
  const { id, finished } = await world.engine.start({
    ...caller('middle'),
    records: [{ asks: true }, { asks: true }, { asks: false }],
    until: 'accepted',
  });
  finished.catch(() => {});
  await asked.promise;
  await vi.waitUntil(async () => {
    const open = (await runs()).filter(({ finishedAt }) => finishedAt === undefined);
    return open.length === 5 && open.every((run) => !world.engine.isActive(run.id));
  });
  return id;
}

async function expectCancelledOnce() {
  const views = await ended();
  expect(views.map(({ status }) => status).sort()).toEqual([...Array(5).fill('cancelled'), 'succeeded', 'succeeded']);
  for (const { id, status } of views) {
    const said = (await world.engine.log(id)).filter(({ message }) => message.startsWith('Cancelled'));
    expect(said).toHaveLength(status === 'cancelled' ? 1 : 0);
  }
}

it('a run is told why one that it called has failed', async () => {
  const failing = workflow({ start: ['manual'], stop: ['set', { fields: { x: "={{ toNumber('no') }}" } }] }, [
    'start -> stop',
  ]);
  world = engineWorld({ published: async () => failing });
  const { finished } = await world.engine.start(
    workflow({ start: ['manual'], sub: ['call', { workflow: 'failing' }] }, ['start -> sub']),
  );
  expect((await finished).error?.message).toMatch(/^It failed: .*toNumber needs a number/);
});

it('a cancel reaches all that a run has started, waited for or not, and what those have started', async () => {
  world = engineWorld({ published });
  await world.engine.cancel(await calling(), 'Ada');
  await expectCancelledOnce();
});

it('goes on with that after a crash in the middle of it, and tells no run twice', async () => {
  world = engineWorld({ published });
  const id = await calling();
  let told = 0;
  const dead = Promise.withResolvers<void>();
  const append = world.store.append.bind(world.store);
  world.store.append = async (...args) => {
    await append(...args);
    if (!args[1].some(({ is }) => is === 'cancel-requested') || ++told < 2) return;
    dead.resolve();
    await new Promise(() => {});
  };
  void world.engine.cancel(id, 'Ada');
  await dead.promise;
  world = world.crashed();
  await world.engine.recover();
  await expectCancelledOnce();
});

it('reaches a run that is taken on only after the step that starts it was left behind', async () => {
  const clock = new FakeClock();
  world = engineWorld({ published, clock });
  const asks = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const accept = world.store.acceptRun.bind(world.store);
  world.store.acceptRun = async (header, input) => {
    if (header.calledBy !== undefined) {
      asks.resolve();
      await free.promise;
    }
    return accept(header, input);
  };
  const { id, finished } = await world.engine.start({
    ...caller('leaf'),
    records: [{ asks: true }],
    until: 'accepted',
  });
  await asks.promise;
  await world.engine.cancel(id, 'Ada');
  clock.advance(5_000);
  expect((await finished).status).toBe('cancelled');
  free.resolve();
  await vi.waitUntil(async () => (await runs()).length === 2);
  expect((await ended()).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
});
