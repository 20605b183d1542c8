import { ExpressionError } from './expression-error.ts';
import { setField } from './leave.ts';
import type { Run } from './run.ts';
import { describe, isPlainObject, type PlainObject } from './values.ts';

/** `[...value]`: entries of a list, characters of a text, nothing for a missing value. */
export function spreadInto(run: Run, target: unknown[], value: unknown): void {
  if (value === null || value === undefined) return;
  if (typeof value === 'string') {
    run.allocate(value.length * 8);
    for (const character of value) target.push(character);
    return;
  }
  if (Array.isArray(value)) {
    run.allocate(value.length * 8);
    for (let i = 0; i < value.length; i++) target.push(value[i]);
    return;
  }
  throw new ExpressionError(
    'wrong-type',
    `Only a list can be taken apart with ..., not ${describe(value)}.`,
    'Put ... before a list, or use values(object) for the values of an object.',
  );
}

/** `{ ...value }`: own fields of an object, nothing for a missing value. */
export function spreadFields(run: Run, target: PlainObject, value: unknown): void {
  if (value === null || value === undefined) return;
  if (!isPlainObject(value)) {
    throw new ExpressionError(
      'wrong-type',
      `Only an object's fields can be copied with ..., not ${describe(value)}.`,
      'Put ... before an object such as $json.',
    );
  }
  const names = Object.keys(value);
  run.allocate(names.length * 8);
  for (const name of names) {
    const field = value[name];
    if (typeof field !== 'function') setField(target, name, field);
  }
}
