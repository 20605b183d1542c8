import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpressionError } from './expression-error.ts';
import { sampleScope } from './sample-scope.ts';
import { compileTemplate } from './template.ts';

/** Expressions whose meaning here is JavaScript's own: no missing values in arithmetic, no division by zero. */
const { numeric, logical } = fc.letrec<{ numeric: string; logical: string; text: string }>((tie) => ({
  numeric: fc.oneof(
    { maxDepth: 5 },
    fc.integer({ min: -1000, max: 1000 }).map((n) => `(${n})`),
    fc.constantFrom('a', 'b', 'true'),
    fc
      .tuple(tie('numeric'), fc.constantFrom('+', '-', '*', '&', '|', '^', '<<', '>>', '>>>', '%'), tie('numeric'))
      .map(([l, op, r]) => (op === '%' ? `(${l} % ((${r}) * (${r}) + 1))` : `(${l} ${op} ${r})`)),
    fc.tuple(fc.constantFrom('-', '+', '~'), tie('numeric')).map(([op, x]) => `(${op} ${x})`),
    fc.tuple(tie('logical'), tie('numeric'), tie('numeric')).map(([c, x, y]) => `(${c} ? ${x} : ${y})`),
    tie('text').map((t) => `${t}.length`),
  ),
  logical: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('true', 'false'),
    fc
      .tuple(tie('numeric'), fc.constantFrom('<', '<=', '>', '>=', '==', '!=', '===', '!=='), tie('numeric'))
      .map(([l, op, r]) => `(${l} ${op} ${r})`),
    fc
      .tuple(tie('text'), fc.constantFrom('<', '>=', '==', '!=='), tie('text'))
      .map(([l, op, r]) => `(${l} ${op} ${r})`),
    fc.tuple(tie('logical'), fc.constantFrom('&&', '||'), tie('logical')).map(([l, op, r]) => `(${l} ${op} ${r})`),
    tie('logical').map((x) => `(!${x})`),
  ),
  text: fc.oneof(
    { maxDepth: 4 },
    fc.string({ maxLength: 5 }).map((s) => JSON.stringify(s)),
    fc.constant('t'),
    fc.tuple(tie('text'), tie('numeric')).map(([t, n]) => `(${t} + ${n})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `\`\${${a}}-\${${b}}\``),
    fc
      .tuple(tie('text'), fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))
      .map(([t, from, to]) => `${t}.slice(${from}, ${to})`),
    fc.tuple(tie('text'), fc.constantFrom('toUpperCase', 'trim', 'toLowerCase')).map(([t, m]) => `${t}.${m}()`),
  ),
}));

const record = { a: 7, b: -3, t: 'Abc ' };

function ours(expression: string): unknown {
  const { a, b, t } = { a: '$json.a', b: '$json.b', t: '$json.t' };
  try {
    return compileTemplate(`={{ ((a, b, t) => ${expression})(${a}, ${b}, ${t}) }}`).evaluate({
      ...sampleScope(),
      json: record,
    });
  } catch (error) {
    if (error instanceof ExpressionError && (error.code === 'not-a-number' || error.code === 'too-deep'))
      return error.code;
    throw error;
  }
}

function theirs(expression: string): unknown {
  return new Function('a', 'b', 't', `'use strict'; return ${expression};`)(record.a, record.b, record.t);
}

test('arithmetic, comparison, logic and text agree with JavaScript', () => {
  fc.assert(
    fc.property(fc.oneof(numeric, logical), (expression) => {
      const result = ours(expression);
      if (result === 'too-deep') return;
      const expected = theirs(expression);
      if (typeof expected === 'number' && !Number.isFinite(expected)) expect(result).toBe('not-a-number');
      else expect(result).toBe(expected);
    }),
    { numRuns: 2000, seed: 11 },
  );
});

test('any text is either checked without a problem or refused with ExpressionErrors only', () => {
  const pieces = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '=>',
      '...',
      '?.',
      '`',
      '${',
      '"',
      "'",
      '/',
      '\\',
      '$json',
      '.a',
      'x',
    ],
    ...[
      '1',
      '+',
      '-',
      '!',
      ',',
      ':',
      '?',
      '=',
      'new ',
      'Date',
      '$',
      'async ',
      'await ',
      'class ',
      'function',
      'return ',
    ],
    ...['import', 'this', 'super', 'yield ', '#p', '@', '\n', '//', '/*', '0n', '\u2028', '\ud800', 'typeof ', ' in '],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      try {
        compileTemplate(`={{${parts.join('')}}}`).evaluate(sampleScope());
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
      }
    }),
    { numRuns: 3000, seed: 12 },
  );
});
