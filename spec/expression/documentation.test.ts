import { expect, test } from 'vitest';
import { variableNames } from './compile-names.ts';
import {
  functions,
  memberCompletions,
  methods,
  namespaceCompletions,
  startCompletions,
  stepCompletions,
  variables,
} from './documentation.ts';
import { sampleScope } from './sample-scope.ts';
import { checkTemplate, compileTemplate } from './template.ts';

test('every variable of the language is described, and its example works', () => {
  const described = variables.map((variable) => variable.name);
  expect(described.toSorted()).toEqual([...variableNames, "$('step')"].toSorted());
  for (const { example } of variables) {
    expect(checkTemplate(`={{ ${example} }}`)).toEqual([]);
    expect(compileTemplate(`={{ ${example} }}`).evaluate(sampleScope())).toBeDefined();
  }
});

test('completions cover all functions and methods once', () => {
  const labels = startCompletions.filter((completion) => completion.kind === 'function').map(({ label }) => label);
  expect(labels).toEqual(functions.map((doc) => doc.name));
  for (const [type, completions] of Object.entries(memberCompletions)) {
    const found = completions.filter((completion) => completion.kind === 'method').map(({ label }) => label);
    expect(found).toEqual(methods.filter((doc) => doc.type === type).map((doc) => doc.name));
    expect(found).toHaveLength(new Set(found).size);
  }
});

test('what follows a namespace or a step can be typed', () => {
  for (const name of ['Math', 'JSON', 'Object', 'Array', 'Number', 'DateTime', 'Date']) {
    expect(namespaceCompletions(name).length).toBeGreaterThan(0);
  }
  for (const { insert } of stepCompletions) expect(checkTemplate(`={{ $input.${insert} }}`)).toEqual([]);
});
