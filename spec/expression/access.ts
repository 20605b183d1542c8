import { DateTime, Duration } from 'luxon';
import type { MethodDefinition, MethodType } from './definition.ts';
import { ExpressionError } from './expression-error.ts';
import { fieldName } from './operators.ts';
import { Pattern } from './pattern.ts';
import type { Run } from './run.ts';
import { didYouMean } from './suggest.ts';
import { describe, isPlainObject, type Kind, kindOf, ownField, Step } from './values.ts';

/** The methods that share a name, by the type they belong to. */
export type MethodSet = { readonly [Type in MethodType]?: MethodDefinition };

export type MethodTable = ReadonlyMap<string, MethodSet>;

/** What dates tell without brackets. */
export const dateProperties: Readonly<Record<string, (date: DateTime) => unknown>> = {
  year: (date) => date.year,
  quarter: (date) => date.quarter,
  month: (date) => date.month,
  weekNumber: (date) => date.weekNumber,
  weekYear: (date) => date.weekYear,
  weekday: (date) => date.weekday,
  ordinal: (date) => date.ordinal,
  day: (date) => date.day,
  hour: (date) => date.hour,
  minute: (date) => date.minute,
  second: (date) => date.second,
  millisecond: (date) => date.millisecond,
  zoneName: (date) => date.zoneName,
  offset: (date) => date.offset,
  daysInMonth: (date) => date.daysInMonth,
  daysInYear: (date) => date.daysInYear,
  isInLeapYear: (date) => date.isInLeapYear,
  isValid: (date) => date.isValid,
  monthLong: (date) => date.setLocale('en').monthLong,
  monthShort: (date) => date.setLocale('en').monthShort,
  weekdayLong: (date) => date.setLocale('en').weekdayLong,
  weekdayShort: (date) => date.setLocale('en').weekdayShort,
};

/** What durations tell without brackets. */
export const durationProperties: Readonly<Record<string, (duration: Duration) => unknown>> = {
  years: (duration) => duration.years,
  quarters: (duration) => duration.quarters,
  months: (duration) => duration.months,
  weeks: (duration) => duration.weeks,
  days: (duration) => duration.days,
  hours: (duration) => duration.hours,
  minutes: (duration) => duration.minutes,
  seconds: (duration) => duration.seconds,
  milliseconds: (duration) => duration.milliseconds,
};

/**
 * `object.name`. Reading from a missing value gives a missing value. Only own fields of plain objects, entries of lists,
 * characters of text and the properties listed here can be read; everything else that JavaScript would find on the way to
 * a prototype does not exist.
 */
export function readProperty(run: Run, object: unknown, name: string, methods: MethodTable): unknown {
  if (typeof object === 'string') {
    if (name === 'length') return object.length;
    return isIndex(name) ? object[Number(name)] : withoutBrackets(object, name, 'text', methods);
  }
  if (object === null || object === undefined) return undefined;
  if (Array.isArray(object)) return readListProperty(object, name, methods);
  if (isPlainObject(object)) return ownField(object, name);
  if (object instanceof DateTime) return readTable(dateProperties, object, name, 'date', methods);
  if (object instanceof Date) {
    return readTable(dateProperties, DateTime.fromJSDate(object, { zone: run.scope.zone }), name, 'date', methods);
  }
  if (object instanceof Duration) return readTable(durationProperties, object, name, 'duration', methods);
  if (object instanceof Step) return readStep(object, name);
  if (object instanceof Pattern) {
    return name === 'source' ? object.source : name === 'flags' ? object.flags : undefined;
  }
  if (typeof object === 'number') return withoutBrackets(object, name, 'number', methods);
  if (typeof object === 'boolean') return withoutBrackets(object, name, 'boolean', methods);
  return undefined;
}

/** `object[key]` */
export function readComputed(run: Run, object: unknown, key: unknown, methods: MethodTable): unknown {
  if (typeof key === 'number' && (Array.isArray(object) || typeof object === 'string')) {
    return Object.hasOwn(object as object, key) ? entry(object, key) : undefined;
  }
  if (object === null || object === undefined) return undefined;
  return readProperty(run, object, fieldName(run, key), methods);
}

function entry(list: readonly unknown[] | string, index: number): unknown {
  const value = list[index];
  return typeof value === 'function' ? undefined : value;
}

function isIndex(name: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(name);
}

function readListProperty(list: readonly unknown[], name: string, methods: MethodTable): unknown {
  if (name === 'length') return list.length;
  if (isIndex(name)) return entry(list, Number(name));
  if (name === 'index' || name === 'groups') return ownField(list as unknown as Record<string, unknown>, name);
  return withoutBrackets(list, name, 'list', methods);
}

function readTable<Self>(
  table: Readonly<Record<string, (self: Self) => unknown>>,
  self: Self,
  name: string,
  type: MethodType,
  methods: MethodTable,
): unknown {
  if (Object.hasOwn(table, name)) return table[name]?.(self);
  withoutBrackets(self, name, type, methods);
  throw new ExpressionError(
    'unknown-name',
    `A ${type} has no '${name}'.${didYouMean(name, [...Object.keys(table), ...methodNames(type, methods)])}`,
    `See the list of what a ${type} offers.`,
  );
}

function readStep(step: Step, name: string): unknown {
  if (name === 'item') return step.view.item();
  throw new ExpressionError(
    'unknown-name',
    `A step has no '${name}'.${didYouMean(name, ['item', 'first', 'last', 'all'])}`,
    `Use ${step.label}.item.${name} for the field of the matching record, or .first(), .last(), .all().`,
  );
}

/** A method named without its brackets is a slip, not a value. */
function withoutBrackets(self: unknown, name: string, type: MethodType, methods: MethodTable): undefined {
  if (methods.get(name)?.[type] === undefined) return undefined;
  throw new ExpressionError(
    'wrong-type',
    `${name} on ${describe(self)} is missing its brackets.`,
    `Write ${name}() with what it needs between the brackets.`,
  );
}

const typeOfKind: Partial<Record<Kind, MethodType>> = {
  text: 'text',
  number: 'number',
  boolean: 'boolean',
  list: 'list',
  object: 'object',
  date: 'date',
  duration: 'duration',
  pattern: 'pattern',
  missing: 'missing',
};

/** The method of this value, or undefined for a missing value, on which every call gives a missing value. */
export function findMethod(
  set: MethodSet | undefined,
  self: unknown,
  name: string,
  methods: MethodTable,
): MethodDefinition | undefined {
  let found: MethodDefinition | undefined;
  if (typeof self === 'string') found = set?.text;
  else if (self === null || self === undefined) return set?.missing;
  else if (Array.isArray(self)) found = set?.list;
  else if (typeof self === 'number') found = set?.number;
  else {
    const type = typeOfKind[kindOf(self)];
    found = type && set?.[type];
  }
  return found ?? unknownMethod(self, name, methods);
}

function unknownMethod(self: unknown, name: string, methods: MethodTable): never {
  const kind = kindOf(self);
  const type = typeOfKind[kind];
  const owners = Object.keys(methods.get(name) ?? {}).filter((owner) => owner !== 'missing');
  throw new ExpressionError(
    'unknown-method',
    `${name} cannot be used on ${describe(self)}.${type ? didYouMean(name, methodNames(type, methods)) : ''}`,
    owners.length > 0
      ? `It works on a ${owners.join(' or a ')}.${owners.includes('text') && kind === 'number' ? ' Use toString() first.' : ''}`
      : 'See the list of what this type offers.',
  );
}

function methodNames(type: MethodType, methods: MethodTable): string[] {
  return [...methods].filter(([, set]) => set[type] !== undefined).map(([name]) => name);
}
