import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallWorkflow, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** A workflow that holds until it is called. */
async function holding(id: string, settings: Record<string, unknown>) {
  const nodes = [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'hold', type: 'wait', name: 'Hold', params: { callback: {} } },
  ];
  const document = smallWorkflow(id, { settings, nodes, edges: [{ from: 'start', to: 'hold' }] });
  expect((await server.call('POST', '/workflows', { body: document })).status).toBe(201);
  await server.call('POST', `/workflows/${id}/publish`);
}

const start = (id: string) => server.call('POST', `/workflows/${id}/runs`);
const is = (run: string, status: string) =>
  expect.poll(async () => (await server.call('GET', `/runs/${run}`)).body.status).toBe(status);
const call = (run: string) => server.call('POST', `/hooks/~/${run}/hold`, { token: '', body: {} });

test('queue: a run is accepted, waits its turn, and begins when the one before has ended', async () => {
  await holding('queue', { overlap: 'queue' });
  const [a, b, c] = [(await start('queue')).body.id, (await start('queue')).body.id, (await start('queue')).body.id];
  await is(a, 'waiting');
  expect((await server.call('GET', `/runs/${b}`)).body.status).toBe('queued');
  expect((await server.call('POST', `/runs/${b}/cancel`)).status).toBe(202);
  await is(b, 'cancelled');
  expect((await server.call('GET', `/runs/${c}`)).body.status).toBe('queued');
  await call(a);
  await is(a, 'succeeded');
  await is(c, 'waiting');
  await call(c);
  await is(c, 'succeeded');
});

test('skip: a run while another is on is refused', async () => {
  await holding('skip', { overlap: 'skip' });
  const { id } = (await start('skip')).body;
  expect(await start('skip')).toMatchObject({ status: 409, body: { code: 'overlapping' } });
  await is(id, 'waiting');
  await call(id);
  await is(id, 'succeeded');
  expect((await start('skip')).status).toBe(202);
});

test('skip: of two that come at once, one is refused', async () => {
  await holding('twins', { overlap: 'skip' });
  const answers = await Promise.all([start('twins'), start('twins')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
});

test('cancel-older: the newer run takes the place of the older', async () => {
  await holding('newest', { overlap: 'cancel-older' });
  const older = (await start('newest')).body.id;
  await is(older, 'waiting');
  const newer = (await start('newest')).body.id;
  await is(older, 'cancelled');
  await is(newer, 'waiting');
});

test.each(['skip', 'cancel-older'])('%s: a call that is repeated under its key is no other run', async (overlap) => {
  const id = `repeated-${overlap}`;
  const document = smallWorkflow(id, {
    settings: { overlap },
    nodes: [
      { id: 'hook', type: 'webhook', name: 'Hook', params: { path: id } },
      { id: 'hold', type: 'wait', name: 'Hold', params: { callback: {} } },
    ],
    edges: [{ from: 'hook', to: 'hold' }],
  });
  expect((await server.call('POST', '/workflows', { body: document })).status).toBe(201);
  await server.call('POST', `/workflows/${id}/publish`);
  const sent = () => server.call('POST', `/hooks/${id}`, { token: '', body: {}, headers: { 'idempotency-key': 'k' } });
  const first = await sent();
  expect(first.status).toBe(202);
  await is(first.body.id, 'waiting');
  expect(await sent()).toMatchObject({ status: 202, body: { id: first.body.id } });
  await is(first.body.id, 'waiting');
  await call(first.body.id);
  await is(first.body.id, 'succeeded');
  expect(await sent()).toMatchObject({ status: 202, body: { id: first.body.id } });
});

test('queued runs are there after a restart', async () => {
  const first = await startTestServer();
  const outer = server;
  server = first;
  await holding('durable', { maxParallelRuns: 1 });
  const [a, b] = [(await start('durable')).body.id, (await start('durable')).body.id];
  await is(a, 'waiting');
  await first.close();
  server = await startTestServer({ SLUICE_HOME: first.home });
  expect((await server.call('GET', `/runs/${b}`)).body.status).toBe('queued');
  await expect.poll(async () => (await call(a)).status).toBe(202);
  await is(a, 'succeeded');
  await is(b, 'waiting');
  await server.close();
  server = outer;
});
