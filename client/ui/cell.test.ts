import { describe, expect, it } from 'vitest';
import { cellOf, columnsOf, columnWidth, copyText } from './cell.ts';

describe('cells', () => {
  it('tells nothing from empty text, and keeps numbers as they are', () => {
    expect(cellOf(null)).toEqual({ kind: 'missing', text: 'empty' });
    expect(cellOf('')).toEqual({ kind: 'missing', text: 'empty text' });
    expect(cellOf(1234567.5)).toEqual({ kind: 'number', text: '1234567.5' });
  });

  it('shows files by name and lines as one', () => {
    expect(cellOf({ $file: { id: 'f', name: 'a.csv', mime: 'text/csv', size: 2048 } }).text).toBe('a.csv (2 KB)');
    expect(cellOf('a\n b').text).toBe('a ⏎ b');
  });

  it('says of a rejected record why', () => {
    const rejected = { code: 'http-422', message: 'The address is not valid.', remedy: 'Correct it.' };
    expect(cellOf(rejected)).toEqual({ kind: 'reason', text: 'The address is not valid.' });
    expect(cellOf({ code: 1, message: 'x' }).text).toBe('{"code":1,"message":"x"}');
  });

  it('copies the whole value', () => {
    expect(copyText('x'.repeat(500))).toHaveLength(500);
    expect(copyText({ a: 1 })).toBe('{\n  "a": 1\n}');
    expect(copyText(null)).toBe('');
  });

  it('unites the columns of uneven records in order of appearance', () => {
    expect(columnsOf([{ b: 1 }, undefined, { a: 1, b: 2 }])).toEqual(['b', 'a']);
  });

  it('bounds widths', () => {
    expect(columnWidth('id', [1])).toBe(72);
    expect(columnWidth('text', ['x'.repeat(999)])).toBe(320);
  });
});
