import { describe, expect, it } from 'vitest';
import { parseReference, pathWords, printReference } from './reference.ts';

describe('references', () => {
  it.each([
    ['$json.email', { step: undefined, which: 'item', path: ['email'] }],
    ["$('accounts').item.Name", { step: 'accounts', which: 'item', path: ['Name'] }],
    [
      "$('read it').first()['Account Name'].tags[0]",
      { step: 'read it', which: 'first', path: ['Account Name', 'tags', 0] },
    ],
    ["$('a').last()", { step: 'a', which: 'last', path: [] }],
    ["$json['it\\'s']", { step: undefined, which: 'item', path: ["it's"] }],
  ] as const)('reads and prints %s', (expression, reference) => {
    expect(parseReference(expression)).toEqual(reference);
    expect(printReference(reference)).toBe(expression);
  });

  it('reads the other ways to write one', () => {
    expect(parseReference(' $( "a" ) . item ["x"] ?.y ')).toEqual({ step: 'a', which: 'item', path: ['x', 'y'] });
  });

  it.each(['$json.email.trim()', '$json.a + 1', "$('a').all()", '$now', 'round($json.a)', ''])(
    'takes %s for more than a reference',
    (expression) => {
      expect(parseReference(expression)).toBeUndefined();
    },
  );

  it('has words for a path', () => {
    expect(pathWords(['address', 'city'])).toBe('address › city');
    expect(pathWords(['tags', 0])).toBe('tags › #1');
    expect(pathWords([])).toBe('whole record');
  });
});
