import { expect, test } from 'vitest';
import { allFunctions, allMethods } from './library.ts';
import { sampleScope } from './sample-scope.ts';
import { compileTemplate } from './template.ts';

const documented = [...allFunctions, ...allMethods];

test.each(documented.flatMap((doc) => doc.examples.map((example) => ({ ...example, signature: doc.signature }))))(
  '$signature: $expression',
  ({ expression, result }) => {
    expect(compileTemplate(`={{ ${expression} }}`).evaluate(sampleScope())).toEqual(result);
  },
);

test('each function and method has a summary and an example', () => {
  const lacking = documented.filter((doc) => doc.summary === '' || doc.examples.length === 0);
  expect(lacking.map((doc) => doc.signature)).toEqual([]);
});

test('no function is named twice', () => {
  const names = allFunctions.map((doc) => doc.name);
  expect(names).toHaveLength(new Set(names).size);
});

test('an example never changes the sample record', () => {
  const scope = sampleScope();
  const before = structuredClone(scope.json);
  for (const { examples } of documented) {
    for (const { expression } of examples) compileTemplate(`={{ ${expression} }}`).evaluate(scope);
  }
  expect(scope.json).toEqual(before);
});
