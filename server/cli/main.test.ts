import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNote } from '../home/home-lock.ts';
import { newHome, smallWorkflow, startTestServer } from '../testing/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function sluice(home: string, ...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    const env = { ...process.env, SLUICE_HOME: home, PORT: '0', NODE_COMPILE_CACHE: join(tmpdir(), 'sluice-compiled') };
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const good = file('good.json', smallWorkflow('good'));
const loop = file(
  'loop.json',
  smallWorkflow('loop', {
    nodes: [
      { id: 'start', type: 'manual', name: 'Start' },
      { id: 'a', type: 'no-op', name: 'A' },
      { id: 'b', type: 'no-op', name: 'B' },
    ],
    edges: [
      { from: 'start', to: 'a' },
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ],
  }),
);
const failing = file(
  'failing.json',
  smallWorkflow('failing', {
    nodes: [
      { id: 'start', type: 'manual', name: 'Start' },
      { id: 'end', type: 'stop', name: 'End', params: { message: 'Not today' } },
    ],
    edges: [{ from: 'start', to: 'end' }],
  }),
);

test('validate says all problems, and needs no home folder', async () => {
  const home = join(folder, 'never-made');
  expect(await sluice(home, 'validate', good)).toMatchObject({ code: 0, out: expect.stringContaining('no problems') });
  const refused = await sluice(home, 'validate', loop, '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject({ valid: false, problems: [{ code: 'cycle' }] });
  expect(await sluice(home, 'validate', file('broken.json', '{"a":'))).toMatchObject({ code: 1 });
});

test('wrong use ends with 2 and says what is wrong', async () => {
  const home = newHome();
  expect((await sluice(home, 'nonsense')).code).toBe(2);
  expect((await sluice(home, 'validate')).code).toBe(2);
  expect(await sluice(home, 'validate', 'nowhere.json')).toMatchObject({
    code: 2,
    err: expect.stringContaining('no file nowhere.json'),
  });
  expect((await sluice(home, 'token', 'create')).code).toBe(2);
  expect((await sluice(home, 'run', 'no-such-id')).code).toBe(2);
  expect((await sluice(home, 'run', good, '--input', file('text.json', '"text"'))).code).toBe(2);
  expect((await sluice(home, '--help')).code).toBe(0);
});

test('run prints one JSON object and nothing else', async () => {
  const home = newHome();
  const input = file('input.json', [{ n: 1 }, { n: 2 }]);
  const done = await sluice(home, 'run', good, '--input', input, '--json');
  expect(done.code).toBe(0);
  expect(JSON.parse(done.out)).toEqual({
    status: 'succeeded',
    durationMs: expect.any(Number),
    steps: [
      { node: 'start', status: 'succeeded', attempts: expect.any(Number), in: 0, out: { records: 2 } },
      { node: 'mark', status: 'succeeded', attempts: 1, in: 2, out: { records: 2 } },
    ],
    output: [
      { n: 1, seen: true },
      { n: 2, seen: true },
    ],
  });
  const failed = await sluice(home, 'run', failing, '--json');
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.out)).toMatchObject({
    status: 'failed',
    steps: [{}, { error: { message: expect.stringContaining('Not today') } }],
  });
  const refused = await sluice(home, 'run', loop, '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject({ status: 'refused', problems: [{ code: 'cycle' }] });
});

test('import and export give back what was given', async () => {
  const home = newHome();
  expect(await sluice(home, 'import', good, loop)).toMatchObject({
    code: 1,
    out: expect.stringContaining('draft "good"'),
  });
  const exported = await sluice(home, 'export', 'good');
  expect(JSON.parse(exported.out)).toMatchObject({ id: 'good', name: 'Workflow good' });
  expect((await sluice(home, 'import', good)).out).toContain('"good-2"');
  expect((await sluice(home, 'import', good, '--replace')).out).toContain('draft "good"');
  expect((await sluice(home, 'run', 'good')).code).toBe(0);
  expect((await sluice(home, 'export', 'none')).code).toBe(2);
});

test('beside a running server the commands work through it', async () => {
  const server = await startTestServer();
  const { home } = server;
  const created = await sluice(home, 'token', 'create', '--name', 'ci');
  expect(created).toMatchObject({ code: 0, err: '' });
  expect((await server.call('GET', '/workflows', { token: created.out.trim() })).status).toBe(200);
  const done = await sluice(home, 'run', good, '--json');
  expect(JSON.parse(done.out).status).toBe('succeeded');
  expect((await server.call('GET', '/runs?workflow=good')).body.runs).toMatchObject([{ cause: 'cli' }]);
  await sluice(home, 'import', good);
  expect((await server.call('GET', '/workflows/good')).status).toBe(200);
  expect(JSON.parse((await sluice(home, 'export', 'good')).out).id).toBe('good');
  expect((await sluice(home, 'run', loop)).code).toBe(1);
  expect((await sluice(home, 'doctor')).code).toBe(0);
  const second = await sluice(home, 'start');
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining(server.url) });
  await server.close();
});

test('beside a server that has the port and the process number of one that died, the commands keep to their own folder', async () => {
  const other = await startTestServer();
  const home = newHome();
  mkdirSync(home, { recursive: true });
  writeNote(home, { url: other.url, pid: process.pid, token: 'of the one that died' });
  const done = await sluice(home, 'run', good, '--json');
  expect(JSON.parse(done.out).status).toBe('succeeded');
  expect((await other.call('GET', '/runs')).body.runs).toEqual([]);
  writeNote(home, { url: other.url, pid: process.pid, token: 'of the one that died' });
  expect((await sluice(home, 'doctor')).out).not.toContain(other.url);
  await other.close();
});

test('a token that was made without a server works when there is one', async () => {
  const home = newHome();
  const token = (await sluice(home, 'token', 'create', '--name', 'ci')).out.trim();
  expect(token).toMatch(/^sluice_[\w-]{40,}$/);
  const server = await startTestServer({ SLUICE_HOME: home });
  expect((await server.call('GET', '/workflows', { token })).status).toBe(200);
  await server.close();
});

test('doctor looks and changes nothing', async () => {
  const fresh = await sluice(join(folder, 'untouched'), 'doctor', '--json');
  expect(fresh.code).toBe(0);
  expect(JSON.parse(fresh.out).ok).toBe(true);
});

test('restart says what it does, and does it, with and without a server', async () => {
  const home = newHome();
  const halting = (id: string) =>
    smallWorkflow(id, {
      nodes: [
        { id: 'start', type: 'manual', name: 'Start' },
        { id: 'mark', type: 'set-fields', name: 'Mark', params: { fields: { seen: true }, keep: 'all' } },
        { id: 'halt', type: 'stop', name: 'Halt', params: { message: 'Broken.' } },
      ],
      edges: [
        { from: 'start', to: 'mark' },
        { from: 'mark', to: 'halt' },
      ],
    });
  await sluice(home, 'import', file('halting.json', halting('halting')));
  expect((await sluice(home, 'run', 'halting')).code).toBe(1);
  const dry = await sluice(home, 'restart', '--failed', 'halting', '--dry-run', '--json');
  expect(dry.code).toBe(0);
  expect(JSON.parse(dry.out).preview).toMatchObject({ runs: 1, steps: [{ node: 'mark', fates: { reused: 1 } }, {}] });
  const local = await sluice(home, 'restart', '--failed', 'halting', '--json');
  expect(local.code).toBe(1);
  const [{ id }] = JSON.parse(local.out).restarted;
  const server = await startTestServer({ SLUICE_HOME: home });
  const said = await sluice(home, 'restart', id, '--dry-run');
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining('= Mark: kept') });
  expect(said.out).toContain('↻ Halt: done again');
  const done = await sluice(home, 'restart', id, '--from', 'mark', '--newest');
  expect(done).toMatchObject({ code: 1, out: expect.stringContaining('↻ Mark: done again') });
  expect((await server.call('GET', '/runs?workflow=halting')).body.runs).toHaveLength(3);
  expect((await sluice(home, 'restart')).code).toBe(2);
  expect((await sluice(home, 'restart', 'none')).code).toBe(2);
  await server.close();
});
