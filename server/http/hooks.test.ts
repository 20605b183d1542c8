import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallWorkflow, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Publishes a workflow that a webhook starts; its last step keeps what came in. */
async function publish(id: string, params: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const document = smallWorkflow(id, {
    nodes: [
      { id: 'hook', type: 'webhook', name: 'Hook', params: { path: id, ...params }, ...more },
      { id: 'mark', type: 'set-fields', name: 'Mark', params: { fields: { seen: true }, keep: 'all' } },
    ],
    edges: [{ from: 'hook', to: 'mark' }],
  });
  const made = await server.call('POST', '/workflows', { body: document });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  expect((await server.call('POST', `/workflows/${id}/publish`)).status).toBe(200);
}

const hook = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  server.call(method, `/hooks/${path}`, { token: '', headers, ...(body === undefined ? {} : { body }) });

test('a call gives one record with body, query, headers, method and params', async () => {
  await publish('records', { path: 'records/:kind', respond: 'when-finished' });
  const answer = await hook('POST', 'records/new%20one?a=1&b=2&b=3', '{"n":1}', {
    'x-mine': 'yes',
    cookie: 'secret=1',
  });
  expect(answer.status).toBe(200);
  const [record] = answer.body.output;
  expect(record).toMatchObject({
    body: { n: 1 },
    query: { a: '1', b: ['2', '3'] },
    headers: { 'x-mine': 'yes' },
    method: 'POST',
    params: { kind: 'new one' },
    seen: true,
  });
  expect(record.headers.cookie).toBeUndefined();
});

test('a caller is not let wait for ever: the run goes on, and where is told', async () => {
  const document = smallWorkflow('patient', {
    nodes: [
      {
        id: 'hook',
        type: 'webhook',
        name: 'Hook',
        params: { path: 'patient', respond: 'when-finished', answerWithin: '50ms' },
      },
      { id: 'hold', type: 'wait', name: 'Hold', params: { callback: {} } },
    ],
    edges: [{ from: 'hook', to: 'hold' }],
  });
  expect((await server.call('POST', '/workflows', { body: document })).status).toBe(201);
  await server.call('POST', '/workflows/patient/publish');
  const answer = await hook('POST', 'patient', '{}');
  expect(answer).toMatchObject({ status: 202, body: { id: expect.any(String), status: 'running' } });
  expect(answer.headers.get('location')).toBe(`/runs/${answer.body.id}`);
  await expect.poll(async () => (await hook('POST', `~/${answer.body.id}/hold`, '{}')).status).toBe(202);
  await expect.poll(async () => (await server.call('GET', `/runs/${answer.body.id}`)).body.status).toBe('succeeded');
});

test('at once means: answered when the run is on disk', async () => {
  await publish('quick', {});
  const answer = await hook('POST', 'quick', '{}');
  expect(answer).toMatchObject({ status: 202, body: { id: expect.any(String) } });
  expect((await server.call('GET', `/runs/${answer.body.id}`)).body).toMatchObject({ cause: 'webhook', draft: false });
});

test('the same Idempotency-Key makes one run', async () => {
  await publish('once', {});
  const calls = await Promise.all([1, 2, 3].map(() => hook('POST', 'once', '{}', { 'idempotency-key': 'k1' })));
  expect(new Set(calls.map((call) => call.body.id)).size).toBe(1);
});

test('forms and texts are read as what they are', async () => {
  await publish('kinds', { respond: 'when-finished' });
  const sent = async (body: string, type: string) =>
    (await hook('POST', 'kinds', body, { 'content-type': type })).body.output[0].body;
  expect(await sent('a=1&b=x%20y', 'application/x-www-form-urlencoded')).toEqual({ a: '1', b: 'x y' });
  expect(await sent('hello', 'text/plain')).toBe('hello');
  expect(await sent('[1,2]', 'application/vnd.api+json')).toEqual([1, 2]);
  expect(await sent('\u0001', 'application/octet-stream')).toBe('AQ==');
});

test('what cannot be taken is refused, and starts nothing', async () => {
  await publish('strict', { maxBody: 10 });
  expect(await hook('POST', 'strict', '{"a":', {})).toMatchObject({ status: 400, body: { code: 'body-not-json' } });
  expect(await hook('POST', 'strict', '{"a":"12345"}')).toMatchObject({
    status: 413,
    body: { code: 'body-too-large' },
  });
  const wrong = await hook('GET', 'strict');
  expect(wrong).toMatchObject({ status: 405, body: { code: 'wrong-method' } });
  expect(wrong.headers.get('allow')).toBe('POST');
  expect(await hook('POST', 'nowhere')).toMatchObject({ status: 404, body: { code: 'no-such-webhook' } });
  expect((await server.call('GET', '/runs?workflow=strict')).body.runs).toEqual([]);
});

test('a webhook is live for the published version alone', async () => {
  await publish('life', {});
  const { document } = (await server.call('GET', '/workflows/life')).body;
  document.nodes[0].params.path = 'moved';
  await server.call('PUT', '/workflows/life', { body: document });
  expect((await hook('POST', 'moved', '{}')).status).toBe(404);
  await server.call('POST', '/workflows/life/publish');
  expect((await hook('POST', 'moved', '{}')).status).toBe(202);
  expect((await hook('POST', 'life', '{}')).status).toBe(404);
  await server.call('DELETE', '/workflows/life');
  expect((await hook('POST', 'moved', '{}')).status).toBe(404);
});

test('two workflows do not share a path', async () => {
  await publish('mine', { path: 'shared/:a' });
  const nodes = [
    { id: 'hook', type: 'webhook', name: 'Hook', params: { path: 'shared/:b' } },
    { id: 'end', type: 'no-op', name: 'End' },
  ];
  await server.call('POST', '/workflows', {
    body: smallWorkflow('theirs', { nodes, edges: [{ from: 'hook', to: 'end' }] }),
  });
  expect(await server.call('POST', '/workflows/theirs/publish')).toMatchObject({
    status: 409,
    body: { code: 'webhook-path-taken' },
  });
  expect((await server.call('POST', '/workflows/mine/publish')).status).toBe(200);
});

test('tokens, passwords and signatures are asked for', async () => {
  const credential = (id: string, type: string, values: Record<string, unknown>) =>
    server.call('POST', '/credentials', { body: { id, name: id, type, values } });
  await credential('t', 'webhook-token', { token: 'tok' });
  await credential('b', 'webhook-basic', { user: 'u', password: 'p' });
  await credential('h', 'webhook-hmac', { secret: 's', header: 'X-Hub-Signature-256', prefix: 'sha256=' });
  await publish('token', { auth: 'token' }, { credential: 't' });
  await publish('basic', { auth: 'basic' }, { credential: 'b' });
  await publish('signed', { auth: 'hmac' }, { credential: 'h' });
  const body = '{"n": 1}';
  const signature = `sha256=${createHmac('sha256', 's').update(body).digest('hex')}`;
  const status = async (path: string, headers: Record<string, string>, sent = body) =>
    (await hook('POST', path, sent, headers)).status;
  expect(await status('token', { authorization: 'Bearer tok' })).toBe(202);
  expect(await status('token', { authorization: 'Bearer no' })).toBe(401);
  expect(await status('token', {})).toBe(401);
  expect(await status('basic', { authorization: `Basic ${btoa('u:p')}` })).toBe(202);
  expect(await status('basic', { authorization: `Basic ${btoa('u:q')}` })).toBe(401);
  expect(await status('signed', { 'x-hub-signature-256': signature })).toBe(202);
  expect(await status('signed', { 'x-hub-signature-256': signature }, '{"n": 2}')).toBe(401);
});

test('a failed run is told to who waits for it, and a respond node answers as it says', async () => {
  const nodes = (last: Record<string, unknown>, respond: string, path: string) => ({
    nodes: [
      { id: 'hook', type: 'webhook', name: 'Hook', params: { path, respond } },
      { id: 'last', name: 'Last', ...last },
    ],
    edges: [{ from: 'hook', to: 'last' }],
  });
  const put = async (id: string, last: Record<string, unknown>, respond: string) => {
    const made = await server.call('POST', '/workflows', { body: smallWorkflow(id, nodes(last, respond, id)) });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    await server.call('POST', `/workflows/${id}/publish`);
  };
  await put('fails', { type: 'stop', params: { message: 'Not today' } }, 'when-finished');
  expect(await hook('POST', 'fails', '{}')).toMatchObject({
    status: 500,
    body: { code: 'run-failed', detail: expect.stringContaining('Not today') },
  });
  const params = { status: 418, headers: { 'X-Tea': 'yes', 'Set-Cookie': 'a=1' }, body: { short: 'stout' } };
  await put('tea', { type: 'respond', params }, 'by-node');
  const answer = await hook('POST', 'tea', '{}');
  expect(answer).toMatchObject({ status: 418, body: { short: 'stout' } });
  expect(answer.headers.get('x-tea')).toBe('yes');
  expect(answer.headers.getSetCookie()).toEqual([]);
});

/** Publishes a workflow whose caller is answered by a node, with the number of the run that answers. */
async function publishAnswering(id: string, before: Record<string, unknown>[], settings = {}) {
  const names = ['hook', ...before.map(({ id }) => String(id)), 'answer'];
  const document = smallWorkflow(id, {
    settings,
    nodes: [
      { id: 'hook', type: 'webhook', name: 'Hook', params: { path: id, respond: 'by-node' } },
      ...before,
      {
        id: 'answer',
        type: 'respond',
        name: 'Answer',
        params: { status: 201, headers: { 'X-Run': '={{ $run.id }}' }, body: { run: '={{ $run.id }}' } },
      },
    ],
    edges: names.slice(1).map((to, i) => ({ from: names[i], to })),
  });
  const made = await server.call('POST', '/workflows', { body: document });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await server.call('POST', `/workflows/${id}/publish`);
}

test.each([{}, { saveRuns: 'failed' }])(
  'a call that is repeated under its key is answered as it was (%j)',
  async (settings) => {
    const path = `answers-${Object.keys(settings).length}`;
    await publishAnswering(path, [], settings);
    const calls: Awaited<ReturnType<typeof hook>>[] = [];
    for (let i = 0; i < 3; i++) {
      const answer = await hook('POST', path, '{}', { 'idempotency-key': 'k' });
      expect(answer).toMatchObject({ status: 201, body: { run: expect.any(String) } });
      expect(answer.headers.get('x-run')).toBe(answer.body.run);
      calls.push(answer);
      await expect
        .poll(async () => (await server.call('GET', `/runs/${answer.body.run}`)).body.status)
        .toBe('succeeded');
    }
    expect(new Set(calls.map(({ body }) => body.run)).size).toBe(1);
  },
);

test('a node answers the caller also when the run has waited before', async () => {
  await publishAnswering('waits', [{ id: 'nap', type: 'wait', name: 'Nap', params: { for: '20ms' } }]);
  const answers = await Promise.all([hook('POST', 'waits', '{}'), hook('POST', 'waits', '{}')]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 201, body: { run: expect.any(String) } });
  expect(answers[0]?.body.run).not.toBe(answers[1]?.body.run);
});

test('a call from outside wakes the step that waits for it', async () => {
  const document = smallWorkflow('called', {
    nodes: [
      { id: 'start', type: 'manual', name: 'Start' },
      { id: 'hold', type: 'wait', name: 'Hold', params: { callback: {} } },
    ],
    edges: [{ from: 'start', to: 'hold' }],
  });
  await server.call('POST', '/workflows', { body: document });
  const { id } = (await server.call('POST', '/workflows/called/runs', { body: { draft: true } })).body;
  await expect.poll(async () => (await server.call('GET', `/runs/${id}`)).body.status).toBe('waiting');
  expect((await hook('POST', `~/${id}/none`, '{}')).status).toBe(404);
  expect((await hook('POST', `~/${id}/hold`, '{"ok":true}')).status).toBe(202);
  await expect.poll(async () => (await server.call('GET', `/runs/${id}`)).body.status).toBe('succeeded');
  expect((await hook('POST', `~/${id}/hold`, '{}')).status).toBe(404);
});
