import { expect, test } from 'vitest';
import { builderOf, fillerOf } from './build-value.ts';
import { sampleScope } from './sample-scope.ts';
import { compileTemplate } from './template.ts';

/** More than there are copies, so that every copy is met and some serve several names. */
const names = Array.from({ length: 100 }, (_, i) => `field-places-${i}`);

function templates() {
  return Object.fromEntries(names.map((name) => [name, compileTemplate(`={{ $json["${name}"] }}`)]));
}

test('every copy reads the field that it was asked for', () => {
  const json = Object.fromEntries(names.map((name, i) => [name, i]));
  expect(builderOf(templates(), null)?.({ ...sampleScope(), json })).toEqual(json);
});

test('every copy sets the field that it was asked for', () => {
  const json = Object.fromEntries(names.map((name, i) => [name, i]));
  const target = {};
  fillerOf(templates(), null)(target, { ...sampleScope(), json });
  expect(target).toEqual(json);
});

test.each([
  [
    'a class with getters',
    new (class {
      get 'field-places-1'() {
        return 'reached';
      }
    })(),
  ],
  ['an object that inherits', Object.create({ 'field-places-1': 'reached' })],
  ['a function', Object.assign(() => 'reached', { 'field-places-1': 'reached' })],
  ['a list', Object.assign([], { 'field-places-1': 'reached' })],
  ['a field that is a function', { 'field-places-1': () => 'reached' }],
  ['nothing', undefined],
])('no copy reads from %s, whatever it read before', (_, json) => {
  const build = builderOf(templates(), null);
  build?.({ ...sampleScope(), json: Object.fromEntries(names.map((name) => [name, 1])) });
  expect(build?.({ ...sampleScope(), json })).toEqual(Object.fromEntries(names.map((name) => [name, null])));
});
