import { expect, test } from 'vitest';
import type { ColumnProfile } from '../../spec/api/profile.ts';
import { distinctWords, kindsOf, noteOf, shareOf } from './column-words.ts';

const column = (more: Partial<ColumnProfile>): ColumnProfile => ({
  name: 'c',
  kinds: { text: 10 },
  nulls: 0,
  missing: 0,
  distinct: { count: 4, isExact: true },
  top: [],
  ...more,
});

test('says what stands out', () => {
  expect(noteOf(column({}), 10)).toBe('4 different');
  expect(noteOf(column({ distinct: { count: 10, isExact: true } }), 10)).toBe('all different');
  expect(noteOf(column({ distinct: { count: 1, isExact: true } }), 10)).toBe('all the same');
  expect(noteOf(column({ nulls: 1, missing: 2 }), 10)).toBe('30% empty, 4 different');
  expect(noteOf(column({ kinds: { number: 1, text: 9 } }), 10)).toBe('text and number, 4 different');
  expect(noteOf(column({ kinds: {}, nulls: 10, distinct: { count: 0, isExact: true } }), 10)).toBe('always empty');
  expect(noteOf(column({ distinct: { count: 9_800, isExact: false } }), 10_000)).toBe('nearly all different');
});

test('does not pretend that an estimate is exact', () => {
  expect(distinctWords(column({ distinct: { count: 12_345, isExact: false } }))).toBe('about 12,000');
  expect(distinctWords(column({ distinct: { count: 12_345, isExact: true } }))).toBe('12,345');
});

test('never rounds something to nothing, or nearly all to all', () => {
  expect([shareOf(0, 9), shareOf(1, 1000), shareOf(999, 1000), shareOf(9, 9), shareOf(1, 3)]).toEqual([
    '0%',
    'under 1%',
    'over 99%',
    '100%',
    '33%',
  ]);
});

test('names the kinds, the most frequent first', () => {
  expect(kindsOf(column({ kinds: { boolean: 1, list: 7, text: 3 } }))).toBe('list, text and true or false');
});
