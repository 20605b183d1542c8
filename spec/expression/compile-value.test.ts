import { expect, test } from 'vitest';
import { compileValue } from './compile-value.ts';
import { ExpressionError } from './expression-error.ts';
import { sampleScope } from './sample-scope.ts';

test('templates at any depth are replaced, the rest is kept', () => {
  const constant = { deep: [1, 2] };
  const value = compileValue({ a: '={{ $json.score }}', b: [constant, '=Hi {{ $json.firstName }}'], c: 'plain' });
  const result = value.evaluate(sampleScope());
  expect(result).toEqual({ a: 72, b: [constant, 'Hi Ada'], c: 'plain' });
  expect((result as { b: unknown[] }).b[0]).toBe(constant);
  expect(value.isConstant).toBe(false);
});

test('a value without templates is constant and given as it is', () => {
  const value = { a: [1, { b: 'x' }], c: null };
  const compiled = compileValue(value);
  expect(compiled.isConstant).toBe(true);
  expect(compiled.evaluate(sampleScope())).toBe(value);
});

test('what is read is gathered from all templates', () => {
  const { reads } = compileValue({ a: '={{ $json.x }}', b: ["={{ $('s').item.y }}", '={{ $json.x + $json.z }}'] });
  expect(reads).toMatchObject({ json: true, fields: ['x', 'z'], nodes: ['s'], input: false });
});

test('results do not share what the next evaluation changes', () => {
  const compiled = compileValue({ n: '={{ $json.n }}' });
  const scope = sampleScope();
  const first = compiled.evaluate({ ...scope, json: { n: 1 } });
  expect(compiled.evaluate({ ...scope, json: { n: 2 } })).toEqual({ n: 2 });
  expect(first).toEqual({ n: 1 });
});

test('a wrong template is refused when compiling', () => {
  expect(() => compileValue({ a: ['={{ 1 + }}'] })).toThrow(ExpressionError);
  expect(() => compileValue(JSON.parse('{"__proto__": "={{ 1 }}"}'))).toThrow(ExpressionError);
});
