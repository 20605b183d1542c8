import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallWorkflow, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let service: Server;
let address: string;
let running = 0;
let most = 0;
let calls = 0;

beforeAll(async () => {
  server = await startTestServer({ SLUICE_ALLOW_PRIVATE: '127.0.0.0/8' });
  service = createServer((_req, res) => {
    calls++;
    most = Math.max(most, ++running);
    setTimeout(() => {
      running--;
      res.end('{}');
    }, 15);
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  service.close();
  await server.close();
});

test('runs that share a credential share its limits, from the next call on', async () => {
  const made = await server.call('POST', '/credentials', {
    body: { id: 'crm', name: 'CRM', type: 'http-bearer', values: { token: 'abc' }, limits: { parallel: 2 } },
  });
  expect(made).toMatchObject({ status: 201, body: { limits: { parallel: 2 } } });
  const nodes = [
    { id: 'start', type: 'manual', name: 'Start' },
    {
      id: 'ask',
      type: 'http.request',
      name: 'Ask',
      credential: 'crm',
      params: { url: `=${address}?n={{ $json.n }}`, parallel: 8 },
    },
  ];
  const document = smallWorkflow('asks', { nodes, edges: [{ from: 'start', to: 'ask' }] });
  const saved = await server.call('POST', '/workflows', { body: document });
  expect(saved.status, JSON.stringify(saved.body)).toBe(201);
  expect((await server.call('POST', '/workflows/asks/publish')).status).toBe(200);
  const input = Array.from({ length: 12 }, (_, n) => ({ n }));
  const start = async () => (await server.call('POST', '/workflows/asks/runs', { body: { input } })).body.id;
  const ended = async (ids: string[]) => {
    for (const id of ids) {
      await expect.poll(async () => (await server.call('GET', `/runs/${id}`)).body.status).toBe('succeeded');
    }
  };
  await ended([await start(), await start(), await start()]);
  expect(calls).toBe(36);
  expect(most).toBe(2);
  const changed = await server.call('PUT', '/credentials/crm', { body: { limits: {} } });
  expect(changed).toMatchObject({ status: 200, body: { limits: {} } });
  await ended([await start()]);
  expect(most).toBeGreaterThan(2);
  expect((await server.call('PUT', '/credentials/crm', { body: { name: 'New' } })).body.limits).toEqual({});
  expect((await server.call('PUT', '/credentials/crm', { body: { limits: { parallel: 0 } } })).status).toBe(400);
});
