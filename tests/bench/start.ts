import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startSluice } from '../sluice-process.ts';
import { type Benchmark, inMegabytes, inMilliseconds, timed, valueRow } from './measure.ts';
import { residentMegabytes } from './process-cost.ts';

/** Milliseconds after which a started server has loaded what it loads behind the first answer. */
const SETTLED = 4_000;

export const start: Benchmark = {
  name: 'start',
  limit: 90,
  run: async ({ quick }) => {
    const fresh: number[] = [];
    const again: number[] = [];
    const idle: number[] = [];
    for (let round = 0; round < (quick ? 1 : 4); round++) {
      const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
      for (const times of [fresh, again]) {
        const sluice = await startSluice({ home });
        const answered = await timed(() => fetch(`http://127.0.0.1:${sluice.port}/healthz`).then((res) => res.text()));
        times.push(sluice.startedIn + answered);
        if (times === again) {
          await wait(SETTLED);
          idle.push(residentMegabytes(sluice.pid));
        }
        await sluice.close();
      }
      rmSync(home, { recursive: true, force: true });
    }
    return [
      valueRow({
        work: 'first start on an empty home folder to /healthz',
        samples: fresh,
        format: inMilliseconds,
        limit: { atMost: 1000 },
        note: 'the server itself, as `npm start` starts it once packages and client are up to date',
      }),
      valueRow({ work: 'start to /healthz', samples: again, format: inMilliseconds, limit: { atMost: 1000 } }),
      valueRow({ work: 'idle resident memory', samples: idle, format: inMegabytes, limit: { atMost: 150 } }),
    ];
  },
};
