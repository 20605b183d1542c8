import type { FieldType as ParsedField, Query } from 'soql-parser-js';
import type { Cell } from '../database.ts';
import { malformedQuery } from './errors.ts';
import type { FieldType } from './object-model.ts';
import { aliasOf, output, writtenName } from './soql-columns.ts';
import { functionExpression, isAggregate } from './soql-functions.ts';
import { queryError } from './soql-position.ts';
import { direction, limitSql, type QueryContext, whereSql } from './soql-rows.ts';
import { Scope } from './soql-scope.ts';
import { WhereCompiler } from './soql-where.ts';

export function isAggregateQuery(query: Query): boolean {
  return (
    query.groupBy !== undefined ||
    (query.fields ?? []).some((field) => field.type === 'FieldFunctionExpression' && isAggregate(field.functionName))
  );
}

/** `SELECT COUNT() FROM ...`: the answer is the size alone. */
export function isBareCount(query: Query): boolean {
  const [only] = query.fields ?? [];
  return (
    query.fields?.length === 1 &&
    only?.type === 'FieldFunctionExpression' &&
    only.functionName.toUpperCase() === 'COUNT' &&
    only.parameters.length === 0
  );
}

export function bareCount(query: Query, context: QueryContext): number {
  if (query.groupBy) throw malformedQuery('Grouped query cannot use COUNT() without a field');
  const scope = new Scope(context.soql, query.sObject ?? '', 't', query.sObjectAlias);
  const params: Cell[] = [];
  const where = whereSql(scope, query, params, context);
  const inner = `SELECT 1 FROM ${scope.from} ${scope.joins} ${where ? `WHERE ${where}` : ''} ${limitSql(context.soql, query)}`;
  return Number(context.db.arrays(`SELECT COUNT(*) FROM (${inner})`)(...params)[0]?.[0] ?? 0);
}

interface Output {
  key: string;
  sql: string;
  type: FieldType;
}

export function aggregateRecords(query: Query, context: QueryContext): Record<string, unknown>[] {
  const scope = new Scope(context.soql, query.sObject ?? '', 't', query.sObjectAlias);
  const groups = groupBy(scope, query);
  let unnamed = 0;
  const outputs = (query.fields ?? []).map((field) => {
    const made = outputOf(scope, field, groups);
    return { ...made, key: made.key ?? `expr${unnamed++}` };
  });
  const params: Cell[] = [];
  const where = whereSql(scope, query, params, context);
  const noSemiJoin = () => {
    throw malformedQuery('HAVING cannot hold a sub-select');
  };
  const having = query.having ? new WhereCompiler(scope, params, context.now, noSemiJoin).compile(query.having) : '';
  const orderSql = order(scope, query, outputs);
  const parts = [
    `SELECT ${outputs.map((column) => column.sql).join(', ')} FROM ${scope.from}`,
    scope.joins,
    where ? `WHERE ${where}` : '',
    groups.length > 0 ? `GROUP BY ${groups.join(', ')}` : '',
    having ? `HAVING ${having}` : '',
    orderSql,
    limitSql(context.soql, query),
  ];
  return context.db
    .arrays(parts.join(' '))(...params)
    .map((row) => ({
      attributes: { type: 'AggregateResult' },
      ...Object.fromEntries(outputs.map(({ key, type }, i) => [key, output(row[i] ?? null, type)])),
    }));
}

function groupBy(scope: Scope, query: Query): string[] {
  const list = query.groupBy === undefined ? [] : Array.isArray(query.groupBy) ? query.groupBy : [query.groupBy];
  return list.map((group) => {
    if ('field' in group) return scope.resolve(group.field).sql;
    const name = group.fn.functionName?.toUpperCase();
    if (name === 'ROLLUP' || name === 'CUBE') throw malformedQuery(`GROUP BY ${name} is not supported here`);
    return functionExpression(scope, group.fn).sql;
  });
}

function outputOf(
  scope: Scope,
  field: ParsedField,
  groups: string[],
): Omit<Output, 'key'> & { key: string | undefined } {
  if (field.type === 'FieldFunctionExpression') {
    const made = functionExpression(scope, field);
    if (!made.aggregate && !groups.includes(made.sql)) {
      throw malformedQuery(`Field must be grouped or aggregated: ${field.rawValue ?? field.functionName}`);
    }
    return { key: field.alias, sql: made.sql, type: made.type };
  }
  if (field.type !== 'Field' && field.type !== 'FieldRelationship') {
    throw malformedQuery('Grouped queries cannot hold sub-selects');
  }
  const written = writtenName(field);
  const resolved = scope.resolve(written);
  if (!groups.includes(resolved.sql)) {
    throw queryError(scope.soql, written, 'MALFORMED_QUERY', `Field must be grouped or aggregated: ${written}`);
  }
  return { key: aliasOf(field) ?? resolved.field.name, sql: resolved.sql, type: resolved.field.type };
}

function order(scope: Scope, query: Query, outputs: Output[]): string {
  const list = query.orderBy === undefined ? [] : Array.isArray(query.orderBy) ? query.orderBy : [query.orderBy];
  if (list.length === 0) return '';
  const parts = list.map((by) => {
    if ('fn' in by) return direction(functionExpression(scope, by.fn).sql, by);
    const alias = outputs.find((column) => column.key.toLowerCase() === by.field.toLowerCase());
    return direction(alias?.sql ?? scope.resolve(by.field).sql, by);
  });
  return `ORDER BY ${parts.join(', ')}`;
}
