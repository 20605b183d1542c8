import { expect, it } from 'vitest';
import { drive } from './driver.ts';

/** Kills of one run of this test; `npm run test:crash` asks for many more. */
const KILLS = Number(process.env.SLUICE_TEST_KILLS ?? 12);
const SEED = Number(process.env.SLUICE_TEST_SEED ?? 7);

/** A small repeatable generator (mulberry32), so that a failing series of kills can be had again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

it(
  `every accepted run ends well after ${KILLS} kills, and nothing is repeated blindly`,
  async () => {
    const next = random(SEED);
    const runs = KILLS * 4;
    const report = await drive({ kills: KILLS, runs, after: () => 20 + next() * 250 });
    expect(report.accepted.size).toBe(runs);
    expect(new Set(report.accepted.values()).size).toBe(runs);
    const ends = new Map(report.finished.map((run) => [run.id, run]));
    for (const id of report.accepted.values()) {
      expect(ends.get(id)?.status, `run ${id}`).toBe('succeeded');
      expect([...(ends.get(id)?.end ?? [])].sort()).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    }
    const onceCalls = report.calls.filter((call) => call.type === 'post');
    expect(new Set(onceCalls.map((call) => call.key)).size, 'once calls repeated').toBe(onceCalls.length);
    for (const id of report.accepted.values()) {
      const own = onceCalls.filter((call) => call.record.run === id);
      const numbersOf = (looped: boolean) =>
        own.filter(({ record }) => Boolean(record.looped) === looped).map(({ record }) => record.n);
      expect(numbersOf(false)).toEqual([1, 3, 5]);
      expect(numbersOf(true).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    }
    const puts = report.calls.filter((call) => call.type === 'upsert');
    const byRecord = new Map<string, Set<string>>();
    for (const { key, record } of puts) {
      const name = `${record.run} ${record.n}`;
      byRecord.set(name, (byRecord.get(name) ?? new Set()).add(key));
    }
    expect(
      [...byRecord.values()].every((keys) => keys.size === 1),
      'a call repeated under another key',
    ).toBe(true);
    expect(byRecord.size).toBe(runs * 6);
  },
  KILLS * 10_000 + 60_000,
);
