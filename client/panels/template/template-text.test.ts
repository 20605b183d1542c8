import { describe, expect, it } from 'vitest';
import { bodyOf, formulaOf, formulaValue, holesOf, paramOf } from './template-text.ts';

describe('template text', () => {
  it('stays literal without expressions and becomes a template with one', () => {
    expect(paramOf('Hello')).toBe('Hello');
    expect(paramOf('Hello {{ $json.name }}')).toBe('=Hello {{ $json.name }}');
  });

  it.each(['Hello', '=x', '', 'a {{ $json.b }} c', 'see \\{{ this', '{{ 1 }}'])(
    'comes back from the document as it was typed: %s',
    (body) => {
      expect(bodyOf(paramOf(body))).toBe(body);
    },
  );

  it('finds expressions with braces and quotes inside', () => {
    const body = `a {{ {b: {c: 1}} }} {{ "}}" + '\\'}}' }} \\{{ no }}`;
    expect(holesOf(body).map(({ expression }) => expression)).toEqual(['{b: {c: 1}}', `"}}" + '\\'}}'`]);
  });

  it('does not take an unfinished expression for one', () => {
    expect(holesOf('a {{ $json.b')).toEqual([]);
  });

  it('tells a lone expression from text around it', () => {
    expect(formulaOf('={{ round($json.a) }}')).toBe('round($json.a)');
    expect(formulaOf('=x {{ 1 }}')).toBeUndefined();
    expect(formulaOf('{{ 1 }}')).toBeUndefined();
    expect(formulaOf(formulaValue('1 + 1'))).toBe('1 + 1');
  });
});
