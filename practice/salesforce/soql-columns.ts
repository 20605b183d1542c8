import type { FieldType as ParsedField } from 'soql-parser-js';
import type { Cell } from '../database.ts';
import { malformedQuery } from './errors.ts';
import type { FieldType, SObject } from './object-model.ts';
import { objectOfId } from './schema.ts';
import { queryError } from './soql-position.ts';
import type { Scope } from './soql-scope.ts';

export interface RecordAttributes {
  type: string;
  url?: string;
}
export type OutputRecord = { attributes: RecordAttributes } & Record<string, unknown>;

/** One field of each record: where its cell stands in the SQL row, and where it goes in the record. */
interface Column {
  index: number;
  path: string[];
  name: string;
  type: FieldType;
}

interface Parent {
  index: number;
  path: string[];
  object: SObject | undefined;
}

const PASS_THROUGH = new Set(['TOLABEL', 'FORMAT', 'CONVERTCURRENCY']);
const MOST_WITH_FIELDS = 200;

/** The columns of a row query: what SQL has to select, and how a record is built from an SQL row. */
export class Columns {
  readonly #scope: Scope;
  readonly #sql: string[];
  readonly #columns: Column[] = [];
  readonly #parents: Parent[] = [];

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#sql = [`${scope.alias}."Id"`];
  }

  get sql(): string {
    return this.#sql.join(', ');
  }

  add(parsed: ParsedField, limit: number | undefined): void {
    if (parsed.type === 'FieldFunctionExpression') {
      const name = parsed.functionName.toUpperCase();
      const [first] = parsed.parameters;
      if (name === 'FIELDS') this.#addAll(String(first).toUpperCase(), limit);
      else if (PASS_THROUGH.has(name) && typeof first === 'string') this.#addNamed(first, parsed.alias);
      else throw malformedQuery(`unexpected token: '${parsed.functionName}'`);
      return;
    }
    if (parsed.type === 'FieldTypeof') throw malformedQuery("unexpected token: 'TYPEOF': not supported here");
    if (parsed.type !== 'Field' && parsed.type !== 'FieldRelationship') return;
    const alias = aliasOf(parsed);
    if (alias !== undefined) {
      throw queryError(this.#scope.soql, alias, 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing');
    }
    this.#addNamed(writtenName(parsed));
  }

  record(row: readonly Cell[], base: string): OutputRecord {
    const record: OutputRecord = { attributes: attributes(this.#scope.object, String(row[0]), base) };
    const homes = new Map<string, OutputRecord | null>([['', record]]);
    for (const { index, path, object } of this.#parents) {
      const id = row[index];
      const parent = typeof id === 'string' ? { attributes: parentAttributes(object, id, base) } : null;
      homes.set(path.join('.'), parent);
    }
    for (const column of this.#columns) {
      this.#place(column.path, record, homes);
      const home = homes.get(column.path.join('.'));
      if (home) home[column.name] = output(row[column.index] ?? null, column.type);
    }
    return record;
  }

  /** The names over the columns of a CSV: `Name`, `Account.Name`. */
  get header(): string[] {
    return this.#columns.map(({ path, name }) => [...path, name].join('.'));
  }

  /** The row as the Bulk API writes it: times with a Z, nulls as nothing. */
  csvCells(row: readonly Cell[]): string[] {
    return this.#columns.map(({ index, type }) => {
      const value = output(row[index] ?? null, type);
      if (value === null) return '';
      return type === 'datetime' ? String(value).replace('+0000', 'Z') : String(value);
    });
  }

  /** Hangs the parents of a column into the record at the place where the column first needs them. */
  #place(path: string[], record: OutputRecord, homes: Map<string, OutputRecord | null>): void {
    let home: OutputRecord | null | undefined = record;
    for (const [depth, step] of path.entries()) {
      if (!home) return;
      const parent = homes.get(path.slice(0, depth + 1).join('.')) ?? null;
      home[step] ??= parent;
      home = parent;
    }
  }

  #addNamed(written: string, alias?: string): void {
    const { field, sql, path } = this.#scope.resolve(written);
    if (
      this.#columns.some((known) => known.name === (alias ?? field.name) && known.path.join('.') === path.join('.'))
    ) {
      throw queryError(this.#scope.soql, written, 'INVALID_FIELD', `duplicate field selected: ${written}`);
    }
    for (let depth = 1; depth <= path.length; depth++) this.#addParent(path.slice(0, depth));
    this.#columns.push({ index: this.#sql.length, path, name: alias ?? field.name, type: field.type });
    this.#sql.push(sql);
  }

  #addParent(path: string[]): void {
    if (this.#parents.some((known) => known.path.join('.') === path.join('.'))) return;
    const { sql, object } = this.#scope.parentId(path);
    this.#parents.push({ index: this.#sql.length, path, object });
    this.#sql.push(sql);
  }

  #addAll(group: string, limit: number | undefined): void {
    if (group !== 'STANDARD' && (limit === undefined || limit > MOST_WITH_FIELDS)) {
      throw malformedQuery(`The SOQL FIELDS function must have a LIMIT of at most ${MOST_WITH_FIELDS}`);
    }
    for (const field of this.#scope.object.fields) {
      const custom = field.name.endsWith('__c');
      if (group === 'ALL' || (group === 'CUSTOM') === custom) this.#addNamed(field.name);
    }
  }
}

/** A field as the query writes it: `Name`, `a.Name`, `Account.Owner.Name`. */
export function writtenName(parsed: Extract<ParsedField, { type: 'Field' | 'FieldRelationship' }>): string {
  if (parsed.type === 'FieldRelationship') return parsed.rawValue ?? [...parsed.relationships, parsed.field].join('.');
  return 'rawValue' in parsed && parsed.rawValue ? parsed.rawValue : parsed.field;
}

export function aliasOf(parsed: Extract<ParsedField, { type: 'Field' | 'FieldRelationship' }>): string | undefined {
  return 'alias' in parsed ? parsed.alias : undefined;
}

export function output(cell: Cell, type: FieldType): unknown {
  return type === 'boolean' ? cell === 1 : cell;
}

export function attributes(object: SObject, id: string, base: string): RecordAttributes {
  return { type: object.name, url: `${base}/sobjects/${object.name}/${id}` };
}

/** A parent that may be of several objects is a Name, at the address of what it really is. */
function parentAttributes(object: SObject | undefined, id: string, base: string): RecordAttributes {
  if (object) return attributes(object, id, base);
  const real = objectOfId(id);
  return { type: 'Name', url: `${base}/sobjects/${real?.name ?? 'Name'}/${id}` };
}
