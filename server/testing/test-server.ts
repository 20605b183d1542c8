import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNote } from '../home/home-lock.ts';
import { startServer } from '../main.ts';
import { readSettings, type ServerSettings } from '../settings.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly body: any;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Default: that of the local administrator; '' sends none. */
  readonly token?: string;
}

/** The real server on a home folder of its own and a free port. */
export interface TestServer {
  readonly url: string;
  readonly home: string;
  readonly settings: ServerSettings;
  /** Path below `/api/v1`, or from `/` where it starts with another known root. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export const newHome = () => mkdtempSync(join(tmpdir(), 'sluice-home-'));

export async function startTestServer(env: Record<string, string> = {}): Promise<TestServer> {
  const home = env.SLUICE_HOME ?? newHome();
  const settings = readSettings({ PORT: '0', SLUICE_LOG_LEVEL: 'silent', ...env, SLUICE_HOME: home });
  const server = await startServer(settings);
  const local = readNote(home)?.token ?? '';
  return {
    url: server.url,
    home,
    settings,
    call: (method, path, options) => call(server.url, method, path, { token: local, ...options }),
    close: server.close,
  };
}

async function call(url: string, method: string, path: string, options: CallOptions): Promise<Answer> {
  const { body, headers = {}, token = '' } = options;
  const isRaw = body === undefined || typeof body === 'string';
  const response = await fetch(url + (/^\/(api|hooks|healthz|readyz|metrics)/.test(path) ? path : `/api/v1${path}`), {
    method,
    redirect: 'manual',
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** A workflow that is done in a moment: a manual trigger and a step that marks its records. */
export function smallWorkflow(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    format: 'sluice/1',
    id,
    name: `Workflow ${id}`,
    nodes: [
      { id: 'start', type: 'manual', name: 'Start' },
      { id: 'mark', type: 'set-fields', name: 'Mark', params: { fields: { seen: true }, keep: 'all' } },
    ],
    edges: [{ from: 'start', to: 'mark' }],
    ...more,
  };
}
