import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunRequest } from '../../engine/ports.ts';
import { engineWorld, type World, workflow } from '../../tests/engine-world.ts';
import { Admission } from './admission.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let world: World;
/** Lets the calls that were begun go on, one after another. */
let calls: { n: unknown; go: () => void }[];

beforeEach(() => {
  calls = [];
  world = engineWorld({ gate: new Admission() });
  world.outside.before = ({ n }) => new Promise((go) => calls.push({ n, go }));
});

afterEach(async () => {
  for (const { go } of calls) go();
  await world.close();
});

const oneAtATime = (parts: ReturnType<typeof workflow>): ReturnType<typeof workflow> => ({
  ...parts,
  document: { ...parts.document, settings: { maxParallelRuns: 1 } },
});
const putting = oneAtATime(
  workflow({ start: ['manual'], put: ['upsert'], say: ['respond'] }, ['start -> put', 'put -> say']),
);
const asking = oneAtATime(
  workflow({ start: ['manual'], ask: ['approve'], put: ['upsert'] }, ['start -> ask', 'ask.approved -> put']),
);

async function start(n: number, request: Partial<RunRequest> = {}) {
  const run = await world.engine.start({ ...putting, until: 'accepted', records: [{ n }], ...request });
  run.finished.catch(() => {});
  return run;
}

async function goOn(n: number): Promise<void> {
  await vi.waitUntil(() => calls.some((call) => call.n === n));
  calls.find((call) => call.n === n)?.go();
}

it('runs that wait for their turn hold next to no memory', async () => {
  const text = 'x'.repeat(50_000);
  await start(0);
  await vi.waitUntil(() => calls.length === 1);
  collect();
  const before = process.memoryUsage().heapUsed;
  const ids: string[] = [];
  for (let n = 1; n <= 400; n++) ids.push((await start(n, { records: [{ n, text: `${n}${text}` }] })).id);
  collect();
  // Their records alone would be 20 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000);
  expect(ids.some((id) => world.engine.isActive(id))).toBe(false);
});

it('a run that waits for its turn is durable, whoever stays for it, and answers when it has had it', async () => {
  await start(1);
  const second = await start(2, { until: 'finished' });
  const [first] = await world.store.unfinishedRuns();
  expect(await world.store.loadRun(second.id)).toMatchObject({ summary: { status: 'queued' } });
  await goOn(1);
  await goOn(2);
  expect(await second.response).toMatchObject({ body: { n: 2 } });
  expect(await second.finished).toMatchObject({ status: 'succeeded' });
  expect(await world.engine.finished(first?.header.id ?? '')).toMatchObject({ status: 'succeeded' });
});

it('one that is cancelled needs no turn', async () => {
  await start(1);
  const second = await start(2);
  const third = await start(3);
  await world.engine.cancel(second.id, 'Ada');
  expect(await second.response).toBeUndefined();
  expect(await second.finished).toMatchObject({ status: 'cancelled' });
  await goOn(1);
  await goOn(3);
  expect(await third.finished).toMatchObject({ status: 'succeeded' });
});

it('after a crash, older runs come before one that is taken on before they have been taken up', async () => {
  for (const n of [1, 2, 3]) await start(n);
  await vi.waitUntil(() => calls.length === 1);
  calls = [];
  world = world.crashed({ gate: new Admission() });
  await world.engine.lineUp();
  const last = await start(4);
  await world.engine.recover();
  for (const n of [1, 2, 3, 4]) {
    await goOn(n);
    expect(calls.at(-1)?.n).toBe(n);
  }
  await last.finished;
  expect(calls.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
});

it('after a crash, a run that waits for a person has its seat still', async () => {
  const asked = Promise.withResolvers<void>();
  world.engine.on((event) => {
    if (event.kind === 'run' && event.run.status === 'needs-you') asked.resolve();
  });
  const first = await start(1, asking);
  const second = await start(2, asking);
  await asked.promise;
  await vi.waitUntil(() => !world.engine.isActive(first.id));
  world = world.crashed({ gate: new Admission() });
  await world.engine.recover();
  expect((await world.engine.run(second.id))?.status).toBe('queued');
  await vi.waitUntil(() => world.engine.answer(first.id, 'ask', { kind: 'approved', by: 'Ada' }));
  await goOn(1);
  await vi.waitUntil(() => world.engine.answer(second.id, 'ask', { kind: 'approved', by: 'Ada' }));
  await goOn(2);
  expect(await world.engine.finished(second.id)).toMatchObject({ status: 'succeeded' });
});

it('after a crash, runs that were at work come first, and those that only wait come last', async () => {
  const parts = { ...workflow({ start: ['manual'], ask: ['approve'] }, ['start -> ask']) };
  const waits = await start(0, { ...parts, records: [] });
  await vi.waitUntil(async () => (await world.engine.run(waits.id))?.status === 'needs-you');
  await vi.waitUntil(() => !world.engine.isActive(waits.id));
  const works = await start(1);
  const queued = await start(2);
  await vi.waitUntil(() => calls.length === 1);
  await vi.waitUntil(async () => (await world.store.unfinishedRuns())[1]?.status === 'running');
  calls = [];
  world = world.crashed({ gate: new Admission() });
  const loaded = vi.spyOn(world.store, 'loadRun');
  await world.engine.recover();
  expect(loaded.mock.calls.map(([id]) => id)).toEqual([works.id, waits.id]);
  await goOn(1);
  await goOn(2);
  expect(await world.engine.finished(queued.id)).toMatchObject({ status: 'succeeded' });
});
