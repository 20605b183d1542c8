import { describe, expect, it } from 'vitest';
import { countOf, formatAgo, formatBytes, formatDateTime, formatDuration } from './format.ts';

describe('words for numbers and times', () => {
  it('groups numbers and agrees with the noun', () => {
    expect(countOf(1, 'record')).toBe('1 record');
    expect(countOf(1_234_567, 'record')).toBe('1,234,567 records');
    expect(countOf(2, 'entry', 'entries')).toBe('2 entries');
  });

  it('shows the zone with a date', () => {
    expect(formatDateTime(Date.UTC(2025, 2, 14, 8, 5, 12), 'UTC')).toBe('14 Mar 2025, 08:05:12 UTC');
  });

  it('says durations in words', () => {
    expect(formatDuration(40)).toBe('under 0.1 seconds');
    expect(formatDuration(420)).toBe('0.4 seconds');
    expect(formatDuration(1000)).toBe('1 second');
    expect(formatDuration(2345)).toBe('2.3 seconds');
    expect(formatDuration(9960)).toBe('10 seconds');
    expect(formatDuration(125_000)).toBe('2 minutes 5 seconds');
    expect(formatDuration(3_600_000)).toBe('1 hour');
    expect(formatDuration(90_061_000)).toBe('1 day 1 hour');
  });

  it('says how long ago', () => {
    const now = Date.UTC(2025, 2, 14);
    expect(formatAgo(now - 10_000, now)).toBe('just now');
    expect(formatAgo(now - 300_000, now)).toBe('5 minutes ago');
    expect(formatAgo(now + 3 * 3_600_000, now)).toBe('in 3 hours');
    expect(formatAgo(now - 10 * 86_400_000, now, 'UTC')).toBe('4 Mar 2025, 00:00:00 UTC');
  });

  it('says sizes', () => {
    expect(formatBytes(12)).toBe('12 bytes');
    expect(formatBytes(1536)).toBe('1.5 KB');
  });
});
