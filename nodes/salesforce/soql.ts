import type { Field } from '@jsforce/jsforce-node/lib/types/common.js';
import { NodeError } from '../../sdk/index.ts';
import type { Comparison, Condition, Conditions } from '../../spec/workflow/conditions.ts';

/** SOQL is put together here only, so that no value can end its quotes and no name can be more than a name. */

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const PATH = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,5}$/;

export function objectName(name: string): string {
  if (NAME.test(name)) return name;
  throw notAName(name, 'object', 'Account or Invoice__c');
}

export function fieldName(name: string): string {
  if (NAME.test(name)) return name;
  throw notAName(name, 'field', 'Email or Ext_Id__c');
}

/** A field, or one of a parent such as `Account.Name`. */
function fieldPath(path: string): string {
  if (PATH.test(path)) return path;
  throw notAName(path, 'field', 'Email or Account.Name');
}

function notAName(given: string, what: string, such: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'salesforce-name',
    message: `"${given}" is not the name of a Salesforce ${what}.`,
    remedy: `Use the API name, such as ${such}.`,
    field: what === 'object' ? 'object' : 'fields',
  });
}

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: SOQL knows escapes for these.
  return `'${text.replace(/[\\'\n\r\t\u0008\f]/g, (character) => ESCAPES[character] ?? '')}'`;
}

function like(before: string, text: string, after: string): string {
  const inner = quoted(text)
    .slice(1, -1)
    .replace(/[%_]/g, (wildcard) => `\\${wildcard}`);
  return `'${before}${inner}${after}'`;
}

/** A value as a literal where nothing is known of the field: dates and times are taken for what they look like. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `(${value.map(literal).join(', ')})`;
  const text = String(value);
  return isDateTime(text) || isDate(text) ? text : quoted(text);
}

/** `TODAY`, `LAST_N_DAYS:30` and the like, which Salesforce works out itself. */
const RELATIVE_DATE =
  /^(YESTERDAY|TODAY|TOMORROW|(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)|(LAST|NEXT)_90_DAYS|(LAST|NEXT)_N_(DAYS|WEEKS|MONTHS|QUARTERS|YEARS|FISCAL_QUARTERS|FISCAL_YEARS):\d+|N_(DAYS|WEEKS|MONTHS|QUARTERS|YEARS)_AGO:\d+)$/;

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function isDateTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text);
}

const NUMBERS = new Set(['int', 'double', 'currency', 'percent', 'long']);

/** A value as a literal of the field's type. */
function literalFor(field: FieldLike, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'null';
  const text = String(value);
  if (NUMBERS.has(field.type)) {
    if (/^-?\d+(\.\d+)?$/.test(text)) return text;
    throw unfit(field, text, 'a number');
  }
  if (field.type === 'boolean') {
    if (/^(true|false)$/i.test(text)) return text.toLowerCase();
    throw unfit(field, text, 'true or false');
  }
  if (field.type === 'date') {
    if (RELATIVE_DATE.test(text)) return text;
    if (isDate(text) || isDateTime(text)) return text.slice(0, 10);
    throw unfit(field, text, 'a date such as 2026-01-31, or TODAY, LAST_N_DAYS:30 and the like');
  }
  if (field.type === 'datetime') {
    if (RELATIVE_DATE.test(text) || isDateTime(text)) return text;
    if (isDate(text)) return `${text}T00:00:00Z`;
    throw unfit(field, text, 'a time such as 2026-01-31T08:00:00Z, or TODAY, LAST_N_DAYS:30 and the like');
  }
  return quoted(text);
}

function unfit(field: FieldLike, value: string, wanted: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'salesforce-condition-value',
    message: `The condition compares ${field.label} with "${value}", but it holds ${wanted.split(',')[0]}.`,
    remedy: `Compare it with ${wanted}.`,
    field: 'conditions',
  });
}

export type FieldLike = Pick<Field, 'type' | 'label'>;

export interface ObjectQuery {
  readonly object: string;
  readonly fields: readonly string[];
  readonly conditions?: Conditions | undefined;
  readonly orderBy?: string | undefined;
  readonly limit?: number | undefined;
}

/** @param fieldAt the described field at a path; rejects with `config` where there is none */
export async function buildSoql(query: ObjectQuery, fieldAt: (path: string) => Promise<FieldLike>): Promise<string> {
  const where = query.conditions === undefined ? '' : await group(query.conditions, fieldAt);
  return [
    `SELECT ${query.fields.map(fieldPath).join(', ')} FROM ${objectName(query.object)}`,
    where === '' ? '' : ` WHERE ${where}`,
    query.orderBy === undefined ? '' : ` ORDER BY ${orderBy(query.orderBy)}`,
    query.limit === undefined ? '' : ` LIMIT ${query.limit}`,
  ].join('');
}

/** "LastName, CreatedDate desc" */
function orderBy(text: string): string {
  return text
    .split(',')
    .map((part) => {
      const [, path, direction] = /^\s*(\S+?)(?:\s+(asc|desc))?\s*$/i.exec(part) ?? [];
      return `${fieldPath(path ?? part.trim())}${direction ? ` ${direction.toUpperCase()}` : ''}`;
    })
    .join(', ');
}

async function group(conditions: Conditions, fieldAt: (path: string) => Promise<FieldLike>): Promise<string> {
  const [entries, word] = 'all' in conditions ? [conditions.all, ' AND '] : [conditions.any, ' OR '];
  const parts: string[] = [];
  for (const entry of entries) {
    const part = 'is' in entry ? await condition(entry, fieldAt) : await group(entry, fieldAt);
    if (part !== '') parts.push(part);
  }
  return parts.length > 1 ? `(${parts.join(word)})` : (parts[0] ?? '');
}

const OPERATORS: Partial<Record<Comparison, string>> = {
  equals: '=',
  'not-equals': '!=',
  'greater-than': '>',
  'greater-or-equal': '>=',
  'less-than': '<',
  'less-or-equal': '<=',
  before: '<',
  after: '>',
};

async function condition(
  { left, is, right }: Condition,
  fieldAt: (path: string) => Promise<FieldLike>,
): Promise<string> {
  const path = fieldPath(String(left ?? ''));
  const field = await fieldAt(path);
  const operator = OPERATORS[is];
  if (operator !== undefined) return `${path} ${operator} ${literalFor(field, right)}`;
  const text = String(right ?? '');
  switch (is) {
    case 'contains':
      return `${path} LIKE ${like('%', text, '%')}`;
    case 'not-contains':
      return `(NOT ${path} LIKE ${like('%', text, '%')})`;
    case 'starts-with':
      return `${path} LIKE ${like('', text, '%')}`;
    case 'ends-with':
      return `${path} LIKE ${like('%', text, '')}`;
    case 'in':
    case 'not-in':
      return inList(
        path,
        is,
        listOf(right).map((value) => literalFor(field, value)),
      );
    case 'is-empty':
      return `${path} = null`;
    case 'is-not-empty':
      return `${path} != null`;
    case 'is-true':
      return `${path} = true`;
    case 'is-false':
      return `${path} = false`;
    default:
      throw new NodeError({
        class: 'config',
        code: 'salesforce-condition',
        message: `Salesforce cannot compare with "${is}".`,
        remedy: 'Use another comparison here, or filter after reading.',
        field: 'conditions',
      });
  }
}

/** An empty list holds nothing: none is in it, and every record is not in it. */
function inList(path: string, is: 'in' | 'not-in', literals: readonly string[]): string {
  if (literals.length > 0) return `${path} ${is === 'in' ? 'IN' : 'NOT IN'} (${literals.join(', ')})`;
  return is === 'in' ? 'Id = null' : '';
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return String(value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Puts values in for `:name` outside quotes. */
export function bindSoql(soql: string, values: Readonly<Record<string, unknown>>): string {
  return soql.replace(/'(?:\\.|[^'\\])*'|(?<![\w\d]):([A-Za-z_]\w*)/g, (match, name: string | undefined) => {
    if (name === undefined) return match;
    if (Object.hasOwn(values, name)) return literal(values[name]);
    throw new NodeError({
      class: 'config',
      code: 'salesforce-query-value',
      message: `The query uses :${name}, but no value of that name is given.`,
      remedy: `Add "${name}" to the query's values.`,
      field: 'values',
    });
  });
}
