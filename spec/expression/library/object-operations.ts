import { setField, toText } from '../leave.ts';
import type { Run } from '../run.ts';
import { isPlainObject, type PlainObject } from '../values.ts';
import { fieldOf, isMissing, listOf, needs, textOf } from './arguments.ts';
import { isEmptyValue } from './logic-functions.ts';

/** What functions and methods of objects share. Objects are never changed; each result is new. */

/** The names given one by one or as a list. */
export function namesOf(run: Run, names: readonly unknown[], who: string): Set<string> {
  return new Set(names.flatMap((name) => (Array.isArray(name) ? name : [name])).map((name) => textOf(run, name, who)));
}

export function filterFields(
  run: Run,
  object: PlainObject,
  keep: (name: string, value: unknown) => boolean,
): PlainObject {
  const names = Object.keys(object);
  run.allocate(names.length * 16);
  const result: PlainObject = {};
  for (const name of names) {
    const value = fieldOf(object, name);
    if (keep(name, value)) setField(result, name, value);
  }
  return result;
}

/** Fields of all objects; where two have the same name, the later one counts. */
export function mergeObjects(run: Run, objects: readonly PlainObject[]): PlainObject {
  const result: PlainObject = {};
  for (const object of objects) {
    const names = Object.keys(object);
    run.allocate(names.length * 16);
    for (const name of names) setField(result, name, fieldOf(object, name));
  }
  return result;
}

export function fromEntries(run: Run, entries: readonly unknown[], who: string): PlainObject {
  run.allocate(entries.length * 16);
  const result: PlainObject = {};
  for (const entry of entries) {
    const [name, value] = listOf(entry, who);
    if (isMissing(name) || typeof name === 'object') throw needs(who, 'a name for each field', name, 'Give a text.');
    setField(result, toText(run, name), value);
  }
  return result;
}

/** A value by its path, such as 'address.city' or 'orders[0].id'. */
export function getPath(run: Run, value: unknown, path: unknown): unknown {
  const text = textOf(run, path, 'get');
  run.spend(text.length);
  let at = value;
  for (const part of text.split(/[.[\]]+/).filter((name) => name !== '')) {
    if (isMissing(at)) return undefined;
    at = Array.isArray(at) ? (/^-?\d{1,10}$/.test(part) ? at.at(Number(part)) : undefined) : fieldOf(at, part);
  }
  return at;
}

/** Without fields that are missing or empty. */
export function compactObject(run: Run, object: PlainObject): PlainObject {
  return filterFields(run, object, (_, value) => !isEmptyValue(value));
}

export function hasField(object: unknown, name: string): boolean {
  return isPlainObject(object) && Object.hasOwn(object, name);
}
