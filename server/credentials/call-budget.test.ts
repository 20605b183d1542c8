import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../../tests/engine-world.ts';
import { CallBudget } from './call-budget.ts';
import { CallBudgets } from './call-budgets.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const { signal } = new AbortController();

test('at most so many calls begin in any stretch of the period, at most so many are under way, and all are made in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat(400), { minLength: 1, maxLength: 25 }),
      async (requests, parallel, durations) => {
        const clock = new FakeClock();
        const budget = new CallBudget(clock, 'CRM', { requests, per: 'second', parallel });
        const begun: { n: number; at: number }[] = [];
        let running = 0;
        let most = 0;
        const calls = durations.map((ms, n) =>
          budget.call(signal, async () => {
            begun.push({ n, at: clock.now() });
            most = Math.max(most, ++running);
            await new Promise<void>((resolve) => clock.after(ms, resolve));
            running--;
          }),
        );
        let over = false;
        void Promise.all(calls).then(() => {
          over = true;
        });
        for (let i = 0; i < 1500 && !over; i++) {
          await settled();
          clock.advance(50);
        }
        expect(over).toBe(true);
        expect(most).toBeLessThanOrEqual(parallel);
        expect(begun.map(({ n }) => n)).toEqual(durations.map((_, n) => n));
        for (const [i, { at }] of begun.entries()) {
          const earlier = begun[i - requests];
          if (earlier) expect(at - earlier.at).toBeGreaterThanOrEqual(1000);
        }
      },
    ),
    { numRuns: 15, seed: 7 },
  );
});

test('a stop ends the waiting, makes nothing, and leaves the place to the next', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 'CRM', { parallel: 1 });
  const free = Promise.withResolvers<void>();
  const first = budget.call(signal, () => free.promise);
  const stop = new AbortController();
  const made: string[] = [];
  const second = budget.call(stop.signal, async () => made.push('second'));
  const third = budget.call(signal, async () => made.push('third'));
  stop.abort(new Error('cancelled'));
  await expect(second).rejects.toMatchObject({ class: 'transient', code: 'call-not-begun' });
  free.resolve();
  await Promise.all([first, third]);
  expect(made).toEqual(['third']);
});

function budgets(clock: FakeClock) {
  return new CallBudgets({ clock, limitsOf: () => ({ name: 'CRM', limits: {} }) });
}

test('a service that asks for a pause gets it from every call with the credential, and from no other', async () => {
  const clock = new FakeClock();
  const all = budgets(clock);
  const tooMany = { response: { status: 429, headers: { 'retry-after': '30' } } };
  await expect(all.request('crm', signal, () => Promise.reject(tooMany))).rejects.toBe(tooMany);
  let made = 0;
  const later = all.request('crm', signal, async () => ({ status: 200, headers: {}, made: ++made }));
  await all.call('other', signal, async () => {});
  clock.advance(29_999);
  await settled();
  expect(made).toBe(0);
  clock.advance(1);
  await later;
  expect(made).toBe(1);
  await all.request('crm', signal, async () => ({ status: 503, headers: {} }));
  await all.call('crm', signal, async () => {});
});

test('nobody is let wait for hours without a word', async () => {
  const clock = new FakeClock();
  const all = budgets(clock);
  const until = new Date(clock.now() + 7_200_000).toUTCString();
  await all.request('crm', signal, async () => ({ status: 503, headers: { 'retry-after': until } }));
  await expect(all.call('crm', signal, async () => {})).rejects.toMatchObject({
    class: 'rate-limited',
    code: 'credential-paused',
    message: 'The service behind "CRM" wants no more requests for another 120 minutes.',
  });
});

test('a change of the limits lets those go on that wait', async () => {
  const clock = new FakeClock();
  let limits: { requests?: number } = { requests: 1 };
  const all = new CallBudgets({ clock, limitsOf: () => ({ name: 'CRM', limits }) });
  await all.call('crm', signal, async () => {});
  const second = all.call('crm', signal, async () => 'made');
  limits = {};
  all.change('crm');
  expect(await second).toBe('made');
});
