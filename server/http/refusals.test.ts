import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../spec/api/routes.ts';
import { smallWorkflow, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test.each([
  ['broken JSON', '{"format":', {}, 400, 'body-not-json'],
  ['an array', '[]', {}, 400, 'wrong-shape'],
  ['null', 'null', {}, 400, 'wrong-shape'],
  ['no body', undefined, {}, 400, 'wrong-shape'],
  ['an empty object', '{}', {}, 422, 'not-valid'],
  ['no JSON', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'wrong-content-type'],
  ['an unknown encoding', '{}', { 'content-encoding': 'rot13' }, 415, 'unsupported-encoding'],
  ['34 MB', `{"a":"${'x'.repeat(34_000_000)}"}`, {}, 413, 'body-too-large'],
  ['a prototype', '{"__proto__":{"format":"sluice/1"}}', {}, 422, 'not-valid'],
])('a workflow of %s is refused in plain words', async (_name, body, headers, status, code) => {
  const answer = await server.call('POST', '/workflows', { ...(body === undefined ? {} : { body }), headers });
  expect(answer).toMatchObject({
    status,
    body: { status, code, detail: expect.any(String), title: expect.any(String) },
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect((await server.call('GET', '/workflows')).body.workflows).toEqual([]);
});

test.each([
  ['GET', '/nothing'],
  ['PATCH', '/workflows'],
  ['GET', '/api/v2/workflows'],
  ['GET', '/runs/none'],
  ['POST', '/runs/none/cancel'],
  ['GET', '/credentials/none'],
  ['DELETE', '/tokens/none'],
  ['GET', '/workflows/..%2f..%2fkey'],
  ['GET', '/workflows/A%00B'],
])('%s %s is not found', async (method, path) => {
  expect(await server.call(method, path)).toMatchObject({ status: 404, body: { status: 404 } });
});

test.each([
  ['/runs?limit=0'],
  ['/runs?status=odd'],
  ['/runs?limit=abc'],
  ['/runs?cursor=odd'],
  ['/workflows/%E0%A4%A'],
])('GET %s is a wrong request', async (path) => {
  expect((await server.call('GET', path)).status).toBe(400);
});

test('a wrong form is told in words for people, and a misspelt field is not lost in silence', async () => {
  const misspelt = await server.call('POST', '/workflows/x/runs', { body: '{"inputs":[]}' });
  expect(misspelt).toMatchObject({ status: 400, body: { detail: expect.stringContaining('no field "inputs"') } });
  const wrong = await server.call('POST', '/credentials', { body: '{"name":5}' });
  expect(wrong.status).toBe(400);
  expect(wrong.body.detail).toContain('"name" must be a text, not the number 5.');
  expect(wrong.body.detail).not.toMatch(/received|expected|undefined/);
  const listed = await server.call('GET', '/runs?status=failed,odd');
  expect(listed.body.detail).toContain('"status" cannot be the text "failed,odd".');
});

test('without a session or token nothing but the session itself is told', async () => {
  const open = ['getSession'];
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replace(/:\w+/g, 'x');
    const answer = await server.call(route.method.toUpperCase(), path, { token: '' });
    expect(answer.status, name).toBe(open.includes(name) ? 200 : 401);
  }
  expect((await server.call('GET', '/workflows', { token: 'sluice_wrong' })).status).toBe(401);
  expect((await server.call('GET', '/practice/salesforce/objects', { token: '' })).status).toBe(401);
  expect((await server.call('GET', '/metrics', { token: '' })).status).toBe(401);
});

test('every route of the table is served', async () => {
  for (const [name, route] of Object.entries(routes)) {
    if (route.media) continue;
    const path = route.path.replace(/:\w+/g, 'x');
    const { body } = await server.call(route.method.toUpperCase(), path);
    expect(body?.code, name).not.toBe('no-such-address');
    expect(body?.code, name).not.toBe('internal');
  }
});

test('health is told to anyone, and the description of the API too', async () => {
  expect(await server.call('GET', '/healthz', { token: '' })).toMatchObject({ status: 200, body: { status: 'up' } });
  expect(await server.call('GET', '/readyz', { token: '' })).toMatchObject({ status: 200, body: { status: 'ready' } });
  expect((await server.call('GET', '/openapi.json', { token: '' })).body.openapi).toBe('3.1.0');
});

test('metrics are in the form of Prometheus', async () => {
  const { body } = await server.call('GET', '/metrics');
  expect(body).toContain('# TYPE sluice_runs_finished_total counter');
});

test('pages come with a policy that lets no foreign or inline script in', async () => {
  const { headers } = await server.call('GET', '/session');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe-eval');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('roles hold: a viewer reads, an operator runs, an editor writes', async () => {
  await server.call('POST', '/workflows', { body: smallWorkflow('roles') });
  const tokens: Record<string, string> = {};
  for (const role of ['viewer', 'operator', 'editor']) {
    tokens[role] = (await server.call('POST', '/tokens', { body: { name: role, role } })).body.token;
  }
  const as = async (role: string, method: string, path: string, body?: unknown) =>
    (await server.call(method, path, { token: tokens[role] ?? '', ...(body === undefined ? {} : { body }) })).status;
  expect(await as('viewer', 'GET', '/workflows')).toBe(200);
  expect(await as('viewer', 'POST', '/workflows/roles/runs', { draft: true })).toBe(403);
  expect(await as('operator', 'POST', '/workflows/roles/runs', { draft: true })).toBe(202);
  expect(await as('operator', 'PUT', '/workflows/roles', smallWorkflow('roles'))).toBe(403);
  expect(await as('editor', 'PUT', '/workflows/roles', smallWorkflow('roles'))).toBe(200);
  expect(await as('editor', 'GET', '/users')).toBe(403);
  expect(await as('editor', 'POST', '/tokens', { name: 'more', role: 'admin' })).toBe(403);
});
