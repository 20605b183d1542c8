import { describe, expect, it } from 'vitest';
import { kindOfVariable, readVariable, writeVariable } from './variable-text.ts';

describe('variables as text', () => {
  it('reads numbers, switches, lists and objects as what they are', () => {
    expect(readVariable('42')).toBe(42);
    expect(readVariable(' true ')).toBe(true);
    expect(readVariable('["EUR", "USD"]')).toEqual(['EUR', 'USD']);
    expect(readVariable('{"a": 1}')).toEqual({ a: 1 });
  });

  it('keeps as text what only looks like a number', () => {
    for (const text of ['007', '1.50', '12345678901234567890', '2026-01-31', '+49 30', '{ not json']) {
      expect(readVariable(text)).toBe(text);
    }
  });

  it('gives back every value that it wrote', () => {
    for (const value of ['plain', '42', 'true', '"quoted"', 42, false, null, ['a'], { a: '1' }, '']) {
      expect(readVariable(writeVariable(value))).toEqual(value);
    }
  });

  it('names the kind', () => {
    expect(['a', 1, true, null, [], {}].map(kindOfVariable)).toEqual([
      'Text',
      'Number',
      'Yes or no',
      'Empty',
      'List',
      'Object',
    ]);
  });
});
