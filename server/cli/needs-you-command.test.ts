import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallWorkflow, startTestServer, type TestServer } from '../testing/test-server.ts';

/** A call that reaches its service but is never answered, asked about and answered by API and command line. */

let orders: string[] = [];
let service: Server;
let server: TestServer;

beforeAll(async () => {
  service = createServer((incoming) => {
    incoming.setEncoding('utf8');
    incoming.on('data', (text: string) => orders.push(text));
    incoming.on('end', () => incoming.socket.destroy());
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  server = await startTestServer({ SLUICE_ALLOW_PRIVATE: '127.0.0.0/8' });
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/orders?api_key=k-12345&day=1`;
  const document = smallWorkflow('orders', {
    nodes: [
      { id: 'start', type: 'manual', name: 'Start', params: { records: [{ order: 'A-1', password: 'hush' }] } },
      {
        id: 'send',
        type: 'http.request',
        name: 'Send the order',
        params: { method: 'POST', url, body: 'json', headers: { Authorization: 'Bearer hush', 'X-Day': '1' } },
      },
    ],
    edges: [{ from: 'start', to: 'send' }],
  });
  expect((await server.call('POST', '/workflows', { body: document })).status).toBe(201);
});

afterAll(async () => {
  service.closeAllConnections();
  service.close();
  await server.close();
});

function sluice(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = {
      ...process.env,
      SLUICE_HOME: server.home,
      SLUICE_ALLOW_PRIVATE: '127.0.0.0/8',
      PORT: '0',
      NODE_COMPILE_CACHE: join(tmpdir(), 'sluice-compiled'),
    };
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

/** A run whose step waits for somebody to say what came of its call. */
async function inDoubt(): Promise<string> {
  orders = [];
  const { token } = (await server.call('POST', '/tokens', { body: { name: 'watch' } })).body;
  const { id } = (await server.call('POST', '/workflows/orders/runs', { body: { draft: true } })).body;
  const abort = new AbortController();
  const events = await fetch(`${server.url}/api/v1/events?run=${id}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  const reader = events.body?.getReader();
  while ((await server.call('GET', `/runs/${id}`)).body.status !== 'needs-you') await reader?.read();
  abort.abort();
  return id;
}

test('the inbox shows what was to be sent, without secrets, and takes the answer for that very call', async () => {
  const id = await inDoubt();
  const { items } = (await server.call('GET', '/needs-you')).body;
  const { wait } = items[0].step;
  expect(items).toMatchObject([{ run: { id }, step: { node: 'send', status: 'needs-you' } }]);
  expect(wait).toMatchObject({ kind: 'unknown-outcome', since: expect.any(Number), key: expect.any(String) });
  expect(wait.message).toContain('The service cannot be asked whether it took effect.');
  expect(JSON.stringify(wait)).not.toMatch(/hush|k-12345/);
  expect(wait.sent).toMatchObject({ records: [{ order: 'A-1', password: '•••' }], count: 1 });
  expect(wait.sent.params).toEqual(
    expect.arrayContaining([
      { label: 'Method', value: 'POST' },
      { label: 'Address', value: expect.stringMatching(/orders\?api_key=•••&day=1$/) },
      { label: 'Headers', value: { Authorization: '•••', 'X-Day': '1' } },
    ]),
  );
  const answer = (body: unknown) => server.call('POST', `/runs/${id}/steps/send/answer`, { body });
  expect(await answer({ kind: 'done', call: 'another' })).toMatchObject({ status: 409, body: { code: 'not-waiting' } });
  expect((await answer({ kind: 'approved' })).body.remedy).toContain('done, not done or again');
  expect((await answer({ kind: 'done', call: wait.key })).status).toBe(204);
  expect(orders).toHaveLength(1);
  expect((await server.call('GET', `/runs/${id}/log`)).body.lines.at(-1).message).toContain('said that it was done');
});

test('the command line lists and answers, through the server and without it', async () => {
  const id = await inDoubt();
  const second = await inDoubt();
  const listed = await sluice('needs-you');
  expect(listed).toMatchObject({ code: 0, err: '' });
  expect(listed.out).toContain('Send the order');
  expect(listed.out).toContain(`sluice answer ${id} send done|not-done|again`);
  expect(JSON.parse((await sluice('needs-you', '--json')).out).items).toHaveLength(2);
  expect(await sluice('answer', id, 'send', 'perhaps')).toMatchObject({
    code: 2,
    err: expect.stringContaining('again'),
  });
  expect(await sluice('answer', id, 'nothing', 'done')).toMatchObject({ code: 2 });
  expect(await sluice('answer', id, 'send', 'approve')).toMatchObject({ code: 1 });
  expect(await sluice('answer', id, 'Send the order', 'done')).toMatchObject({
    code: 0,
    out: 'Taken. The run goes on.\n',
  });
  const { home } = server;
  await server.close();
  const listedAlone = JSON.parse((await sluice('needs-you', '--json')).out);
  expect(listedAlone.items).toMatchObject([{ run: { id: second } }]);
  orders = [];
  expect(await sluice('answer', second, 'send', 'again')).toMatchObject({
    code: 0,
    out: 'Taken. The run is now: needs-you.\n',
  });
  expect(orders).toHaveLength(1);
  const last = await sluice('answer', second, 'send', 'done', '--json');
  expect(JSON.parse(last.out)).toMatchObject({ run: second, answer: 'done', status: 'succeeded' });
  expect((await sluice('needs-you')).out).toBe('Nothing needs you.\n');
  server = await startTestServer({ SLUICE_HOME: home });
}, 120_000);
