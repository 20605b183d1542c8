import type { FunctionExp } from 'soql-parser-js';
import { malformedQuery } from './errors.ts';
import type { FieldType } from './object-model.ts';
import { isNumber } from './schema.ts';
import type { ResolvedField, Scope } from './soql-scope.ts';

/** An SQL expression with the type that its result is shown and compared as. */
export interface Expression {
  sql: string;
  type: FieldType;
  aggregate: boolean;
}

const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);

/** SQL over the ten characters of the day that both dates and date-times begin with. */
const DATE_PARTS: Record<string, (day: string, value: string) => string> = {
  CALENDAR_YEAR: (day) => `CAST(substr(${day}, 1, 4) AS INTEGER)`,
  CALENDAR_QUARTER: (day) => `((CAST(substr(${day}, 6, 2) AS INTEGER) + 2) / 3)`,
  CALENDAR_MONTH: (day) => `CAST(substr(${day}, 6, 2) AS INTEGER)`,
  DAY_IN_MONTH: (day) => `CAST(substr(${day}, 9, 2) AS INTEGER)`,
  DAY_IN_WEEK: (day) => `(CAST(strftime('%w', ${day}) AS INTEGER) + 1)`,
  DAY_IN_YEAR: (day) => `CAST(strftime('%j', ${day}) AS INTEGER)`,
  WEEK_IN_MONTH: (day) => `((CAST(substr(${day}, 9, 2) AS INTEGER) + 6) / 7)`,
  WEEK_IN_YEAR: (day) => `((CAST(strftime('%j', ${day}) AS INTEGER) + 6) / 7)`,
  HOUR_IN_DAY: (_day, value) => `CAST(substr(${value}, 12, 2) AS INTEGER)`,
};

export function isAggregate(name: string | undefined): boolean {
  return AGGREGATES.has((name ?? '').toUpperCase());
}

/** @throws ApiError MALFORMED_QUERY or INVALID_FIELD */
export function functionExpression(scope: Scope, call: FunctionExp): Expression {
  const name = (call.functionName ?? '').toUpperCase();
  const argument = innermost(call);
  if (name === 'COUNT' && argument === undefined) return { sql: 'COUNT(*)', type: 'int', aggregate: true };
  if (argument === undefined) throw malformedQuery(`unexpected token: '${call.rawValue ?? name}'`);
  const resolved = scope.resolve(argument);
  if (AGGREGATES.has(name)) return aggregate(name, resolved);
  if (name === 'DAY_ONLY') return { sql: `substr(${resolved.sql}, 1, 10)`, type: 'date', aggregate: false };
  const part = DATE_PARTS[name.replace(/^FISCAL_/, 'CALENDAR_')];
  if (!part) throw malformedQuery(`unexpected token: '${name}': this function is not supported here`);
  if (resolved.field.type !== 'date' && resolved.field.type !== 'datetime') {
    throw malformedQuery(`field ${resolved.field.name} does not support function ${name}`);
  }
  return { sql: part(`substr(${resolved.sql}, 1, 10)`, resolved.sql), type: 'int', aggregate: false };
}

/** `CALENDAR_YEAR(convertTimezone(CreatedDate))` reads CreatedDate: the practice org is in UTC. */
function innermost(call: FunctionExp): string | undefined {
  const first = call.parameters?.[0];
  return first === undefined || typeof first === 'string' ? first : innermost(first);
}

function aggregate(name: string, { field, sql }: ResolvedField): Expression {
  if (!field.filterable || ((name === 'SUM' || name === 'AVG') && !isNumber(field.type))) {
    throw malformedQuery(`field ${field.name} does not support aggregate operator ${name}`);
  }
  if (name === 'COUNT') return { sql: `COUNT(${sql})`, type: 'int', aggregate: true };
  if (name === 'COUNT_DISTINCT') return { sql: `COUNT(DISTINCT ${sql})`, type: 'int', aggregate: true };
  const type = name === 'AVG' ? 'double' : field.type;
  return { sql: `${name}(${sql})`, type, aggregate: true };
}
