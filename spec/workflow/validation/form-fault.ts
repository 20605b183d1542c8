import type { z } from 'zod';

/** What is wrong with the form of a value, in plain words that follow the value's name: "must be a number, not the text "a"". */
export function formFault(issue: z.core.$ZodIssue, value: unknown): { message: string; remedy: string } {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = kindWords[issue.expected] ?? issue.expected;
      if (value === undefined) return { message: 'is missing', remedy: `Add it; it is ${kind}.` };
      return { message: `must be ${kind}, not ${shown(value)}`, remedy: `Write ${kind} here.` };
    }
    case 'too_small':
      if (issue.origin === 'string') return { message: 'is empty', remedy: 'Write something here.' };
      if (issue.origin === 'array') return { message: 'is empty', remedy: 'Give at least one entry.' };
      return { message: `must be at least ${issue.minimum}`, remedy: `Write ${issue.minimum} or more.` };
    case 'too_big':
      if (issue.origin === 'string')
        return { message: `is longer than ${grouped(issue.maximum)} characters`, remedy: 'Shorten it.' };
      if (issue.origin === 'array')
        return { message: `has more than ${grouped(issue.maximum)} entries`, remedy: 'Remove some.' };
      return {
        message: `must be at most ${grouped(issue.maximum)}`,
        remedy: `Write ${grouped(issue.maximum)} or less.`,
      };
    case 'invalid_value':
      return {
        message: value === undefined ? 'is missing' : `cannot be ${shown(value)}`,
        remedy: `Choose ${oneOf(issue.values.map(String))}.`,
      };
    case 'invalid_format':
      return { message: `cannot be ${shown(value)}`, remedy: `${issue.message}.` };
    case 'invalid_key':
      return {
        message: 'does not have the form of a node id',
        remedy: 'Use lower-case letters, digits and dashes, such as "lead-scores".',
      };
    default:
      return { message: 'has the wrong form', remedy: 'Compare it with a workflow that was exported from the canvas.' };
  }
}

const kindWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};

/** "the text "abc"", "a list": a given value, for messages. */
export function shown(value: unknown): string {
  if (value === null) return 'empty (null)';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
    case 'number':
    case 'bigint':
      return Number.isFinite(value) ? `the number ${value}` : 'a number that JSON cannot hold';
    case 'boolean':
      return String(value);
    case 'object':
      return 'an object';
    default:
      return 'nothing';
  }
}

/** `"a", "b" or "c"` */
export function oneOf(values: readonly string[]): string {
  const quoted = values.map((value) => `"${value}"`);
  if (quoted.length < 2) return quoted.join('');
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function grouped(value: number | bigint): string {
  return value.toLocaleString('en');
}
