import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunView } from '../../spec/api/run.ts';
import { smallWorkflow, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.call('POST', '/workflows', { body: smallWorkflow('small') });
  await server.call('POST', '/workflows/small/publish');
  const waiting = {
    nodes: [
      { id: 'start', type: 'manual', name: 'Start' },
      {
        id: 'ask',
        type: 'wait',
        name: 'Ask',
        params: { approval: { message: 'Go on?', people: ['ada@example.com'] } },
      },
    ],
    edges: [{ from: 'start', to: 'ask' }],
  };
  expect((await server.call('POST', '/workflows', { body: smallWorkflow('asks', waiting) })).status).toBe(201);
});
afterAll(() => server.close());

/** Waits for events, not for time. */
async function until(id: string, isSo: (run: RunView) => boolean): Promise<RunView> {
  const abort = new AbortController();
  const { token } = (await server.call('POST', '/tokens', { body: { name: 'watch' } })).body;
  const events = await fetch(`${server.url}/api/v1/events?run=${id}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  const reader = events.body?.getReader();
  for (;;) {
    const { body } = await server.call('GET', `/runs/${id}`);
    if (isSo(body)) break;
    await reader?.read();
  }
  abort.abort();
  return (await server.call('GET', `/runs/${id}`)).body;
}

const isOver = (run: RunView) => run.finishedAt !== undefined;

test('a run gives its steps, their records on both sides, its log and its output', async () => {
  const input = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const started = await server.call('POST', '/workflows/small/runs', { body: { input } });
  expect(started).toMatchObject({ status: 202, body: { id: expect.any(String) } });
  const { id } = started.body;
  const run = await until(id, isOver);
  expect(run).toMatchObject({ status: 'succeeded', draft: false, cause: 'manual', document: { id: 'small' } });
  expect(run.steps.find((step) => step.node === 'mark')).toMatchObject({
    status: 'succeeded',
    in: 3,
    out: { records: 3 },
  });
  const page = await server.call('GET', `/runs/${id}/steps/mark/records?offset=1&limit=1`);
  expect(page.body).toEqual({ records: [{ n: 2, seen: true }], total: 3, port: 'records', ports: { records: 3 } });
  const came = await server.call('GET', `/runs/${id}/steps/mark/records?side=in`);
  expect(came.body).toMatchObject({ records: input, total: 3 });
  expect((await server.call('GET', `/runs/${id}/output`)).body.records).toHaveLength(3);
  expect((await server.call('GET', `/runs/${id}/log`)).body).toEqual({ lines: expect.any(Array) });
  expect((await server.call('GET', `/runs/${id}/steps/none/records`)).status).toBe(404);
  expect((await server.call('GET', `/runs/${id}/steps/mark/records?offset=-1`)).status).toBe(400);
  for (const view of ['records', 'profile']) {
    const refused = await server.call('GET', `/runs/${id}/steps/mark/${view}?port=other`);
    expect(refused).toMatchObject({
      status: 404,
      body: {
        code: 'no-such-port',
        detail: '"Mark" has no output "other".',
        remedy: 'Name one that is there, "records", "rejected", or leave it out.',
      },
    });
  }
  expect((await server.call('GET', `/runs/${id}/steps/mark/records?side=in&port=other`)).status).toBe(404);
  const listed = await server.call('GET', '/runs?workflow=small&status=succeeded,failed');
  expect(listed.body.runs.map((one: { id: string }) => one.id)).toContain(id);
});

test('a field of any name comes in', async () => {
  const input = JSON.parse('[{"__proto__": {"a": 1}}]');
  const { id } = (await server.call('POST', '/workflows/small/runs', { body: { input } })).body;
  await until(id, isOver);
  const { body } = await server.call('GET', `/runs/${id}/steps/mark/records`);
  expect(JSON.stringify(body.records)).toBe('[{"__proto__":{"a":1},"seen":true}]');
  const refused = await server.call('POST', '/workflows/small/runs', { body: { input: ['a'] } });
  expect(refused).toMatchObject({ status: 400, body: { code: 'wrong-shape' } });
});

test('a record is traced through its run, from either side', async () => {
  const { id } = (await server.call('POST', '/workflows/small/runs', { body: { input: [{ n: 1 }, { n: 2 }] } })).body;
  await until(id, isOver);
  const back = await server.call('GET', `/runs/${id}/trace?node=mark&index=1`);
  expect(back.body).toMatchObject({
    here: { node: 'mark', side: 'out', port: 'records', index: 1, total: 2, record: { n: 2, seen: true } },
    before: [{ node: 'start', ports: [{ port: 'records', total: 2, count: 1, records: [{ index: 1 }] }] }],
    after: [],
  });
  const forth = await server.call('GET', `/runs/${id}/trace?node=mark&side=in&index=0`);
  expect(forth.body.after).toMatchObject([{ node: 'mark', in: 1, ports: [{ records: [{ index: 0 }] }] }]);
  expect((await server.call('GET', `/runs/${id}/trace?node=mark&index=2`)).body.code).toBe('record-not-found');
  expect((await server.call('GET', `/runs/${id}/trace?node=none&index=0`)).status).toBe(404);
  expect((await server.call('GET', `/runs/${id}/trace?node=mark`)).status).toBe(400);
});

test('a round that is folded is said not to be kept', async () => {
  const rounds = {
    nodes: [
      { id: 'start', type: 'manual', name: 'Start' },
      { id: 'loop', type: 'for-each', name: 'Each record', params: { batchSize: 1 } },
      { id: 'mark', type: 'set-fields', name: 'Mark', parent: 'loop', params: { fields: { seen: true } } },
    ],
    edges: [{ from: 'start', to: 'loop' }],
  };
  await server.call('POST', '/workflows', { body: smallWorkflow('folded', rounds) });
  const input = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const { id } = (await server.call('POST', '/workflows/folded/runs', { body: { draft: true, input } })).body;
  await until(id, isOver);
  const first = await server.call('GET', `/runs/${id}/steps/${encodeURIComponent('loop/0/mark')}/records`);
  expect(first.body).toMatchObject({ records: [{ n: 1, seen: true }], total: 1 });
  const folded = encodeURIComponent('loop/1/mark');
  for (const path of [
    `steps/${folded}/records`,
    `steps/${folded}/records?side=in`,
    `steps/${folded}/profile`,
    `trace?node=${folded}&index=0`,
  ]) {
    const refused = await server.call('GET', `/runs/${id}/${path}`);
    expect(refused).toMatchObject({
      status: 404,
      body: { code: 'round-not-kept', detail: 'What the steps did in round 2 of "Each record" is not kept.' },
    });
  }
});

test('the columns of what a step gave are described', async () => {
  const input = [{ n: 1, name: 'a' }, { n: null }];
  const { id } = (await server.call('POST', '/workflows/small/runs', { body: { input } })).body;
  await until(id, isOver);
  const { body } = await server.call('GET', `/runs/${id}/steps/mark/profile?sample=1`);
  expect(body).toMatchObject({ port: 'records', total: 2, moreColumns: 0, sample: [{ index: 0, record: { n: 1 } }] });
  expect(body.columns).toContainEqual(
    expect.objectContaining({
      name: 'name',
      kinds: { text: 1 },
      nulls: 0,
      missing: 1,
      distinct: { count: 1, isExact: true },
    }),
  );
  const came = await server.call('GET', `/runs/${id}/steps/mark/profile?side=in`);
  expect(came.body.columns.map(({ name }: { name: string }) => name)).toEqual(['n', 'name']);
  expect((await server.call('GET', `/runs/${id}/steps/none/profile`)).status).toBe(404);
});

test('one record as input is a list of one, no input is the trigger’s own', async () => {
  const one = await server.call('POST', '/workflows/small/runs', { body: { input: { n: 1 } } });
  expect((await until(one.body.id, isOver)).steps.find((step) => step.node === 'mark')?.in).toBe(1);
  const none = await server.call('POST', '/workflows/small/runs');
  expect(none.status).toBe(202);
  expect((await until(none.body.id, isOver)).status).toBe('succeeded');
});

test('a run that has ended is not cancelled, but restarted', async () => {
  const { id } = (await server.call('POST', '/workflows/small/runs')).body;
  await until(id, isOver);
  expect(await server.call('POST', `/runs/${id}/cancel`)).toMatchObject({
    status: 409,
    body: { code: 'run-has-ended' },
  });
  expect((await server.call('POST', `/runs/${id}/restart`, { body: { from: 'none' } })).status).toBe(404);
  const again = await server.call('POST', `/runs/${id}/restart`, { body: { from: 'mark' } });
  expect(again.status).toBe(202);
  expect(await until(again.body.id, isOver)).toMatchObject({ status: 'succeeded', restartOf: id });
});

test('one node alone runs on samples', async () => {
  await server.call('PUT', '/workflows/small/samples/start', { body: { records: [{ n: 7 }] } });
  const { id } = (await server.call('POST', '/workflows/small/runs', { body: { only: 'mark' } })).body;
  await until(id, isOver);
  const { body } = await server.call('GET', `/runs/${id}/steps/mark/records`);
  expect(body.records).toEqual([{ n: 7, seen: true }]);
});

test('a step inside a container is not run by itself, but with its container', async () => {
  const nodes = [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'loop', type: 'for-each', name: 'Each order' },
    { id: 'mark', type: 'set-fields', name: 'Mark', parent: 'loop', params: { fields: { seen: true }, keep: 'all' } },
  ];
  const document = smallWorkflow('rounds', { nodes, edges: [{ from: 'start', to: 'loop' }] });
  expect((await server.call('POST', '/workflows', { body: document })).status).toBe(201);
  await server.call('PUT', '/workflows/rounds/samples/start', { body: { records: [{ n: 7 }, { n: 8 }] } });
  expect(await server.call('POST', '/workflows/rounds/runs', { body: { only: 'mark' } })).toMatchObject({
    status: 409,
    body: { code: 'runs-in-rounds', remedy: expect.stringContaining('"Each order"') },
  });
  const { id } = (await server.call('POST', '/workflows/rounds/runs', { body: { only: 'loop' } })).body;
  const run = await until(id, isOver);
  expect(run.steps.find((step) => step.node === 'mark')).toMatchObject({ status: 'succeeded', in: 2 });
});

test('what cannot be started says why', async () => {
  await server.call('POST', '/workflows', { body: smallWorkflow('hidden') });
  expect(await server.call('POST', '/workflows/hidden/runs')).toMatchObject({
    status: 409,
    body: { code: 'not-published' },
  });
  expect((await server.call('POST', '/workflows/none/runs')).status).toBe(404);
  expect((await server.call('POST', '/workflows/small/runs', { body: { trigger: 'none' } })).status).toBe(404);
  expect(await server.call('POST', '/workflows/small/runs', { body: { trigger: 'mark' } })).toMatchObject({
    status: 400,
    body: { code: 'not-a-trigger' },
  });
  expect((await server.call('POST', '/workflows/small/runs', { body: { input: 'text' } })).status).toBe(400);
});

test('an unsaved document runs without being saved', async () => {
  const started = await server.call('POST', '/runs', {
    body: { document: smallWorkflow('fleeting'), input: [{ n: 1 }] },
  });
  expect((await until(started.body.id, isOver)).status).toBe('succeeded');
  expect((await server.call('GET', '/workflows/fleeting')).status).toBe(404);
});

test('what runs take up is told by workflow, in the names of the workflows', async () => {
  const { id } = (await server.call('POST', '/workflows/small/runs', { body: { input: [{ n: 1 }] } })).body;
  await until(id, isOver);
  const { status, body } = await server.call('GET', '/space');
  expect(status).toBe(200);
  expect(body.workflows).toContainEqual(
    expect.objectContaining({ id: 'small', name: 'Workflow small', overdue: { runs: 0, bytes: 0 } }),
  );
  expect(body.runs).toBe(body.workflows.reduce((sum: number, { runs }: { runs: number }) => sum + runs, 0));
  expect(body.bytes).toBeGreaterThan(0);
});

test('an approval is in the inbox until somebody answers it', async () => {
  const { id } = (await server.call('POST', '/workflows/asks/runs', { body: { draft: true } })).body;
  await until(id, (run) => run.steps.some((step) => step.wait?.kind === 'approval'));
  const { items } = (await server.call('GET', '/needs-you')).body;
  expect(items).toContainEqual(expect.objectContaining({ run: expect.objectContaining({ id }) }));
  expect((await server.call('POST', `/runs/${id}/restart`)).body.code).toBe('run-still-on');
  expect((await server.call('POST', `/runs/${id}/steps/ask/answer`, { body: { kind: 'perhaps' } })).status).toBe(400);
  const { token } = (await server.call('POST', '/tokens', { body: { name: 'somebody', role: 'operator' } })).body;
  const other = await server.call('POST', `/runs/${id}/steps/ask/answer`, { body: { kind: 'approved' }, token });
  expect(other).toMatchObject({ status: 403, body: { code: 'not-asked' } });
  expect((await server.call('POST', `/runs/${id}/steps/ask/answer`, { body: { kind: 'approved' } })).status).toBe(204);
  expect((await until(id, isOver)).status).toBe('succeeded');
  expect((await server.call('POST', `/runs/${id}/steps/ask/answer`, { body: { kind: 'approved' } })).status).toBe(409);
});

test('each round that asks has a question of its own, and an answer is for that one alone', async () => {
  const nodes = [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'loop', type: 'for-each', name: 'Each order', params: { parallel: 2 } },
    {
      id: 'ask',
      type: 'wait',
      name: 'Ask',
      parent: 'loop',
      params: { approval: { message: '=Pay {{ $input.first().n }}?' } },
    },
  ];
  await server.call('POST', '/workflows', {
    body: smallWorkflow('asks-each', { nodes, edges: [{ from: 'start', to: 'loop' }] }),
  });
  const body = { draft: true, input: [{ n: 1 }, { n: 2 }] };
  const { id } = (await server.call('POST', '/workflows/asks-each/runs', { body })).body;
  await until(id, ({ status }) => status === 'needs-you');
  const { items } = (await server.call('GET', '/needs-you')).body;
  const asked = items
    .filter((item: { run: RunView }) => item.run.id === id)
    .map((item: { step: unknown }) => item.step);
  expect(asked).toMatchObject([
    { node: 'ask', parent: 'loop', in: 1, wait: { message: 'Pay 1?', step: 'loop/0/ask' } },
    { node: 'ask', parent: 'loop', in: 1, wait: { message: 'Pay 2?', step: 'loop/1/ask' } },
  ]);
  const answer = (step: string, kind: string) =>
    server.call('POST', `/runs/${id}/steps/${encodeURIComponent(step)}/answer`, { body: { kind } });
  expect((await answer('loop/1/ask', 'declined')).status).toBe(204);
  expect((await answer('loop/1/ask', 'approved')).status).toBe(409);
  expect((await answer('loop/7/ask', 'approved')).status).toBe(409);
  expect((await answer('loop/0/none', 'approved')).status).toBe(404);
  expect((await answer('ask', 'approved')).status).toBe(204);
  const run = await until(id, isOver);
  expect(run.steps.find(({ node }) => node === 'ask')?.out).toEqual({ approved: 1, declined: 1 });
  const out = await server.call('GET', `/runs/${id}/steps/loop/records`);
  expect(out.body.records).toMatchObject([{ n: 1 }]);
});

test('a waiting run can be cancelled', async () => {
  const { id } = (await server.call('POST', '/workflows/asks/runs', { body: { draft: true } })).body;
  await until(id, (run) => run.steps.some((step) => step.wait?.kind === 'approval'));
  expect((await server.call('POST', `/runs/${id}/cancel`)).status).toBe(202);
  expect((await until(id, isOver)).status).toBe('cancelled');
});
