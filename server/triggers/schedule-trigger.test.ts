import { expect, test } from 'vitest';
import type { Clock } from '../../engine/ports.ts';
import type { ScheduleSource } from './occurrences.ts';
import { ScheduleTrigger } from './schedule-trigger.ts';

/** A clock that is moved by hand; timers fire in order, each followed by what it set off. */
function handClock(start: string) {
  let now = Date.parse(start);
  let timers: { at: number; act: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after: (ms, act) => {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    async to(time: string) {
      const end = Date.parse(time);
      for (;;) {
        const [next] = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.act();
        await settle();
      }
      now = end;
    },
    /** As a laptop that slept: no timer fired meanwhile. */
    async sleepTo(time: string) {
      now = Date.parse(time);
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.act();
      await settle();
      await settle();
    },
  };
}

function setUp(start: string, source: Partial<ScheduleSource>, memory: { state?: unknown } = {}) {
  const hand = handClock(start);
  const fired: string[] = [];
  const keys: string[] = [];
  const place = {
    workflowId: 'w',
    nodeId: 'n',
    zone: 'Europe/Berlin',
    remembered: () => memory.state,
    remember: (state: unknown) => {
      memory.state = state;
    },
    start: async ({ records, key }: { records: readonly Record<string, unknown>[]; key: string }) => {
      fired.push(String(records[0]?.scheduledFor));
      keys.push(key);
      return undefined;
    },
    failed: () => {},
  };
  const trigger = new ScheduleTrigger(place, { kind: 'schedule', catchUp: 'latest', ...source }, hand.clock);
  return { ...hand, trigger, fired, keys, memory };
}

test('fires at its times, in the time zone of the workflow', async () => {
  const { trigger, to, fired } = setUp('2026-01-01T00:00:00Z', { cron: '0 2 * * *' });
  await trigger.start();
  await to('2026-01-03T12:00:00Z');
  expect(fired).toEqual(['2026-01-01T01:00:00.000Z', '2026-01-02T01:00:00.000Z', '2026-01-03T01:00:00.000Z']);
});

test('a night in which the clock goes forward or back has one 2:30 at most', async () => {
  const spring = setUp('2026-03-28T12:00:00Z', { cron: '30 2 * * *' });
  await spring.trigger.start();
  await spring.to('2026-03-30T12:00:00Z');
  expect(spring.fired.length).toBe(2);
  const autumn = setUp('2026-10-24T12:00:00Z', { cron: '30 2 * * *' });
  await autumn.trigger.start();
  await autumn.to('2026-10-26T12:00:00Z');
  expect(autumn.fired.length).toBe(2);
});

test('"every" means the round times', async () => {
  const { trigger, to, fired } = setUp('2026-01-01T00:07:00Z', { every: 15 * 60_000 });
  await trigger.start();
  await to('2026-01-01T00:40:00Z');
  expect(fired).toEqual(['2026-01-01T00:15:00.000Z', '2026-01-01T00:30:00.000Z']);
});

test.each([
  ['all', ['2026-01-01T01:00:00.000Z', '2026-01-01T02:00:00.000Z', '2026-01-01T03:00:00.000Z']],
  ['latest', ['2026-01-01T03:00:00.000Z']],
  ['skip', []],
] as const)('after a time off, catch-up "%s" makes up for what it says', async (catchUp, expected) => {
  const memory = {};
  const before = setUp('2026-01-01T00:10:00Z', { cron: '0 * * * *', catchUp }, memory);
  await before.trigger.start();
  before.trigger.stop();
  const after = setUp('2026-01-01T03:20:00Z', { cron: '0 * * * *', catchUp }, memory);
  await after.trigger.start();
  expect(after.fired).toEqual(expected);
  await after.to('2026-01-01T04:00:00Z');
  expect(after.fired.at(-1)).toBe('2026-01-01T04:00:00.000Z');
});

test('a machine that slept wakes to one run, not to all that it missed', async () => {
  const { trigger, sleepTo, fired } = setUp('2026-01-01T00:10:00Z', { cron: '0 * * * *' });
  await trigger.start();
  await sleepTo('2026-01-01T05:30:00Z');
  expect(fired).toEqual(['2026-01-01T05:00:00.000Z']);
});

test('a changed schedule does not make up for the times of the new one before it', async () => {
  const memory = {};
  const before = setUp('2026-01-01T00:10:00Z', { cron: '0 * * * *', catchUp: 'all' }, memory);
  await before.trigger.start();
  const after = setUp('2026-01-01T09:00:00Z', { cron: '30 * * * *', catchUp: 'all' }, memory);
  await after.trigger.start();
  expect(after.fired).toEqual([]);
});

test('the key of a run is its time, so that a crash between start and memory starts nothing twice', async () => {
  const memory = {};
  const first = setUp('2026-01-01T00:10:00Z', { cron: '0 * * * *', catchUp: 'all' }, memory);
  await first.trigger.start();
  const remembered = structuredClone(memory);
  await first.to('2026-01-01T01:00:00Z');
  const second = setUp('2026-01-01T01:01:00Z', { cron: '0 * * * *', catchUp: 'all' }, remembered);
  await second.trigger.start();
  expect(second.keys).toEqual(first.keys);
});
