import type { z } from 'zod';
import { NodeError } from './errors.ts';
import { partOf, uiOf } from './schema.ts';

/** Words for a parameter whose value does not fit: which field, what it must be, and what it is. */

type Issue = z.core.$ZodIssue;

/**
 * `constant`: the value stands in the document, so the node is set up wrongly (`config`); otherwise the record at hand
 * gave it (`bad-data`).
 */
export function parameterFault(
  schema: z.ZodType,
  issues: readonly Issue[],
  value: unknown,
  constant: boolean,
): NodeError {
  const issue = deepest(issues[0] as Issue);
  const label = labelAt(schema, issue.path);
  const given = valueAt(value, issue.path);
  const missing = given === undefined && issue.code !== 'unrecognized_keys';
  const source = constant ? 'it is' : 'this record gives';
  const custom = ownWords(issue);
  return new NodeError({
    class: constant ? 'config' : 'bad-data',
    code: missing ? 'parameter-missing' : 'parameter-wrong',
    message: missing
      ? `${label} is missing${constant ? '' : ' for this record'}.`
      : issue.code === 'unrecognized_keys'
        ? `There is no setting named ${issue.keys.map((key) => `"${key}"`).join(', ')} in ${label}.`
        : `${label} ${custom === undefined ? expectation(issue) : 'does not fit'}; ${source} ${described(given)}.`,
    remedy:
      custom !== undefined && !missing
        ? `${custom}.`.replace(/\.\.$/, '.')
        : constant
          ? `Set ${label} in the node.`
          : `Correct the value in the record, or change ${label} so that it fits every record.`,
    field: label,
    details: issues.map(({ path, message, code }) => ({ path: path.map(String), code, message })),
  });
}

/** The label of the innermost named field on the path. */
function labelAt(schema: z.ZodType, path: readonly PropertyKey[]): string {
  let label = uiOf(schema)?.label;
  let free: PropertyKey | undefined;
  let at: z.ZodType | undefined = schema;
  for (const key of path) {
    at = at === undefined ? undefined : partOf(at, key);
    const own: string | undefined = at === undefined ? undefined : uiOf(at)?.label;
    if (own !== undefined) {
      label = own;
      free = undefined;
    } else if (typeof key === 'string') free = key;
  }
  if (label === undefined) return free === undefined ? 'The settings' : String(free);
  return free === undefined ? label : `${label}: ${String(free)}`;
}

/** Of a union's alternatives the one that got furthest tells the most. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  let best: Issue | undefined;
  for (const [first] of issue.errors) {
    if (first === undefined) continue;
    const found = deepest({ ...first, path: [...issue.path, ...first.path] });
    if (best === undefined || found.path.length > best.path.length) best = found;
  }
  return best !== undefined && best.path.length > issue.path.length ? best : issue;
}

/** The message that the schema's author wrote, if one did. */
function ownWords(issue: Issue): string | undefined {
  return /^(Invalid|Too (small|big)|Unrecognized)/.test(issue.message) ? undefined : issue.message;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => `"${String(value)}"`).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string')
        return issue.minimum === 1 ? 'must not be empty' : `must have at least ${issue.minimum} characters`;
      if (issue.origin === 'array')
        return `needs at least ${issue.minimum} ${issue.minimum === 1 ? 'entry' : 'entries'}`;
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
      if (issue.origin === 'array') return `takes at most ${issue.maximum} entries`;
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
    default:
      return 'does not have the right form';
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
  date: 'a date',
};

/** A value in words, short enough for a message. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value === '') return 'an empty text';
  if (typeof value === 'string') return `the text '${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  if (typeof value === 'number') return Number.isFinite(value) ? `the number ${value}` : 'not a number';
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return 'a group of fields';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}
