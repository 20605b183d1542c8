import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** A browser page on a real server of its own with an empty home. */

export const owner = { name: 'Owner', email: 'owner@example.com', password: 'a long password' } as const;

export interface SluicePage {
  readonly page: Page;
  /** Address of the server, without a slash at its end. */
  readonly url: string;
  /** Folder with everything that the server keeps. */
  readonly home: string;
  /** Uncaught errors and error messages of the page so far. */
  readonly errors: readonly string[];
  /** Calls the REST API with the session of the page. Rejects on any refusal. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

export interface SluicePageOptions {
  /** Default true: the owner's account is there and signed in. */
  readonly signedIn?: boolean;
  /** Default 1280 x 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
}

const root = join(import.meta.dirname, '..', '..');

export async function openSluicePage(options: SluicePageOptions = {}): Promise<SluicePage> {
  const { signedIn = true, viewport = { width: 1280, height: 800 }, colorScheme = 'light' } = options;
  if (!existsSync(join(root, 'dist', 'client', 'index.html'))) {
    throw new Error('The client is not built. "npm test" builds it.');
  }
  const home = await mkdtemp(join(tmpdir(), 'sluice-browser-'));
  const server = await startServer(home, signedIn);
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  const settings: BrowserContextOptions = {
    baseURL: server.url,
    viewport,
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    permissions: ['clipboard-read', 'clipboard-write'],
  };
  const context = await browser.newContext(settings);
  const page = await context.newPage();
  // Shorter than a test may take, so that what was waited for is named.
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await context.request.fetch(path.startsWith('/api/') ? path : `/api/v1${path}`, {
      method,
      headers: { origin: server.url },
      ...(body === undefined ? {} : { data: body }),
    });
    const text = await response.text();
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  if (signedIn) await api('POST', '/api/auth/sign-in/email', { email: owner.email, password: owner.password });
  return {
    page,
    url: server.url,
    home,
    errors,
    api,
    close: async () => {
      await browser.close();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function startServer(home: string, withOwner: boolean): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(root, 'server', 'cli', 'main.ts'), 'start'], {
    cwd: root,
    env: {
      ...process.env,
      SLUICE_HOME: home,
      PORT: '0',
      HOST: '127.0.0.1',
      ...(withOwner ? { SLUICE_OWNER_EMAIL: owner.email, SLUICE_OWNER_PASSWORD: owner.password } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await addressOf(child);
  return {
    url,
    stop: async () => {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Resolves when the server says that it is ready; rejects with what it said if it ends before. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (chunk: unknown) => {
      said += String(chunk);
      const [, url] = /ready: (http:\/\/\S+)/.exec(said) ?? [];
      if (url !== undefined) resolve(url.replace(/\/$/, ''));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The server ended with code ${code}:\n${said}`)));
  });
}

function chromiumPath(): string {
  const places = [process.env.SLUICE_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  const found = places.find((path) => path !== '' && existsSync(path));
  if (found) return found;
  throw new Error('Chromium is missing. Install it (apt-get install chromium), or name it in SLUICE_CHROMIUM.');
}
