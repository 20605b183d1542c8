import { expect, test } from 'vitest';
import { moved } from './table-keys.ts';

const size = { rows: 1_000_000, columns: 4 };
const press = (key: string, from = { row: 10, column: 1 }, ctrlKey = false) =>
  moved(from, { key, ctrlKey, metaKey: false }, size);

test('arrows and page keys go about and stay inside', () => {
  expect(press('ArrowDown')).toEqual({ row: 11, column: 1 });
  expect(press('PageUp')).toEqual({ row: 0, column: 1 });
  expect(press('ArrowRight', { row: 0, column: 3 })).toEqual({ row: 0, column: 3 });
  expect(press('PageDown', { row: 999_995, column: 0 })).toEqual({ row: 999_999, column: 0 });
  expect(press('x')).toBeUndefined();
});

test('Home and End go along the row, and with Ctrl to the first and last row', () => {
  expect(press('End')).toEqual({ row: 10, column: 3 });
  expect(press('End', undefined, true)).toEqual({ row: 999_999, column: 1 });
  expect(press('Home', undefined, true)).toEqual({ row: 0, column: 1 });
});
