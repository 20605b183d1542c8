import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNote } from '../server/home/home-lock.ts';
import type { RunView } from '../spec/api/run.ts';
import type { Workflow } from '../spec/workflow/document.ts';

const root = join(import.meta.dirname, '..');

/** What benchmarks and crash tests ask of a running server. */
export interface SluiceApi {
  readonly port: number;
  /** `path` from the root, such as `/api/v1/runs`; whatever is answered, with the body parsed if it is JSON. Rejects when nothing is. */
  ask<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  /** The same below `/api/v1` for what must succeed: the body alone. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Makes the workflow and publishes it. */
  publish(document: Workflow): Promise<void>;
  /** Starts a published workflow; resolves with its end. */
  run(id: string): Promise<RunView>;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** A started server, as the command starts it. */
export interface SluiceProcess extends SluiceApi {
  readonly pid: number;
  /** Milliseconds from the start of the process until it said that it is ready. */
  readonly startedIn: number;
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<unknown>;
  /** What it has written to its terminal last. */
  readonly said: () => string;
  close(): Promise<void>;
}

export interface StartOptions {
  /** Kept when it is given, else made and removed. */
  readonly home?: string;
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Told of the process before it is ready. */
  readonly onSpawn?: (child: ChildProcess) => void;
}

export async function startSluice(options: StartOptions = {}): Promise<SluiceProcess> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const began = performance.now();
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), join(root, 'server/cli/main.ts'), 'start'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: '0',
      SLUICE_HOME: home,
      // As the bootstrap sets it.
      NODE_COMPILE_CACHE: join(root, '.tools', 'compile-cache'),
      ...options.env,
    },
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit').finally(() => process.off('exit', kill));
  const said = saidBy(child);
  options.onSpawn?.(child);
  await ready(child, said);
  const startedIn = performance.now() - began;
  const { pid } = child;
  if (pid === undefined) throw new Error('The server could not be started');
  return {
    ...apiOf(home),
    pid,
    startedIn,
    ended,
    said,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The API of the server that works on a home folder. */
export function apiOf(home: string): SluiceApi {
  const note = readNote(home);
  if (note === undefined) throw new Error('The server has left no note of where it listens');
  const url = note.url.replace('localhost', '127.0.0.1');
  const ask: SluiceApi['ask'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${note.token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  };
  const call: SluiceApi['call'] = async (method, path, body) => {
    const { status, body: answer } = await ask<never>(method, `/api/v1${path}`, body);
    if (status < 300) return answer;
    throw new Error(`${method} ${path} was answered with ${status}: ${JSON.stringify(answer)}`);
  };
  return {
    port: Number(new URL(url).port),
    ask,
    call,
    publish: async (document) => {
      await call('POST', '/workflows', document);
      await call('POST', `/workflows/${document.id}/publish`);
    },
    run: async (id) => {
      const { id: run } = await call<{ id: string }>('POST', `/workflows/${id}/runs`, {});
      for (;;) {
        const view = await call<RunView>('GET', `/runs/${run}`);
        if (view.finishedAt !== undefined) return view;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    },
  };
}

/** Keeps the end of what a process writes to its terminal. */
function saidBy(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-10_000);
    });
  }
  return () => said;
}

async function ready(child: ChildProcess, said: () => string): Promise<void> {
  // Only then all that it has written is here.
  const early = once(child, 'close').then(([code, signal]) => {
    throw new Error(`The server ended with ${code ?? signal} before it was ready. It said:\n${said()}`);
  });
  early.catch(() => {});
  const isReady = new Promise<void>((resolve) => {
    child.stdout?.on('data', () => {
      if (said().includes('Sluice is ready')) resolve();
    });
  });
  await Promise.race([isReady, early]);
}
