import { describe, expect, it } from 'vitest';
import { exactInteger, exactNumber, parseExactJson } from './exact.ts';

describe('exactNumber', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['42', 42],
    ['1.50', 1.5],
    ['0.1', 0.1],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['100000000000000000000', 100000000000000000000],
    ['1e21', 1e21],
    ['12345678901234567890.123', '12345678901234567890.123'],
    ['0.1000000000000000000000', 0.1],
    ['0.10000000000000000001', '0.10000000000000000001'],
    ['-123456789012345.678901', '-123456789012345.678901'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
  ])('%s', (text, value) => {
    expect(exactNumber(text)).toBe(value);
  });

  it('keeps 64-bit integers', () => {
    expect(exactInteger(12n)).toBe(12);
    expect(exactInteger(-9223372036854775808n)).toBe('-9223372036854775808');
  });
});

describe('parseExactJson', () => {
  it('keeps the digits of long numbers as text', () => {
    expect(
      parseExactJson('{"id": 9007199254740993, "n": [1.5, 12345678901234567.89], "t": "9007199254740993"}'),
    ).toEqual({
      id: '9007199254740993',
      n: [1.5, '12345678901234567.89'],
      t: '9007199254740993',
    });
  });

  it('keeps what is too large or too small for a number as text', () => {
    expect(parseExactJson('[1e999, -2E+400, 1e-999, 1e300, 5e-324]')).toEqual([
      '1e999',
      '-2E+400',
      '1e-999',
      1e300,
      5e-324,
    ]);
  });

  it('fails as JSON.parse does', () => {
    expect(() => parseExactJson('{"id": 90071992547409931')).toThrow(SyntaxError);
  });
});
