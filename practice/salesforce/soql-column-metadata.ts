import type { FieldType as ParsedField, Query } from 'soql-parser-js';
import { childRelationships, isNumber, isText } from './schema.ts';
import { isBareCount } from './soql-aggregate.ts';
import { aliasOf, writtenName } from './soql-columns.ts';
import { Scope } from './soql-scope.ts';

export interface ColumnMetadata {
  columnName: string;
  displayName: string;
  /** True for aggregate functions and for child sub-selects. */
  aggregate: boolean;
  /** The columns behind a relationship or in a sub-select. */
  joinColumns: ColumnMetadata[];
  [more: string]: unknown;
}

/** What `columns=true` asks for instead of records: the shape of a query's result. `sf data query` lays its table out by it. */
export function columnMetadata(
  query: Query,
  soql: string,
): { columnMetadata: ColumnMetadata[]; entityName: string; groupBy: boolean } {
  const scope = new Scope(soql, query.sObject ?? '', 't', query.sObjectAlias);
  const columns = isBareCount(query) ? [] : columnsOf(scope, query.fields ?? []);
  return { columnMetadata: columns, entityName: scope.object.name, groupBy: query.groupBy !== undefined };
}

function columnsOf(scope: Scope, fields: readonly ParsedField[]): ColumnMetadata[] {
  let unnamed = 0;
  return fields.flatMap((field) => {
    if (field.type === 'FieldSubquery')
      return subselect(scope, field.subquery.relationshipName, field.subquery.fields ?? []);
    if (field.type === 'FieldTypeof') return [];
    if (field.type !== 'FieldFunctionExpression') return [plain(scope, writtenName(field), aliasOf(field))];
    const [first] = field.parameters;
    if (field.functionName.toUpperCase() === 'FIELDS') return allFields(scope, String(first).toUpperCase());
    if (field.isAggregateFn !== true && typeof first === 'string') return [plain(scope, first, field.alias)];
    const name = field.alias ?? `expr${unnamed++}`;
    const shown = field.alias ?? `${field.functionName.toLowerCase()}(${String(first ?? '')})`;
    return [
      { columnName: name, displayName: shown, aggregate: true, joinColumns: [], numberType: true, textType: false },
    ];
  });
}

function plain(scope: Scope, written: string, alias: string | undefined): ColumnMetadata {
  const { field, path } = scope.resolve(written);
  const own: ColumnMetadata = {
    columnName: alias ?? field.name,
    displayName: alias ?? field.name,
    aggregate: false,
    joinColumns: [],
    apexType: field.type,
    booleanType: field.type === 'boolean',
    numberType: isNumber(field.type),
    textType: isText(field.type),
    custom: field.name.endsWith('__c'),
    insertable: field.createable,
    updatable: field.updateable,
    foreignKeyName: field.relationshipName,
  };
  return path.reduceRight(join, own);
}

function join(inner: ColumnMetadata, relationship: string): ColumnMetadata {
  return { columnName: relationship, displayName: relationship, aggregate: false, joinColumns: [inner] };
}

function subselect(scope: Scope, relationship: string, fields: readonly ParsedField[]): ColumnMetadata[] {
  const found = childRelationships(scope.object).find(
    (child) => child.name?.toLowerCase() === relationship.toLowerCase(),
  );
  if (!found?.name) return [];
  const joinColumns = columnsOf(new Scope(scope.soql, found.child.name, 'c'), fields);
  return [{ columnName: found.name, displayName: found.name, aggregate: true, joinColumns }];
}

function allFields(scope: Scope, group: string): ColumnMetadata[] {
  return scope.object.fields
    .filter((field) => group === 'ALL' || (group === 'CUSTOM') === field.name.endsWith('__c'))
    .map((field) => plain(scope, field.name, undefined));
}
