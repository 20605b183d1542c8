import { describe, expect, it } from 'vitest';
import { planWords, printCron, readCron } from './cron-plan.ts';

describe('schedules in words', () => {
  it.each([
    ['*/15 * * * *', { kind: 'minutes', every: 15 }],
    ['30 * * * *', { kind: 'hourly', minute: 30 }],
    ['0 2 * * *', { kind: 'daily', time: '02:00' }],
    ['30 9 * * 1-5', { kind: 'weekdays', time: '09:30' }],
    ['0 8 * * 1', { kind: 'weekly', day: 1, time: '08:00' }],
    ['0 6 1 * *', { kind: 'monthly', date: 1, time: '06:00' }],
  ] as const)('reads and prints %s', (pattern, plan) => {
    expect(readCron(pattern)).toEqual(plan);
    expect(printCron(plan)).toBe(pattern);
  });

  it.each(['0 2 * 1 *', '0 2,4 * * *', '', '0 0 12 * * *', '0 2 1 * 1'])('leaves %s as a pattern', (pattern) => {
    expect(readCron(pattern)).toBeUndefined();
  });

  it('says them', () => {
    expect(planWords({ kind: 'weekdays', time: '09:30' })).toBe('every weekday at 09:30');
    expect(planWords({ kind: 'weekly', day: 1, time: '08:00' })).toBe('every Monday at 08:00');
  });
});
