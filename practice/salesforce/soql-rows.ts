import type { OrderByClause, Query, QueryBase } from 'soql-parser-js';
import type { Cell, PracticeDatabase } from '../database.ts';
import { ApiError, malformedQuery } from './errors.ts';
import { childRelationships } from './schema.ts';
import { Columns, type OutputRecord, writtenName } from './soql-columns.ts';
import { functionExpression } from './soql-functions.ts';
import { queryError } from './soql-position.ts';
import { Scope } from './soql-scope.ts';
import { WhereCompiler } from './soql-where.ts';

export interface QueryContext {
  soql: string;
  db: PracticeDatabase;
  now: number;
  /** True for queryAll: records in the recycle bin count as well. */
  withDeleted: boolean;
  /** `/services/data/v60.0`, for the addresses of records. */
  base: string;
}

/** A query for records: first the positions of all that match, then pages of them. */
export interface RowQuery {
  /** Row numbers in the order that was asked for: small enough to keep for later pages. */
  positions(): number[];
  page(positions: readonly number[]): OutputRecord[];
  /** For the Bulk API; child sub-selects have no place in a CSV. */
  header: string[];
  csvPage(positions: readonly number[]): string[][];
  hasChildren: boolean;
  /** Name of the object that the rows are of. */
  object: string;
}

const MAX_OFFSET = 2000;

export function rowQuery(query: Query, context: QueryContext): RowQuery {
  const { soql, db } = context;
  const select = new Scope(soql, query.sObject ?? '', 't', query.sObjectAlias);
  const columns = new Columns(select);
  const children: { name: string; read: (parentId: string) => unknown }[] = [];
  for (const field of query.fields ?? []) {
    if (field.type === 'FieldSubquery')
      children.push(childQuery(select, field.subquery.relationshipName, field.subquery, context));
    else columns.add(field, query.limit);
  }
  const filter = new Scope(soql, query.sObject ?? '', 't', query.sObjectAlias);
  const params: Cell[] = [];
  const rest = clauses(filter, query, params, context);
  const positionsSql = `SELECT t.seq FROM ${filter.from} ${filter.joins} ${rest}`;
  const pageSql = `SELECT ${columns.sql} FROM json_each(?) page CROSS JOIN ${select.from} ON t.seq = page.value ${select.joins} ORDER BY page.key`;
  return {
    positions: () =>
      db
        .arrays(positionsSql)(...params)
        .map((row) => Number(row[0])),
    page: (positions) =>
      db
        .arrays(pageSql)(JSON.stringify(positions))
        .map((row) => {
          const record = columns.record(row, context.base);
          for (const child of children) record[child.name] = child.read(String(row[0]));
          return record;
        }),
    header: columns.header,
    csvPage: (positions) =>
      db
        .arrays(pageSql)(JSON.stringify(positions))
        .map((row) => columns.csvCells(row)),
    hasChildren: children.length > 0,
    object: select.object.name,
  };
}

/** WHERE, ORDER BY, LIMIT and OFFSET of a query; the scope collects the joins that they need. */
function clauses(scope: Scope, query: QueryBase, params: Cell[], context: QueryContext, also?: string): string {
  const conditions = [also, whereSql(scope, query, params, context)].filter((part) => part);
  const order = orderBy(scope, query.orderBy).concat(`${scope.alias}.seq`);
  return [
    conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '',
    `ORDER BY ${order.join(', ')}`,
    limitSql(scope.soql, query),
  ].join(' ');
}

export function whereSql(scope: Scope, query: QueryBase, params: Cell[], context: QueryContext): string {
  const live = context.withDeleted ? [] : [`${scope.alias}."IsDeleted" = 0`];
  if (query.where) {
    const semiJoin = (inner: Query, into: Cell[]) => semiJoinSql(inner, into, context, `${scope.alias}s`);
    live.push(new WhereCompiler(scope, params, context.now, semiJoin).compile(query.where));
  }
  return live.join(' AND ');
}

export function limitSql(soql: string, query: QueryBase): string {
  if (query.offset !== undefined && query.offset > MAX_OFFSET) {
    const message = `Maximum SOQL offset allowed is ${MAX_OFFSET}`;
    throw queryError(soql, String(query.offset), 'NUMBER_OUTSIDE_VALID_RANGE', message);
  }
  if (query.limit === undefined && query.offset === undefined) return '';
  return `LIMIT ${query.limit ?? -1} OFFSET ${query.offset ?? 0}`;
}

function semiJoinSql(query: Query, params: Cell[], context: QueryContext, alias: string): string {
  const [only] = query.fields ?? [];
  if (query.fields?.length !== 1 || (only?.type !== 'Field' && only?.type !== 'FieldRelationship')) {
    throw malformedQuery('semi join sub-selects can only query one field');
  }
  const scope = new Scope(context.soql, query.sObject ?? '', alias, query.sObjectAlias);
  const { sql, field } = scope.resolve(writtenName(only));
  if (field.type !== 'id' && field.type !== 'reference') {
    throw new ApiError(
      400,
      'MALFORMED_QUERY',
      `The inner select field '${field.name}' cannot have more than one level of relationships and must be an ID`,
    );
  }
  const where = whereSql(scope, query, params, context);
  return `SELECT ${sql} FROM ${scope.from} ${scope.joins} WHERE ${sql} IS NOT NULL${where ? ` AND ${where}` : ''}`;
}

function childQuery(parent: Scope, relationship: string, query: QueryBase, context: QueryContext) {
  const wanted = relationship.toLowerCase();
  const found = childRelationships(parent.object).find((child) => child.name?.toLowerCase() === wanted);
  if (!found?.name) {
    throw queryError(
      context.soql,
      relationship,
      'INVALID_TYPE',
      `Didn't understand relationship '${relationship}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  }
  const scope = new Scope(context.soql, found.child.name, 'c', query.sObjectAlias);
  const columns = new Columns(scope);
  for (const field of query.fields ?? []) {
    if (field.type === 'FieldSubquery') throw malformedQuery('SOQL relationship subqueries cannot be nested here');
    columns.add(field, query.limit);
  }
  const params: Cell[] = [];
  const rest = clauses(scope, query, params, context, `c."${found.field.name}" = ?`);
  const run = context.db.arrays(`SELECT ${columns.sql} FROM ${scope.from} ${scope.joins} ${rest}`);
  const read = (parentId: string) => {
    const records = run(parentId, ...params).map((row) => columns.record(row, context.base));
    return records.length === 0 ? null : { totalSize: records.length, done: true, records };
  };
  return { name: found.name, read };
}

function orderBy(scope: Scope, clause: OrderByClause | OrderByClause[] | undefined): string[] {
  const list = clause === undefined ? [] : Array.isArray(clause) ? clause : [clause];
  return list.map((order) => {
    if ('fn' in order) return direction(functionExpression(scope, order.fn).sql, order);
    const { field, sql } = scope.resolve(order.field);
    if (!field.filterable) {
      throw queryError(
        scope.soql,
        order.field,
        'INVALID_FIELD',
        `field '${field.name}' can not be sorted in a query call`,
      );
    }
    return direction(sql, order);
  });
}

/** Empty fields come first unless the query says otherwise, in both directions. */
export function direction(sql: string, order: { order?: 'ASC' | 'DESC'; nulls?: 'FIRST' | 'LAST' }): string {
  return `${sql} ${order.order ?? 'ASC'} NULLS ${order.nulls ?? 'FIRST'}`;
}
