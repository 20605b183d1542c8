import type { Cell } from '../database.ts';
import { formatDatetime, parseDatetime } from './coerce.ts';
import { ApiError } from './errors.ts';
import { normalizeId } from './ids.ts';
import type { FieldType } from './object-model.ts';
import { isNumber, isText } from './schema.ts';
import { dateLiteralSpan } from './soql-dates.ts';
import { pointAt, queryError } from './soql-position.ts';

/** A value in a condition, as written, with the parser's name for its kind. */
export interface Literal {
  text: string;
  type: string;
}

export interface Left {
  sql: string;
  type: FieldType;
  /** As the query writes it, to point at it in an error. */
  written: string;
  name: string;
}

/**
 * SQL for one comparison. Nulls are as in SOQL: `!=` and `NOT IN` also match empty fields, all else does not.
 * @param params the values are added to it, in the order of the question marks
 */
export function compare(
  soql: string,
  left: Left,
  operator: string,
  values: Literal[],
  params: Cell[],
  now: number,
): string {
  if (operator === 'IN' || operator === 'NOT IN') return membership(soql, left, operator, values, params, now);
  const [value] = values;
  if (!value || values.length > 1) throw queryError(soql, left.written, 'MALFORMED_QUERY', `unexpected token: '('`);
  if (operator === 'LIKE') return like(soql, left, value, params);
  if (operator === 'INCLUDES' || operator === 'EXCLUDES') throw wrongOperator(soql, left, operator);
  if (value.type === 'DATE_LITERAL' || value.type === 'DATE_N_LITERAL') {
    return withinSpan(soql, left, operator, value, params, now);
  }
  const cell = literalCell(soql, left, value);
  if (operator === '=' || operator === '!=') {
    if (cell === null) return `${left.sql} IS ${operator === '=' ? '' : 'NOT '}NULL`;
    params.push(cell);
    return operator === '=' ? `${left.sql} = ?` : `${left.sql} IS NOT ?`;
  }
  if (cell === null || left.type === 'boolean' || left.type === 'id' || left.type === 'reference') {
    throw wrongOperator(soql, left, operator);
  }
  params.push(cell);
  return `${left.sql} ${operator} ?`;
}

function membership(
  soql: string,
  left: Left,
  operator: string,
  values: Literal[],
  params: Cell[],
  now: number,
): string {
  if (values.some((value) => value.type.startsWith('DATE_'))) {
    const each = values.map((value) => compare(soql, left, '=', [value], params, now));
    return operator === 'IN' ? `(${each.join(' OR ')})` : `NOT COALESCE(${each.join(' OR ')}, 0)`;
  }
  const cells = values.map((value) => literalCell(soql, left, value));
  const known = cells.filter((cell) => cell !== null);
  const withNull = known.length < cells.length;
  // One JSON parameter instead of one a value: SQLite limits parameters, Salesforce only the query's length.
  params.push(JSON.stringify(known));
  const among = `${left.sql} ${operator} (SELECT value FROM json_each(?))`;
  if (operator === 'IN') return withNull ? `(${among} OR ${left.sql} IS NULL)` : among;
  return withNull ? `(${among} AND ${left.sql} IS NOT NULL)` : `(${among} OR ${left.sql} IS NULL)`;
}

function like(soql: string, left: Left, value: Literal, params: Cell[]): string {
  if (!isText(left.type)) throw wrongOperator(soql, left, 'LIKE');
  if (value.type !== 'STRING') throw wrongLiteral(soql, left);
  params.push(literalText(value.text, true));
  return `${left.sql} LIKE ? ESCAPE '\\'`;
}

function withinSpan(soql: string, left: Left, operator: string, value: Literal, params: Cell[], now: number): string {
  const span = dateLiteralSpan(value.text, now);
  if (!span || (left.type !== 'date' && left.type !== 'datetime')) throw wrongLiteral(soql, left);
  const at = (ms: number) => (left.type === 'date' ? formatDatetime(ms).slice(0, 10) : formatDatetime(ms));
  const bound = (sign: string, ms: number) => {
    params.push(at(ms));
    return `${left.sql} ${sign} ?`;
  };
  switch (operator) {
    case '<':
      return bound('<', span.start);
    case '<=':
      return bound('<', span.end);
    case '>':
      return bound('>=', span.end);
    case '>=':
      return bound('>=', span.start);
    case '!=':
      return `(${left.sql} IS NULL OR ${bound('<', span.start)} OR ${bound('>=', span.end)})`;
    default:
      return `(${bound('>=', span.start)} AND ${bound('<', span.end)})`;
  }
}

/** @throws ApiError where the literal is not of the field's type, in Salesforce's words */
function literalCell(soql: string, left: Left, value: Literal): Cell {
  if (value.type === 'NULL') return null;
  const { type } = left;
  if (type === 'id' || type === 'reference') {
    if (value.type !== 'STRING') throw wrongLiteral(soql, left);
    const text = literalText(value.text);
    const id = normalizeId(text);
    if (text === '') return null;
    if (!id) throw queryError(soql, left.written, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`);
    return id;
  }
  if (type === 'boolean' && value.type === 'BOOLEAN') return value.text.toUpperCase() === 'TRUE' ? 1 : 0;
  if (type === 'date' && value.type === 'DATE') return value.text;
  if (type === 'datetime' && value.type === 'DATETIME') {
    const ms = parseDatetime(value.text);
    if (ms !== undefined) return formatDatetime(ms);
  }
  if (isNumber(type) && /^(INTEGER|DECIMAL)/.test(value.type)) return Number(value.text.replace(/^[A-Za-z]{3}/, ''));
  if (isText(type) && value.type === 'STRING') {
    const text = literalText(value.text);
    return text === '' ? null : text;
  }
  throw wrongLiteral(soql, left);
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** The text of a quoted literal; for LIKE, escaped wildcards stay escaped. */
function literalText(quoted: string, keepWildcards = false): string {
  const body = quoted.replace(/^'|'$/g, '');
  return body.replace(/\\(.)/gs, (whole, char: string) => {
    if (keepWildcards && (char === '%' || char === '_' || char === '\\')) return whole;
    return ESCAPES[char.toLowerCase()] ?? char;
  });
}

function wrongLiteral(soql: string, left: Left): ApiError {
  const quoted = isText(left.type) || left.type === 'id' || left.type === 'reference';
  const name = left.type === 'datetime' ? 'dateTime' : isText(left.type) ? 'string' : left.type;
  const kind = name === 'id' || name === 'reference' ? 'ID' : name;
  const message = `value of filter criterion for field '${left.name}' must be of type ${kind} and should ${quoted ? '' : 'not '}be enclosed in quotes`;
  return new ApiError(400, 'INVALID_FIELD', pointAt(soql, Math.max(0, soql.indexOf(left.written)), message));
}

function wrongOperator(soql: string, left: Left, operator: string): ApiError {
  const message = `invalid operator on ${left.type} field: '${operator}' cannot be used with '${left.name}'`;
  return queryError(soql, left.written, 'INVALID_QUERY_FILTER_OPERATOR', message);
}
