import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNote } from './home/home-lock.ts';
import { startServer } from './main.ts';
import { newHome, smallWorkflow, startTestServer } from './testing/test-server.ts';

test('what was made is there after a restart, with its webhooks and history', async () => {
  const home = newHome();
  const first = await startTestServer({ SLUICE_HOME: home });
  const hooked = smallWorkflow('kept', {
    nodes: [
      { id: 'hook', type: 'webhook', name: 'Hook', params: { path: 'kept' } },
      { id: 'end', type: 'no-op', name: 'End' },
    ],
    edges: [{ from: 'hook', to: 'end' }],
  });
  await first.call('POST', '/workflows', { body: hooked });
  await first.call('POST', '/workflows/kept/publish');
  await first.call('PUT', '/vars', { body: { vars: { region: 'eu' } } });
  const { token } = (await first.call('POST', '/tokens', { body: { name: 't' } })).body;
  await first.close();
  expect(readNote(home)).toBeUndefined();

  const second = await startTestServer({ SLUICE_HOME: home });
  expect((await second.call('GET', '/workflows/kept', { token })).body.published).not.toBeNull();
  expect((await second.call('GET', '/vars')).body.vars).toEqual({ region: 'eu' });
  expect((await second.call('GET', '/workflows/kept/history')).body.entries).toHaveLength(1);
  expect((await second.call('POST', '/hooks/kept', { body: {} })).status).toBe(202);
  await second.close();
});

test('secrets of the home folder are for its owner alone', async () => {
  const server = await startTestServer();
  for (const name of ['key', 'server.json']) expect(statSync(join(server.home, name)).mode & 0o077, name).toBe(0);
  expect(existsSync(join(server.home, 'files', 'orders.csv'))).toBe(true);
  const printed = readFileSync(join(server.home, 'server.json'), 'utf8');
  expect(JSON.parse(printed)).toMatchObject({ url: server.url, pid: process.pid });
  await server.close();
});

test('a second server on the same home, or the same port, is refused in plain words', async () => {
  const server = await startTestServer();
  await expect(startServer(server.settings)).rejects.toThrow(/working on/);
  await server.close();

  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(startServer({ ...server.settings, port })).rejects.toThrow(`Port ${port} is in use`);
  // The refused start lets go of the home folder.
  await (await startServer(server.settings)).close();
  other.close();
});

test('the owner of the environment is made at the first start only', async () => {
  const env = { SLUICE_OWNER_EMAIL: 'boss@example.com', SLUICE_OWNER_PASSWORD: 'from the outside' };
  const server = await startTestServer(env);
  const signIn = (password: string) =>
    server.call('POST', '/api/auth/sign-in/email', { token: '', body: { email: 'boss@example.com', password } });
  expect((await signIn('from the outside')).status).toBe(200);
  await server.close();
  const again = await startTestServer({ ...env, SLUICE_HOME: server.home, SLUICE_OWNER_PASSWORD: 'another one' });
  expect((await again.call('GET', '/users')).body.users).toHaveLength(1);
  await again.close();
});

test('a killed server leaves nothing that keeps the next from starting, and its runs go on', async () => {
  const home = newHome();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cli', 'main.ts'), 'start'], {
    env: { ...process.env, SLUICE_HOME: home, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const note = readNote(home);
  const headers = { authorization: `Bearer ${note?.token}`, 'content-type': 'application/json' };
  const waiting = smallWorkflow('waits', {
    nodes: [
      { id: 'start', type: 'manual', name: 'Start' },
      { id: 'hold', type: 'wait', name: 'Hold', params: { for: '1s' } },
    ],
    edges: [{ from: 'start', to: 'hold' }],
  });
  const started = await fetch(`${note?.url}/api/v1/runs`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ document: waiting }),
  });
  const { id } = (await started.json()) as { id: string };
  child.kill('SIGKILL');
  await once(child, 'exit');

  const server = await startTestServer({ SLUICE_HOME: home });
  await expect
    .poll(async () => (await server.call('GET', `/runs/${id}`)).body.status, { timeout: 20_000 })
    .toBe('succeeded');
  await server.close();
});
