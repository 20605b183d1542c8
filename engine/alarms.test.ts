import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../tests/engine-world.ts';
import { Alarms } from './alarms.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('rings in the order of time, each once, whatever is set again or called off between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(20), fc.nat(100), fc.boolean()), { maxLength: 60 }), async (acts) => {
      const clock = new FakeClock();
      const start = clock.now();
      const rung: [string, number][] = [];
      const alarms = new Alarms(clock, async (key) => {
        rung.push([key, clock.now() - start]);
      });
      const expected = new Map<string, number>();
      for (const [key, at, isSet] of acts) {
        if (isSet) {
          alarms.set(`${key}`, start + at);
          expected.set(`${key}`, at);
        } else {
          alarms.clear(`${key}`);
          expected.delete(`${key}`);
        }
      }
      for (let at = 0; at <= 100; at++) {
        clock.advance(at === 0 ? 0 : 1);
        await settled();
      }
      expect(Object.fromEntries(rung)).toEqual(Object.fromEntries(expected));
      expect(rung.length).toBe(expected.size);
      expect(rung.map(([, at]) => at)).toEqual(rung.map(([, at]) => at).sort((a, b) => a - b));
    }),
    { numRuns: 20, seed: 3 },
  );
});

test('ten thousand hold one timer, and what fails is tried again', async () => {
  const clock = new FakeClock();
  let rung = 0;
  let fails = 1;
  const alarms = new Alarms(clock, async () => {
    if (fails-- > 0) throw new Error('disk full');
    rung++;
  });
  for (let i = 0; i < 10_000; i++) alarms.set(`run-${i}`, clock.now() + 1000 + (i % 7));
  expect(clock.pending).toBe(1);
  clock.advance(2000);
  await expect.poll(() => rung).toBe(9999);
  expect(alarms.size).toBe(1);
  clock.advance(5000);
  await expect.poll(() => rung).toBe(10_000);
});
