import { describe, expect, it } from 'vitest';
import type { Comparison, Conditions } from './conditions.ts';
import { compileConditions, evaluateConditions } from './evaluate-conditions.ts';

const same = (value: unknown) => value;

function holds(left: unknown, is: Comparison, right?: unknown, loose?: boolean, zone?: string): boolean {
  return evaluateConditions({ all: [{ left, is, right, loose }] }, same, zone === undefined ? {} : { zone });
}

describe('comparisons', () => {
  it.each<[unknown, Comparison, unknown, boolean]>([
    [1, 'equals', 1, true],
    [1, 'equals', '1', false],
    [null, 'equals', undefined, false],
    [10n, 'equals', 10, true],
    [9007199254740993n, 'equals', 9007199254740992, false],
    [{ a: [1, { b: 2 }] }, 'equals', { a: [1, { b: 2 }] }, true],
    [{ a: 1 }, 'equals', { a: 1, b: 2 }, false],
    [{ a: 1, b: undefined }, 'equals', { a: 1 }, true],
    [[1, 2], 'not-equals', [2, 1], true],
    [new Date(0), 'equals', new Date(0), true],
    [5, 'greater-than', 3, true],
    ['5', 'greater-than', 3, false],
    ['b', 'greater-than', 'a', true],
    [null, 'less-than', 3, false],
    [Number.NaN, 'less-or-equal', 3, false],
    [3, 'greater-or-equal', 3, true],
    [3, 'less-or-equal', 3, true],
    ['Rhubarb', 'contains', 'bar', true],
    ['Rhubarb', 'contains', 'BAR', false],
    [['a', 1], 'contains', 1, true],
    [['a', 1], 'contains', '1', false],
    [null, 'contains', 'x', false],
    [null, 'not-contains', 'x', true],
    ['abc', 'starts-with', 'ab', true],
    ['abc', 'ends-with', 'bc', true],
    [12, 'starts-with', '1', false],
    ['order 17', 'matches', '\\d+$', true],
    ['order', 'matches', '\\d', false],
    ['x', 'matches', '(', false],
    ['DE', 'in', ['DE', 'AT'], true],
    ['DE', 'in', 'DE', true],
    ['CH', 'not-in', ['DE', 'AT'], true],
    [{ a: 1 }, 'in', [{ a: 1 }], true],
    [undefined, 'is-empty', undefined, true],
    [null, 'is-empty', undefined, true],
    ['', 'is-empty', undefined, true],
    [[], 'is-empty', undefined, true],
    [{}, 'is-empty', undefined, true],
    [0, 'is-empty', undefined, false],
    [false, 'is-empty', undefined, false],
    [' ', 'is-empty', undefined, false],
    [new Date(0), 'is-empty', undefined, false],
    [[0], 'is-not-empty', undefined, true],
    [true, 'is-true', undefined, true],
    ['true', 'is-true', undefined, false],
    [false, 'is-false', undefined, true],
    [null, 'is-false', undefined, false],
    ['2026-01-01', 'before', '2026-01-02T00:00:00Z', true],
    ['2026-01-02', 'after', '2026-01-01', true],
    ['2026-01-01 10:00:00', 'before', '2026-01-01T11:00', true],
    [new Date(5), 'after', 4, true],
    ['tomorrow', 'after', '2026-01-01', false],
    [null, 'before', '2026-01-01', false],
    ['x', 'is-type', 'text', true],
    [1, 'is-type', 'integer', true],
    [1.5, 'is-type', 'integer', false],
    [1.5, 'is-type', 'number', true],
    ['2026-02-30', 'is-type', 'date', false],
    ['2026-02-28', 'is-type', 'date', true],
    [[], 'is-type', 'list', true],
    [[], 'is-type', 'object', false],
    [null, 'is-type', 'object', false],
    [null, 'is-type', 'empty', true],
    [1, 'is-type', 'whatever', false],
  ])('%o %s %o is %s', (left, is, right, expected) => {
    expect(holds(left, is, right)).toBe(expected);
  });

  it.each<[unknown, Comparison, unknown, boolean]>([
    ['1', 'equals', 1, true],
    [1, 'equals', ' 1.0 ', true],
    ['007', 'equals', '7', false],
    ['x', 'equals', 0, false],
    ['', 'equals', 0, false],
    ['10', 'greater-than', '9', true],
    ['10', 'greater-than', 9, true],
    ['9007199254740993', 'equals', 9007199254740993n, true],
    [['1'], 'contains', 1, true],
    ['12', 'in', [12], true],
    [{ a: '1' }, 'equals', { a: 1 }, true],
    [123, 'starts-with', '12', true],
    ['True', 'is-true', undefined, true],
    [0, 'is-false', undefined, true],
  ])('loosely, %o %s %o is %s', (left, is, right, expected) => {
    expect(holds(left, is, right, true)).toBe(expected);
  });

  it('reads dates without a zone in the zone that is given', () => {
    expect(holds('2026-07-01T00:30', 'before', '2026-06-30T23:00:00Z', false, 'Europe/Berlin')).toBe(true);
    expect(holds('2026-07-01T00:30', 'before', '2026-06-30T23:00:00Z', false, 'UTC')).toBe(false);
  });
});

describe('groups', () => {
  const yes = { left: 1, is: 'equals', right: 1 } as const;
  const no = { left: 1, is: 'equals', right: 2 } as const;

  it.each<[Conditions, boolean]>([
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ all: [yes, { any: [no, { all: [yes, yes] }] }] }, true],
  ])('%j is %s', (conditions, expected) => {
    expect(evaluateConditions(conditions, same)).toBe(expected);
  });

  it('are compiled once, and look no further than needed', () => {
    const compiled: unknown[] = [];
    const test = compileConditions<number[]>({ any: [{ left: 'a', is: 'equals', right: 'b' }, yes] }, (value) => {
      compiled.push(value);
      return (seen) => {
        seen.push(1);
        return 0;
      };
    });
    const seen: number[] = [];
    expect(test(seen)).toBe(true);
    expect(test(seen)).toBe(true);
    expect(seen).toHaveLength(4);
    expect(compiled).toEqual(['a', 'b', 1, 1]);
  });
});
