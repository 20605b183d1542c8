import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builderOf, fillerOf } from './build-value.ts';
import { ExpressionError } from './expression-error.ts';
import { sampleScope } from './sample-scope.ts';
import { compileTemplate } from './template.ts';

test('templates at any depth are replaced, the rest is kept', () => {
  const constant = { deep: [1, 2] };
  const value = {
    a: compileTemplate('={{ $json.score }}'),
    b: [constant, compileTemplate('=Hi {{ $json.firstName }}')],
    c: 'plain',
  };
  const result = builderOf(value, undefined)?.(sampleScope());
  expect(result).toEqual({ a: 72, b: [constant, 'Hi Ada'], c: 'plain' });
  expect((result as { b: unknown[] }).b[0]).toBe(constant);
});

test('a value without templates needs no building', () => {
  expect(builderOf({ a: [1, { b: 'x' }], c: null }, null)).toBeUndefined();
});

test('results do not share what the next evaluation changes', () => {
  const build = builderOf({ n: compileTemplate('={{ $json.n }}') }, null);
  const scope = sampleScope();
  const first = build?.({ ...scope, json: { n: 1 } });
  expect(build?.({ ...scope, json: { n: 2 } })).toEqual({ n: 2 });
  expect(first).toEqual({ n: 1 });
});

test('what a template leaves undefined is what was asked for', () => {
  const none = compileTemplate('={{ $json.none }}');
  expect(builderOf({ none, list: [none] }, null)?.(sampleScope())).toEqual({ none: null, list: [null] });
  expect(builderOf(none, undefined)?.(sampleScope())).toBeUndefined();
});

test('each template has budgets of its own', () => {
  const heavy = compileTemplate('={{ range(5000).map(a => range(500)).length }}');
  expect(builderOf([heavy, heavy, heavy], null)?.(sampleScope())).toEqual([5000, 5000, 5000]);
});

test('a name that assigning would act on is refused', () => {
  const value = JSON.parse('{"__proto__": 1}');
  expect(() => fillerOf(value, null)).toThrow(ExpressionError);
  expect(() => builderOf({ ...value, ['__proto__']: compileTemplate('={{ 1 }}') }, null)).toThrow(ExpressionError);
});

test('filling in gives the fields that building gives, in their order, over those that are there', () => {
  const part = fc.oneof(
    fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__')),
    fc.constantFrom('={{ $json.score }}', '=Hi {{ $json.none }}', '={{ $now }}').map((text) => compileTemplate(text)),
  );
  const names = fc.string({ maxLength: 3 }).filter((name) => name !== '__proto__');
  const fields = fc.dictionary(names, fc.oneof(part, fc.array(part, { maxLength: 2 })), { noNullPrototype: true });
  fc.assert(
    fc.property(fields, fields, (record, given) => {
      const target = { ...record };
      fillerOf(given, null)(target, sampleScope());
      const built = (builderOf(given, null)?.(sampleScope()) ?? given) as object;
      expect(target).toEqual({ ...record, ...built });
      expect(Object.keys(target)).toEqual(Object.keys({ ...record, ...built }));
    }),
  );
});
