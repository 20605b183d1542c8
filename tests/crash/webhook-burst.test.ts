import { Agent, request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SluiceProcess } from '../sluice-process.ts';
import { CrashSite } from './crash-site.ts';
import { burst } from './crash-workflows.ts';

const CALLS = 2_000;
const CONNECTIONS = 100;
/** The process dies when it has accepted so many, and none of that group has been answered. */
const DIES_AT = 700;

let site: CrashSite;

beforeEach(async () => {
  site = new CrashSite();
  await site.service.open();
});

afterEach(() => site.close());

test(`after a kill in a burst of ${CALLS} webhooks, each that was answered has one finished run`, async () => {
  await site.live({
    work: async (server) => {
      await server.publish(burst());
      await server.close();
    },
  });
  const answers = new Map<number, string>();
  let refused = 0;
  await site.live({
    env: { SLUICE_FAULT_POINT: `store.acceptRun:after@${DIES_AT}` },
    work: async ({ port }) => {
      const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
      const calls = Array.from({ length: CALLS }, async (_, n) => {
        const id = await call(agent, port, n);
        if (id === undefined) refused++;
        else answers.set(n, id);
      });
      await Promise.all(calls);
      agent.destroy();
    },
  });
  expect(answers.size).toBeGreaterThan(0);
  expect(answers.size).toBeLessThan(DIES_AT);
  expect(refused).toBe(CALLS - answers.size);

  const byNumber = new Map<number, string[]>();
  const runs = await site.liveOut({
    after: async (server, all) => {
      for (const { id } of all) {
        const n = await numberOf(server, id);
        byNumber.set(n, [...(byNumber.get(n) ?? []), id]);
      }
    },
  });
  expect(runs.filter((run) => run.status !== 'succeeded')).toEqual([]);
  for (const [n, id] of answers) expect(byNumber.get(n), `call ${n}`).toEqual([id]);
  // Calls that were not answered may have a run, and never two.
  expect([...byNumber].filter(([, ids]) => ids.length > 1)).toEqual([]);
}, 180_000);

/** The run that a call has started; nothing when it was not answered. */
function call(agent: Agent, port: number, n: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        path: '/hooks/burst',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', () => resolve(undefined));
        response.on('end', () => {
          if (response.statusCode === 202) resolve((JSON.parse(text) as { id: string }).id);
          else reject(new Error(`Call ${n} was answered with ${response.statusCode}: ${text}`));
        });
      },
    );
    sent.on('error', () => resolve(undefined));
    sent.end(JSON.stringify({ n }));
  });
}

async function numberOf(server: SluiceProcess, run: string): Promise<number> {
  const { records } = await server.call<{ records: { n: number }[] }>('GET', `/runs/${run}/steps/keep/records`);
  return records[0]?.n ?? -1;
}
