import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExpressionError } from './expression-error.ts';
import { sampleScope } from './sample-scope.ts';
import { compileTemplate } from './template.ts';

function evaluate(expression: string, json: unknown = {}): unknown {
  return compileTemplate(`={{ ${expression} }}`).evaluate({ ...sampleScope(), json });
}

/**
 * Repeats stand only behind what is never empty: where JavaScript tries an optional part that matched nothing again by
 * another way, RE2 keeps the first. Groups stand outside of repeats, whose rounds JavaScript begins with empty groups.
 */
const pattern = fc
  .letrec<{ solid: string; any: string }>((tie) => ({
    solid: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\s', '\\w', '[\\s\\d]', '-', '\\.', '\\u0061', '[a-c]'),
      fc.tuple(tie('solid'), tie('any')).map(([x, y]) => x + y),
      fc.tuple(tie('solid'), tie('solid')).map(([x, y]) => `(?:${x}|${y})`),
      tie('solid').map((x) => `(${x})`),
    ),
    any: fc.oneof(
      { maxDepth: 4 },
      tie('solid'),
      fc
        .tuple(tie('solid'), fc.constantFrom('?', '*', '+', '{1,2}', '??', '*?'))
        .map(([x, q]) => `(?:${x.replace(/\((?!\?)/g, '(?:')})${q}`),
      fc.tuple(tie('any'), tie('any')).map(([x, y]) => x + y),
      fc.constantFrom('\\b', '^', '$'),
    ),
  }))
  .any.filter((source) => source.length < 60);
const flags = fc.constantFrom('', 'i', 'm', 's');
const subject = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '-', '.', '\n', '\u00a0'), { maxLength: 12 })
  .map((x) => x.join(''));

describe('patterns agree with JavaScript', () => {
  test('match, replace and split', () => {
    fc.assert(
      fc.property(pattern, flags, subject, (source, flag, text) => {
        const native = new RegExp(source, flag);
        const all = new RegExp(source, `${flag}g`);
        const found = native.exec(text);
        expect(evaluate(`$json.t.match(/${source}/${flag})`, { t: text })).toEqual(
          found === null ? null : [...found].map((group) => group ?? null),
        );
        expect(evaluate(`/${source}/${flag}.test($json.t)`, { t: text })).toBe(native.test(text));
        expect(evaluate(`$json.t.search(/${source}/${flag})`, { t: text })).toBe(text.search(native));
        expect(evaluate(`$json.t.match(/${source}/${flag}g)`, { t: text })).toEqual(text.match(all));
        expect(evaluate(`$json.t.replace(/${source}/${flag}g, "<$&>$1$$")`, { t: text })).toBe(
          text.replace(all, '<$&>$1$$'),
        );
        expect(evaluate(`$json.t.replace(/${source}/${flag}, m => "[" + m + "]")`, { t: text })).toBe(
          text.replace(native, (m) => `[${m}]`),
        );
        expect(evaluate(`$json.t.split(/${source}/${flag})`, { t: text })).toEqual(
          text.split(native).map((part) => part ?? null),
        );
      }),
      { numRuns: 600, seed: 21 },
    );
  });

  test('replacing plain text', () => {
    const replacement = fc
      .array(fc.constantFrom('$', '&', '`', "'", '1', 'x', '$$'), { maxLength: 6 })
      .map((x) => x.join(''));
    fc.assert(
      fc.property(subject, fc.constantFrom('a', 'b', '', 'ab', '.'), replacement, (text, wanted, by) => {
        const json = { text, wanted, by };
        expect(evaluate('$json.text.replace($json.wanted, $json.by)', json)).toBe(text.replace(wanted, by));
        expect(evaluate('$json.text.replaceAll($json.wanted, $json.by)', json)).toBe(text.replaceAll(wanted, by));
        expect(evaluate('$json.text.split($json.wanted)', json)).toEqual(text.split(wanted));
      }),
      { numRuns: 500, seed: 22 },
    );
  });
});

test('groups by name and place', () => {
  expect(evaluate("'k=v'.match(/(?<key>[a-z])=(?<value>[a-z])/).groups.value")).toBe('v');
  expect(evaluate("'xk=v'.match(/k/).index")).toBe(1);
  expect(evaluate("'2024-05'.replace(/(?<y>[0-9]+)-(?<m>[0-9]+)/, '$<m>/$<y>')")).toBe('05/2024');
  expect(evaluate("'a1'.replace(/(?<d>[0-9])/, (m, d, at, all, groups) => groups.d + at)")).toBe('a11');
});

test('whole characters, not halves of them', () => {
  expect(evaluate("'a😀b'.match(/a.b/)[0]")).toBe('a😀b');
  expect(evaluate("'naïve café'.match(/\\p{L}+/g)")).toEqual(['naïve', 'café']);
});

test.each(['(?=a)', '(?!a)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?<x>a)\\k<x>', '(((a{100}){100}){100})'])(
  'what linear matching cannot do is refused: /%s/',
  (source) => {
    expect(() => compileTemplate(`={{ /${source}/.test("a") }}`)).toThrow(ExpressionError);
    expect(() => evaluate('matches("a", $json.p)', { p: source })).toThrow(ExpressionError);
  },
);

test.each(['y', 'd', 'v'])('the flag %s is refused', (flag) => {
  expect(() => compileTemplate(`={{ /a/${flag}.test("a") }}`)).toThrow(ExpressionError);
});
