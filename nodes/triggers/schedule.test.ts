import { describe, expect, it } from 'vitest';
import { sourceOf, testTrigger } from '../../sdk/testing/index.ts';
import { readSchedule } from '../../spec/workflow/schedule-words.ts';
import schedule from './schedule.ts';

testTrigger(schedule);

describe('readSchedule', () => {
  it.each([
    ['every 15 minutes', { every: 900_000 }],
    ['15m', { every: 900_000 }],
    ['2 hours', { every: 7_200_000 }],
    ['every 1 day', { every: 86_400_000 }],
    ['every minute', { cron: '* * * * *' }],
    ['hourly', { cron: '0 * * * *' }],
    ['Every hour', { cron: '0 * * * *' }],
    ['daily', { cron: '0 0 * * *' }],
    ['every day at 8:00', { cron: '0 8 * * *' }],
    ['daily at 6.30 pm', { cron: '30 18 * * *' }],
    ['weekdays at 8:00', { cron: '0 8 * * 1-5' }],
    ['every weekday at 8am', { cron: '0 8 * * 1-5' }],
    ['weekends at noon', { cron: '0 12 * * 0,6' }],
    ['mondays at 9', { cron: '0 9 * * 1' }],
    ['every Monday, Wednesday and Friday at 12:15 am', { cron: '15 0 * * 1,3,5' }],
    ['on the 1st of the month at 6:00', { cron: '0 6 1 * *' }],
    ['monthly on the 15th at 23:59', { cron: '59 23 15 * *' }],
    ['every month', { cron: '0 0 1 * *' }],
    ['the last day of the month at midnight', { cron: '0 0 L * *' }],
    ['first monday of the month at 7:00', { cron: '0 7 * * 1#1' }],
    ['last friday of every month at 17:00', { cron: '0 17 * * 5#L' }],
  ])('reads "%s"', (words, when) => {
    expect(readSchedule(words)).toEqual(when);
    if ('cron' in when) expect(sourceOf(schedule, { cron: words })).toMatchObject(when);
  });

  it.each([
    '',
    'sometimes',
    'every 0 minutes',
    'weekdays at 25:00',
    'daily at 13 pm',
    'the 32nd of the month',
    'every',
    'at 8:00',
  ])('does not read "%s"', (words) => {
    expect(readSchedule(words)).toBeUndefined();
  });
});

describe('schedule', () => {
  it('takes a cron pattern with a zone', () => {
    expect(sourceOf(schedule, { cron: ' 0 2 * * * ', timezone: 'Europe/Berlin' })).toEqual({
      kind: 'schedule',
      cron: '0 2 * * *',
      timezone: 'Europe/Berlin',
      catchUp: 'latest',
    });
  });

  it('takes a stretch of time', () => {
    expect(sourceOf(schedule, { every: '15 minutes', catchUp: 'skip' })).toEqual({
      kind: 'schedule',
      every: 900_000,
      catchUp: 'skip',
    });
  });

  it.each([
    [{ cron: '61 * * * *' }, 'schedule-unreadable'],
    [{ cron: '0 0 30 2 *' }, 'schedule-unreadable'],
    [{ every: 'now and then' }, 'schedule-unreadable'],
    [{}, 'schedule-unclear'],
    [{ cron: '0 2 * * *', every: '1h' }, 'schedule-unclear'],
    [{ every: '1h', timezone: 'Mars/Base' }, 'timezone-unknown'],
  ])('refuses %j', (params, code) => {
    expect(() => sourceOf(schedule, params)).toThrow(expect.objectContaining({ class: 'config', code }));
  });
});
