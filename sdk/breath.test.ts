import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Breath, goFirst } from './breath.ts';

beforeEach(async () => {
  // The turn of the test before.
  await turns(1);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Pauses for the second time: the loop is a long one. */
async function longPause(): Promise<void> {
  const breath = new Breath();
  await breath.pause();
  await breath.pause();
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}

function watched(work: Promise<void>) {
  const watch = { isOver: false };
  work.then(() => {
    watch.isOver = true;
  });
  return watch;
}

it('lets one long loop on in each turn of the event loop, in order, and others in between', async () => {
  const said: string[] = [];
  const loop = async (name: string) => {
    const breath = new Breath();
    await breath.pause();
    for (let i = 0; i < 3; i++) {
      await breath.pause();
      said.push(name);
    }
  };
  let count = 0;
  let over = false;
  const turn = () => {
    count++;
    said.push('.');
    if (!over) setImmediate(turn);
  };
  const loops = Promise.all([loop('a'), loop('b'), loop('c')]);
  setImmediate(turn);
  await loops;
  over = true;
  expect(said.filter((one) => one !== '.').join('')).toBe('abcabcabc');
  expect(count).toBeGreaterThanOrEqual(8);
  expect(said.join('')).not.toMatch(/[abc]{2}/);
});

it('counts the work of all loops in a turn together', async () => {
  const [first, second] = [new Breath(), new Breath()];
  expect(first.isSpent).toBe(false);
  vi.advanceTimersByTime(3);
  expect(second.isSpent).toBe(true);
  await turns(2);
  expect(second.isSpent).toBe(false);
});

it('lets short work be done in a turn in which others have worked for long', () => {
  const long = new Breath();
  expect(long.isSpent).toBe(false);
  vi.advanceTimersByTime(3);
  const short = new Breath();
  expect([long.isSpent, short.isSpent]).toEqual([true, false]);
  vi.advanceTimersByTime(1);
  expect(short.isSpent).toBe(true);
});

it('looks at the clock after each call where calls take long, else after many', () => {
  const breath = new Breath();
  const dueAfter = (ms: number) => {
    for (let calls = 1; ; calls++) {
      vi.advanceTimersByTime(ms);
      if (breath.due()) return calls;
    }
  };
  expect(dueAfter(1)).toBe(4);
  for (let i = 0; i < 100; i++) breath.due();
  vi.advanceTimersByTime(3);
  expect(dueAfter(0)).toBeLessThanOrEqual(32);
});

it('lets a caller go before a long loop until it has its answer', async () => {
  const answered = goFirst();
  const loop = watched(longPause());
  await turns(10);
  expect(loop.isOver).toBe(false);
  answered();
  await turns(1);
  expect(loop.isOver).toBe(true);
});

it('lets a long loop on after a rest however many callers wait', async () => {
  const answered = [goFirst(), goFirst(), goFirst()];
  const loop = watched(longPause());
  await turns(10);
  expect(loop.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(4);
  expect(loop.isOver).toBe(true);
  for (const one of answered) one();
});

it('keeps no short work for a caller', async () => {
  const answered = goFirst();
  const pause = watched(new Breath().pause());
  await turns(2);
  expect(pause.isOver).toBe(true);
  answered();
});

it('takes turns with a caller that waits for long', async () => {
  const answered = goFirst();
  vi.advanceTimersByTime(250);
  const loop = watched(longPause());
  await turns(4);
  expect(loop.isOver).toBe(true);
  answered();
});
