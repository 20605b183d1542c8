import { describe, expect, it } from 'vitest';
import { dayOf, isoFromDatabase, isoFromMicros, isoFromServer, momentKind, wallClock } from './moments.ts';

describe('moments', () => {
  it.each([
    ['2024-02-29 12:30:15.25', '2024-02-29T12:30:15.250'],
    ['2024-02-29 12:30:15.123456+00', '2024-02-29T12:30:15.123456Z'],
    ['2024-01-01 00:30:00+05:30', '2023-12-31T19:00:00.000Z'],
    ['2024-06-30 23:00:00-0330', '2024-07-01T02:30:00.000Z'],
    ['2024-02-29 12:30:15+00', '2024-02-29T12:30:15.000Z'],
    ['2024-02-29 12:30:15.1', '2024-02-29T12:30:15.100'],
    ['10000-01-01 00:00:00+00', '10000-01-01 00:00:00+00'],
    ['2024-02-29 12:30:15+00 BC', '2024-02-29 12:30:15+00 BC'],
    ['0000-00-00 00:00:00', '0000-00-00 00:00:00'],
    ['2024-00-10 00:00:00', '2024-00-10 00:00:00'],
    ['2024-07-01 00:30:00.5+02', '2024-06-30T22:30:00.500Z'],
    ['1890-01-01 00:00:00+00:53:28', '1890-01-01 00:00:00+00:53:28'],
    ['0099-03-01 00:00:00', '0099-03-01T00:00:00.000'],
    ['infinity', 'infinity'],
    ['0044-03-15 00:00:00 BC', '0044-03-15 00:00:00 BC'],
  ])('%s reads as %s', (text, iso) => {
    expect(isoFromDatabase(text)).toBe(iso);
    expect(isoFromServer(text)).toBe(iso);
  });

  it('are written as a clock or a day', () => {
    expect(wallClock('2024-01-01T01:00:00+02:00')).toBe('2023-12-31 23:00:00.000');
    expect(dayOf('2024-01-01T01:00:00+02:00')).toBe('2023-12-31');
    expect(dayOf('2024-01-01')).toBe('2024-01-01');
    expect(dayOf('soon')).toBe('soon');
  });

  it('come from microseconds, also before 1970', () => {
    expect(isoFromMicros(-1n, true)).toBe('1969-12-31T23:59:59.999999Z');
    expect(isoFromMicros(1_500n, false)).toBe('1970-01-01T00:00:00.0015');
  });

  it('are recognised only beyond doubt', () => {
    expect(momentKind('2024-02-30')).toBeUndefined();
    expect(momentKind('2024-02-29')).toBe('date');
    expect(momentKind('2024-02-29T10:00')).toBe('timestamp');
    expect(momentKind('2024-02-29T10:00:00.000+0000')).toBe('timestamp-zone');
    expect(momentKind('2024-02-29 and more')).toBeUndefined();
    expect(momentKind('20240229')).toBeUndefined();
  });
});
