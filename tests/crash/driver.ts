import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Call {
  readonly key: string;
  readonly type: string;
  readonly record: { readonly run: string; readonly n: number; readonly looped?: boolean };
}

export interface CrashReport {
  readonly kills: number;
  readonly accepted: ReadonlyMap<number, string>;
  readonly calls: readonly Call[];
  readonly decisions: readonly { run: string; key: string }[];
  readonly finished: readonly { id: string; status: string; end: number[] }[];
}

/**
 * Kills the victim again and again, each time after a while that `after(kill)` gives in milliseconds, and lets it end its work after
 * the last kill. Every call that it makes is counted here, where no kill reaches.
 */
export async function drive(options: {
  kills: number;
  runs: number;
  after: (kill: number) => number;
}): Promise<CrashReport> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-crash-'));
  const accepted = new Map<number, string>();
  const calls: Call[] = [];
  const decisions: { run: string; key: string }[] = [];
  let finished: CrashReport['finished'] | undefined;
  let ready = Promise.withResolvers<void>();

  const answers: Record<string, (body: never) => unknown> = {
    '/ready': () => {
      ready.resolve();
      return { first: accepted.size };
    },
    '/call': (call: Call) => {
      calls.push(call);
      return {};
    },
    '/accepted': ({ i, id }: { i: number; id: string }) => {
      accepted.set(i, id);
      return {};
    },
    '/decision': (decision: { run: string; key: string }) => {
      decisions.push(decision);
      return {};
    },
    '/happened': ({ key }: { key: string }) => ({ happened: calls.some((call) => call.key === key) }),
    '/all': () => ({ ids: [...accepted.values()] }),
    '/finished': ({ runs }: { runs: CrashReport['finished'] }) => {
      finished = runs;
      return {};
    },
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      response.setHeader('connection', 'close');
      response.end(JSON.stringify(answers[request.url ?? '']?.(body as never) ?? {}));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const start = (): ChildProcess =>
    spawn(process.execPath, [join(import.meta.dirname, 'victim.ts'), home, address, String(options.runs)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });

  try {
    for (let kill = 0; kill < options.kills; kill++) {
      ready = Promise.withResolvers<void>();
      const victim = start();
      await Promise.race([ready.promise, once(victim, 'exit')]);
      const timer = setTimeout(() => victim.kill('SIGKILL'), options.after(kill));
      if (victim.exitCode === null && victim.signalCode === null) await once(victim, 'exit');
      clearTimeout(timer);
      if (finished) break;
    }
    if (!finished) await once(start(), 'exit');
    return { kills: options.kills, accepted, calls, decisions, finished: finished ?? [] };
  } finally {
    server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
}
