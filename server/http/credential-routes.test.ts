import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test('a new home has the practice credentials, and each connects', async () => {
  const { credentials } = (await server.call('GET', '/credentials')).body;
  const ids = credentials.map((one: { id: string }) => one.id);
  expect(ids.sort()).toEqual(['email', 'salesforce', 'slack', 'warehouse']);
  for (const id of ids) {
    expect((await server.call('POST', `/credentials/${id}/test`)).body, id).toMatchObject({ ok: true });
  }
  expect((await server.call('GET', '/credentials/slack')).body.lastTest).toMatchObject({
    ok: true,
    at: expect.any(Number),
  });
});

test('secrets go in and never come out', async () => {
  const made = await server.call('POST', '/credentials', {
    body: { name: 'Real Slack', type: 'slack', values: { token: 'xoxb-very-secret' } },
  });
  expect(made).toMatchObject({ status: 201, body: { id: 'real-slack', mode: 'real', filled: ['token'], values: {} } });
  await server.call('PUT', '/credentials/real-slack', { body: { name: 'Renamed', values: { token: '' } } });
  for (const path of ['/credentials', '/credentials/real-slack', '/audit']) {
    expect(JSON.stringify((await server.call('GET', path)).body)).not.toContain('very-secret');
  }
  expect((await server.call('GET', '/credentials/real-slack')).body).toMatchObject({
    name: 'Renamed',
    filled: ['token'],
  });
});

test('a test that fails says why and what to do', async () => {
  const values = { loginUrl: 'http://169.254.169.254', clientId: 'a', clientSecret: 'b' };
  const tried = await server.call('POST', '/credentials/test', { body: { type: 'salesforce', values } });
  expect(tried).toMatchObject({
    status: 200,
    body: { ok: false, message: expect.any(String), remedy: expect.any(String) },
  });
});

test('what is not complete, unknown or in use is refused', async () => {
  expect((await server.call('POST', '/credentials', { body: { name: 'X', type: 'slack' } })).status).toBe(422);
  expect((await server.call('POST', '/credentials', { body: { name: 'X', type: 'fax' } })).status).toBe(400);
  await server.call('POST', '/starters/warehouse-sync');
  expect(await server.call('DELETE', '/credentials/slack')).toMatchObject({
    status: 409,
    body: { code: 'credential-in-use' },
  });
  expect((await server.call('DELETE', '/credentials/email')).status).toBe(204);
});

test('dropdowns load from the service', async () => {
  const loaded = await server.call('POST', '/node-types/salesforce.query/load/objects', {
    body: { credential: 'salesforce' },
  });
  expect(loaded.body.options).toContainEqual(expect.objectContaining({ value: 'Account' }));
  const missing = await server.call('POST', '/node-types/salesforce.query/load/objects', {
    body: { credential: 'gone' },
  });
  expect(missing.status).toBeGreaterThanOrEqual(400);
  expect(missing.body.remedy).toEqual(expect.any(String));
  expect((await server.call('POST', '/node-types/salesforce.query/load/none', { body: {} })).status).toBe(404);
});
