import { DateTime, Duration } from 'luxon';
import { ExpressionError } from './expression-error.ts';
import type { Run } from './run.ts';
import { describe, isPlainObject, type Kind, kindOf, type PlainObject } from './values.ts';

const deepest = 200;

/**
 * What a value is outside of expressions: plain JSON data. Dates become ISO 8601 text with their offset, durations ISO
 * text, missing list entries null; missing fields are left out. Plain parts are handed over as they are, not copied.
 * Throws for functions, patterns, steps and numbers that JSON cannot hold.
 */
export function toPlain(run: Run, value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw notFinite(value);
    case 'bigint':
      return String(value);
    case 'object':
      break;
    default:
      throw cannotLeave(value);
  }
  if (value === null) return value;
  if (depth > deepest) {
    throw new ExpressionError('too-deep', 'This value is nested too deeply.', 'Give a flatter value.');
  }
  if (Array.isArray(value)) return plainList(run, value, depth);
  if (isPlainObject(value)) return plainObject(run, value, depth);
  if (value instanceof DateTime) return isoDate(value);
  if (value instanceof Date) return isoDate(DateTime.fromJSDate(value, { zone: run.scope.zone }));
  if (value instanceof Duration) return value.toISO();
  throw cannotLeave(value);
}

/** `toPlain` for a template's result, most of which are texts, numbers or booleans. */
export function plainResult(run: Run, value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === undefined) return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : toPlain(run, value);
}

function plainList(run: Run, list: readonly unknown[], depth: number): unknown {
  run.spend(list.length + 1);
  // A pattern's match carries `index` and `groups`, which are no data.
  let copy: unknown[] | undefined = (list as { index?: unknown }).index !== undefined ? [] : undefined;
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const plain = item === undefined ? null : plainPart(run, item, depth);
    if (copy === undefined && plain !== item) {
      run.allocate(list.length * 8);
      copy = list.slice(0, i);
    }
    copy?.push(plain);
  }
  return copy ?? list;
}

function plainObject(run: Run, object: PlainObject, depth: number): unknown {
  run.spend(1);
  for (const name in object) {
    run.spend(2);
    const field = object[name];
    const plain = plainPart(run, field, depth);
    if (plain !== field || plain === undefined) return plainCopy(run, object, name, plain, depth);
  }
  return object;
}

/** A copy of an object of which `changed` is the first field that is not plain as it is. */
function plainCopy(run: Run, object: PlainObject, changed: string, changedTo: unknown, depth: number): PlainObject {
  const names = Object.keys(object);
  run.allocate(names.length * 16);
  const copy: PlainObject = {};
  let isPlain = true;
  for (const name of names) {
    let plain = object[name];
    if (name === changed) {
      plain = changedTo;
      isPlain = false;
    } else if (!isPlain) {
      run.spend(2);
      plain = plainPart(run, plain, depth);
    }
    if (plain !== undefined) setField(copy, name, plain);
  }
  return copy;
}

function plainPart(run: Run, value: unknown, depth: number): unknown {
  return typeof value === 'string' || value === null || typeof value === 'boolean'
    ? value
    : toPlain(run, value, depth + 1);
}

/** Sets an own field. `__proto__` is refused: code that copies objects by assignment would act on it. */
export function setField(object: PlainObject, name: string, value: unknown): void {
  if (name === '__proto__') {
    throw new ExpressionError('bad-value', 'A field cannot be called __proto__.', 'Give the field another name.');
  }
  object[name] = value;
}

function isoDate(date: DateTime): string {
  const text = date.toISO();
  if (text === null) throw new ExpressionError('bad-date', 'This is not a valid date.', 'Check the date it came from.');
  return text;
}

/** The value inside of text: empty for nothing, ISO for dates, JSON for lists and objects. */
export function toText(run: Run, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      if (Number.isFinite(value)) return `${value}`;
      throw notFinite(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return '';
    default:
  }
  if (value === null) return '';
  const plain = toPlain(run, value);
  return typeof plain === 'string' ? plain : toJsonText(run, plain);
}

/** JSON text, its size accounted for before it is made. */
export function toJsonText(run: Run, value: unknown, indent = 0): string {
  const plain = toPlain(run, value);
  const budget = { left: run.limits.text };
  measureJson(run, plain, indent, 1, budget);
  run.allocate(run.limits.text - budget.left);
  return JSON.stringify(plain, undefined, indent) ?? 'null';
}

function measureJson(run: Run, value: unknown, indent: number, level: number, budget: { left: number }): void {
  let size = 8 + indent * level;
  if (typeof value === 'string') size += value.length + 2;
  else if (Array.isArray(value)) {
    run.spend(value.length);
    for (const item of value) measureJson(run, item, indent, level + 1, budget);
  } else if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value);
    run.spend(names.length);
    for (const name of names) {
      size += name.length + 4;
      measureJson(run, (value as PlainObject)[name], indent, level + 1, budget);
    }
  } else size += 16;
  budget.left -= size;
  if (budget.left < 0) throw run.tooBig();
}

function notFinite(value: number): ExpressionError {
  return Number.isNaN(value)
    ? new ExpressionError('not-a-number', 'The result is not a number.', 'Check that every value used is a number.')
    : new ExpressionError('not-a-number', 'The result is larger than any number can be.', 'Use smaller numbers.');
}

const remedies: Partial<Record<Kind, string>> = {
  function: 'Call the function: put its values in brackets after its name.',
  step: "Say what you need of the step, such as $('name').item.email.",
  pattern: "Use the pattern, as in text.match(/.../) or test('...').",
};

function cannotLeave(value: unknown): ExpressionError {
  return new ExpressionError(
    'cannot-leave',
    `The result is ${describe(value)}, which is not data.`,
    remedies[kindOf(value)] ?? 'Give a text, a number, a date, a list or an object.',
  );
}
