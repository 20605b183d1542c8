import { expect, test } from 'vitest';
import type { StartedRun } from '../../engine/index.ts';
import type { NodeContext } from '../../sdk/index.ts';
import { PollTrigger } from './poll-trigger.ts';

function setUp(answers: { records: Record<string, unknown>[]; cursor: unknown }[], memory: { state?: unknown } = {}) {
  const asked: unknown[] = [];
  const ends: ((status: string) => void)[] = [];
  const statuses = new Map<string, string>();
  let tick: (() => void) | undefined;
  const settle = async () => {
    for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
  };
  const place = {
    workflowId: 'w',
    nodeId: 'n',
    zone: 'UTC',
    remembered: () => memory.state,
    remember: (state: unknown) => {
      memory.state = state;
    },
    start: async () => {
      const id = `run-${ends.length}`;
      const finished = new Promise((resolve) => {
        ends.push((status) => {
          statuses.set(id, status);
          resolve(undefined);
        });
      });
      return { id, finished } as unknown as StartedRun;
    },
    failed: () => {},
  };
  const poll = async (cursor: unknown) => {
    asked.push(cursor);
    const answer = answers.shift();
    if (!answer) throw new Error('nothing there');
    return answer;
  };
  const clock = {
    now: () => 0,
    after: (_ms: number, act: () => void) => {
      tick = act;
      return () => {};
    },
  };
  const trigger = new PollTrigger(place, { kind: 'poll', every: 1000, poll }, clock, {
    context: async () => ({}) as NodeContext,
    statusOf: async (id) => statuses.get(id),
  });
  const next = async () => {
    const act = tick;
    tick = undefined;
    act?.();
    await settle();
  };
  return { trigger, asked, ends, memory, next, settle, isWaiting: () => tick !== undefined, statuses };
}

test('the cursor moves on when the run that got the records has succeeded', async () => {
  const { trigger, asked, ends, next, settle } = setUp([
    { records: [{ a: 1 }], cursor: 1 },
    { records: [], cursor: 2 },
    { records: [], cursor: 3 },
  ]);
  await trigger.start();
  await settle();
  ends[0]?.('succeeded');
  await settle();
  await next();
  await next();
  expect(asked).toEqual([undefined, 1, 2]);
  trigger.stop();
});

test('after a failed run the same records come again', async () => {
  const { trigger, asked, ends, next, settle } = setUp([
    { records: [{ a: 1 }], cursor: 1 },
    { records: [{ a: 1 }], cursor: 1 },
  ]);
  await trigger.start();
  await settle();
  ends[0]?.('failed');
  await settle();
  await next();
  expect(asked).toEqual([undefined, undefined]);
  expect(ends).toHaveLength(2);
  trigger.stop();
});

test('nothing is asked while a run is on', async () => {
  const { trigger, settle, isWaiting } = setUp([{ records: [{ a: 1 }], cursor: 1 }]);
  await trigger.start();
  await settle();
  expect(isWaiting()).toBe(false);
  trigger.stop();
});

test('after a crash the end of the run that was on decides', async () => {
  const memory = { state: { cursor: 1, pending: { cursor: 2, runId: 'old' } } };
  const { trigger, asked, settle, statuses } = setUp([{ records: [], cursor: 3 }], memory);
  statuses.set('old', 'succeeded');
  await trigger.start();
  await settle();
  expect(asked).toEqual([2]);
  trigger.stop();
});

test('a service that cannot be asked is asked again later', async () => {
  const { trigger, asked, next, settle, isWaiting } = setUp([]);
  await trigger.start();
  await settle();
  expect(isWaiting()).toBe(true);
  await next();
  expect(asked).toHaveLength(2);
  trigger.stop();
});
