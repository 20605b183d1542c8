import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNote } from '../../server/home/home-lock.ts';
import type { RunView } from '../../spec/api/run.ts';
import type { Workflow } from '../../spec/workflow/document.ts';

const root = join(import.meta.dirname, '..', '..');

/** What a benchmark asks of a running server. */
export interface SluiceApi {
  readonly port: number;
  /** Makes the workflow and publishes it. */
  publish(document: Workflow): Promise<void>;
  /** Starts a published workflow; resolves with its end. */
  run(id: string): Promise<RunView>;
}

/** A started server, as the command starts it. */
export interface SluiceProcess extends SluiceApi {
  readonly pid: number;
  /** Milliseconds from the start of the process until it said that it is ready. */
  readonly startedIn: number;
  close(): Promise<void>;
}

/** `home` is kept when it is given, else made and removed. */
export async function startSluice(
  options: { home?: string; nodeArgs?: readonly string[] } = {},
): Promise<SluiceProcess> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [...startFlags(), ...(options.nodeArgs ?? []), join(root, 'server/cli/main.ts'), 'start'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PORT: '0',
        SLUICE_HOME: home,
        // As the bootstrap sets it.
        NODE_COMPILE_CACHE: join(root, '.tools', 'compile-cache'),
      },
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  await ready(child);
  const startedIn = performance.now() - began;
  const { pid } = child;
  if (pid === undefined) throw new Error('The server could not be started');
  return {
    ...apiOf(home),
    pid,
    startedIn,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The flags of Node that `npm start` gives. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

/** The API of the server that works on a home folder. */
export function apiOf(home: string): SluiceApi {
  const note = readNote(home);
  if (note === undefined) throw new Error('The server has left no note of where it listens');
  const url = note.url.replace('localhost', '127.0.0.1');
  const call = caller(`${url}/api/v1`, note.token);
  return {
    port: Number(new URL(url).port),
    publish: async (document) => {
      await call('POST', '/workflows', document);
      await call('POST', `/workflows/${document.id}/publish`);
    },
    run: async (id) => {
      const { id: run } = (await call('POST', `/workflows/${id}/runs`, {})) as { id: string };
      for (;;) {
        const view = (await call('GET', `/runs/${run}`)) as RunView;
        if (view.finishedAt !== undefined) return view;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-10_000);
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with ${code} before it was ready: ${errors}`);
  });
  ended.catch(() => {});
  const said = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('Sluice is ready')) resolve();
    });
  });
  await Promise.race([said, ended]);
}

function caller(url: string, token: string) {
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}
