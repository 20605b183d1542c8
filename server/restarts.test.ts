import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallWorkflow, startTestServer, type TestServer } from './testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Fails as long as the variable says so. */
async function made(id: string, more: Record<string, unknown> = {}) {
  const nodes = [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'mark', type: 'set-fields', name: 'Mark', params: { fields: { seen: true }, keep: 'all' } },
    {
      id: 'check',
      type: 'if',
      name: 'Broken',
      params: { conditions: { all: [{ left: '={{ $vars.broken }}', is: 'equals', right: true }] } },
    },
    { id: 'halt', type: 'stop', name: 'Halt', params: { message: 'Broken.' } },
  ];
  const edges = [
    { from: 'start', to: 'mark' },
    { from: 'mark', to: 'check' },
    { from: 'check', output: 'true', to: 'halt' },
  ];
  const document = smallWorkflow(id, { nodes, edges, ...more });
  expect((await server.call('POST', '/workflows', { body: document })).status).toBe(201);
  expect((await server.call('POST', `/workflows/${id}/publish`)).status).toBe(200);
  return document;
}

const broken = (value: boolean) => server.call('PUT', '/vars', { body: { vars: { broken: value } } });

async function ended(id: string) {
  await expect.poll(async () => (await server.call('GET', `/runs/${id}`)).body.finishedAt).toBeDefined();
  return (await server.call('GET', `/runs/${id}`)).body;
}

async function failed(workflow: string) {
  const { body } = await server.call('POST', `/workflows/${workflow}/runs`, { body: { input: [{ n: 1 }] } });
  expect((await ended(body.id)).status).toBe('failed');
  return body.id as string;
}

test('what a restart does is told before, and then done', async () => {
  await broken(true);
  await made('one');
  const id = await failed('one');
  const preview = await server.call('GET', `/runs/${id}/restart?version=same`);
  expect(preview).toMatchObject({
    status: 200,
    body: {
      steps: [
        { node: 'mark', fate: 'reused', note: 'Its result is kept: 1 record.' },
        { node: 'check', fate: 'reused' },
        { node: 'halt', fate: 'redone', isNew: false },
      ],
      gone: [],
    },
  });
  await broken(false);
  const again = await server.call('POST', `/runs/${id}/restart`, { body: { from: 'check' } });
  expect(again.status).toBe(202);
  expect(await ended(again.body.id)).toMatchObject({ status: 'succeeded', restartOf: id });
});

test('what cannot be restarted says why', async () => {
  await broken(false);
  await made('fine');
  const { id } = (await server.call('POST', '/workflows/fine/runs')).body;
  await ended(id);
  expect(await server.call('POST', `/runs/${id}/restart`)).toMatchObject({
    status: 409,
    body: { code: 'nothing-to-restart' },
  });
  expect((await server.call('POST', `/runs/${id}/restart`, { body: { from: 'none' } })).status).toBe(404);
  expect((await server.call('GET', '/runs/none/restart')).status).toBe(404);
  expect((await server.call('GET', '/workflows/none/restart-failed')).status).toBe(404);
  expect((await server.call('POST', `/runs/${id}/restart`, { body: { since: 'now' } })).status).toBe(400);
  expect((await server.call('GET', `/runs/${id}/restart?version=latest`)).status).toBe(400);
  const { revision } = (await server.call('GET', '/workflows/fine')).body;
  const other = smallWorkflow('fine', {
    nodes: [
      { id: 'begin', type: 'manual', name: 'Begin' },
      { id: 'mark', type: 'set-fields', name: 'Mark', params: { fields: { seen: true }, keep: 'all' } },
    ],
    edges: [{ from: 'begin', to: 'mark' }],
  });
  const saved = await server.call('PUT', '/workflows/fine', { body: other, headers: { 'if-match': `"${revision}"` } });
  expect(saved.status).toBe(200);
  await server.call('POST', '/workflows/fine/publish');
  const newest = { from: 'mark', version: 'newest' };
  expect(await server.call('POST', `/runs/${id}/restart`, { body: newest })).toMatchObject({
    status: 409,
    body: { code: 'trigger-is-gone' },
  });
});

test('all failed runs of a workflow are restarted, each once', async () => {
  await broken(true);
  await made('many');
  const runs = [await failed('many'), await failed('many'), await failed('many')];
  await server.call('POST', `/runs/${runs[1]}/restart`);
  const again = (await server.call('GET', '/runs?workflow=many&limit=1')).body.runs[0];
  await ended(again.id);
  const at = '/workflows/many/restart-failed';
  expect((await server.call('GET', `${at}?from=check`)).body).toMatchObject({
    runs: 3,
    more: false,
    steps: [
      { node: 'mark', fates: { reused: 3 }, repeats: 0 },
      { node: 'check', fates: { redone: 3 } },
      { node: 'halt', fates: { redone: 3 } },
    ],
    left: [],
  });
  await broken(false);
  const { status, body } = await server.call('POST', at, { body: { from: 'check' } });
  expect(status).toBe(202);
  expect(body.restarted.map(({ run }: { run: string }) => run)).toEqual([runs[0], runs[2], again.id]);
  for (const { id } of body.restarted) expect((await ended(id)).status).toBe('succeeded');
  expect((await server.call('POST', at, { body: { from: 'check' } })).body).toEqual({
    restarted: [],
    left: [],
    more: false,
  });
});
