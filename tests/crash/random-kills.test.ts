import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CrashSite } from './crash-site.ts';
import { SPILLED } from './crash-workflows.ts';
import { random } from './random.ts';
import { Workload } from './workload.ts';

/** Kills of one run of this test; `npm run test:crash` asks for many more. */
const KILLS = Number(process.env.SLUICE_TEST_KILLS ?? 8);
const SEED = Number(process.env.SLUICE_TEST_SEED ?? 7);

let site: CrashSite;

beforeEach(async () => {
  site = new CrashSite();
  await site.service.open();
});

afterEach(() => site.close());

test(
  `every accepted run ends well after ${KILLS} kills of the server, and nothing is repeated blindly`,
  async () => {
    const next = random(SEED);
    const workload = new Workload(site);
    for (let kill = 0; kill < KILLS; kill++) {
      // One in six dies while it starts, the others in the middle of their work.
      const early = next() < 1 / 6;
      const after = early ? next() * 1500 : 20 + next() * 1200;
      let child: ChildProcess | undefined;
      await site.live({
        onSpawn: (spawned) => {
          child = spawned;
          if (early) setTimeout(() => spawned.kill('SIGKILL'), after);
        },
        work: (server) => {
          setTimeout(() => child?.kill('SIGKILL'), early ? 0 : after);
          return workload.go(server);
        },
      });
    }
    const runs = await site.liveOut({
      before: async (server) => {
        await workload.checkNumbers(server);
        await workload.cancelHeld(server);
      },
    });
    expect(workload.faults).toEqual([]);
    expect(site.faults(runs)).toEqual([]);
    const reports = site.service.calls.filter((call) => call.node === 'report');
    const whole = { count: SPILLED, sum: (SPILLED * (SPILLED - 1)) / 2 };
    for (const { body } of reports) expect(body).toEqual(whole);
  },
  KILLS * 20_000 + 120_000,
);
