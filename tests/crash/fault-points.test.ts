import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JournalEntry } from '../../engine/journal.ts';
import type { BlobStore, BlobWriter, RunStore } from '../../engine/ports.ts';
import type { FaultPoint } from '../../server/fault-points.ts';
import { CrashSite } from './crash-site.ts';
import { Workload } from './workload.ts';

type Choice = 'always' | 'at large' | 'never';

/** Each kind of journal entry: met by a kill before and after it is durable `always`, or `at large`, in `npm run test:crash`, alone. */
const entries: Record<JournalEntry['is'], Choice> = {
  'run-started': 'at large',
  'cancel-requested': 'at large',
  // Comes with the snapshot of `store.finishRun`, never by itself.
  'run-finished': 'never',
  'step-started': 'at large',
  // Needs a step that breaks off in the middle of its records; engine/flow.test.ts crashes with one that reads along with it.
  'step-held-back': 'never',
  'step-retrying': 'at large',
  'step-waiting': 'always',
  'step-woken': 'at large',
  'step-skipped': 'never',
  'step-finished': 'always',
  'effect-intent': 'always',
  'effect-outcome': 'always',
  'effect-done': 'always',
  'effect-results': 'always',
  'rounds-expected': 'at large',
  'round-finished': 'at large',
  'rounds-stored': 'at large',
  // Written before a restart is accepted; engine/restart.test.ts kills it there.
  'rounds-taken-over': 'never',
  // Together with the end of its step, and only of nodes that the runs here do not have: lists are in the end itself.
  remembered: 'never',
  // Together with the step that answers; nobody asks the runs here for what they answered.
  responded: 'never',
  log: 'at large',
};

const acts: Partial<Record<keyof RunStore, Choice>> = {
  acceptRun: 'always',
  finishRun: 'always',
  dropRun: 'at large',
  saveVersion: 'at large',
};

const blobs: Partial<Record<keyof BlobStore | keyof BlobWriter, Choice>> = {
  writer: 'at large',
  write: 'always',
  sync: 'always',
  close: 'at large',
  delete: 'at large',
};

const isLarge = process.env.SLUICE_TEST_KILLS !== undefined;
const chosen = (of: object, kind: string) =>
  Object.entries(of)
    .filter(([, choice]) => choice === 'always' || (isLarge && choice === 'at large'))
    .flatMap(([name]) => [`${kind}.${name}:before`, `${kind}.${name}:after`]);

const points = [
  ...chosen(acts, 'store'),
  ...chosen(entries, 'journal'),
  ...chosen(blobs, 'blob'),
  'draft.written',
  'publish.recorded',
] as FaultPoint[];

let site: CrashSite;

beforeEach(async () => {
  site = new CrashSite();
  await site.service.open();
});

afterEach(() => site.close());

test(
  `nothing is lost and nothing repeated, wherever the server dies: ${points.length} fault points`,
  async () => {
    const workload = new Workload(site);
    for (const [i, point] of points.entries()) {
      let signal: NodeJS.Signals | null = null;
      let stop: NodeJS.Timeout | undefined;
      await site.live({
        // Not always the first time, which may be in the recovery from the kill before.
        env: { SLUICE_FAULT_POINT: `${point}@${1 + (i % 3)}` },
        onSpawn: (child) => {
          child.once('exit', (_, how) => {
            signal = how;
          });
        },
        work: (server) => {
          // From here on: how long a start takes is for the machine to say.
          stop = setTimeout(() => process.kill(server.pid, 'SIGTERM'), 60_000);
          return workload.go(server);
        },
      });
      clearTimeout(stop);
      expect(signal, `${point} was never reached`).toBe('SIGKILL');
    }
    const runs = await site.liveOut({
      before: async (server) => {
        await workload.checkNumbers(server);
        await workload.cancelHeld(server);
      },
    });
    expect(workload.faults).toEqual([]);
    expect(site.faults(runs)).toEqual([]);
  },
  points.length * 70_000,
);
