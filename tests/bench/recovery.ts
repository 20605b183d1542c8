import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workflow } from '../engine-world.ts';
import { startSluice } from '../sluice-process.ts';
import { type Benchmark, inMilliseconds, valueRow } from './measure.ts';

const RUNS = 1_000;

/** From the start of the process after a SIGKILL until a service is asked by the first step that goes on. */
export const recovery: Benchmark = {
  name: 'recovery',
  limit: 90,
  run: async ({ quick }) => {
    const samples: number[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) samples.push(await firstStepAfterKill(quick ? 100 : RUNS));
    return [
      valueRow({
        work: `restart with ${RUNS.toLocaleString('en')} unfinished runs to the first resumed step`,
        samples,
        format: inMilliseconds,
        limit: { atMost: 2000 },
        note: 'start of the process included',
      }),
    ];
  },
};

async function firstStepAfterKill(runs: number): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  let asked = Promise.withResolvers<void>();
  // Never answers, so that no run comes to its end.
  const service = createServer(() => asked.resolve()).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
  const env = { SLUICE_ALLOW_PRIVATE: '127.0.0.0/8' };
  let pid = 0;
  const before = await startSluice({ home, env, onSpawn: (child) => (pid = child.pid ?? 0) });
  const { document } = workflow(
    { start: ['manual'], five: ['set-fields', { fields: { n: 5 } }], ask: ['http.request', { method: 'GET', url }] },
    ['start -> five', 'five -> ask'],
  );
  await before.publish({ ...document, id: 'asks', name: 'asks' });
  for (let i = 0; i < runs; i++) await before.call('POST', '/workflows/asks/runs', {});
  await asked.promise;
  process.kill(pid, 'SIGKILL');
  await before.ended;
  asked = Promise.withResolvers();
  const began = performance.now();
  const after = await startSluice({ home, env, onSpawn: (child) => (pid = child.pid ?? 0) });
  await asked.promise;
  const took = performance.now() - began;
  process.kill(pid, 'SIGKILL');
  await after.ended;
  service.closeAllConnections();
  service.close();
  rmSync(home, { recursive: true, force: true });
  return took;
}
