import type { ApiError } from './errors.ts';
import type { Field, SObject } from './object-model.ts';
import { findField, findObject, findRelationship, tableOf } from './schema.ts';
import { queryError } from './soql-position.ts';

/** A field that a query names, with the SQL that reads it. */
export interface ResolvedField {
  field: Field;
  object: SObject;
  sql: string;
  /** Relationship names from the base object to the field, spelled as the schema spells them. */
  path: string[];
}

interface Joined {
  object: SObject;
  alias: string;
  /** Set where the relationship may lead to several objects, of which only Name, Id and Type can be read. */
  polymorphic?: { field: Field; from: string };
}

const MAX_DEPTH = 5;

/**
 * The names that one SELECT can see: its object, and the parents that it reaches through relationships, each
 * of which becomes one LEFT JOIN.
 */
export class Scope {
  readonly soql: string;
  readonly object: SObject;
  readonly alias: string;
  readonly #ownNames: string[];
  readonly #joins = new Map<string, Joined>();
  readonly #joinSql: string[] = [];

  constructor(soql: string, objectName: string, alias: string, soqlAlias?: string) {
    this.soql = soql;
    const object = findObject(objectName);
    if (!object) throw invalidType(soql, objectName);
    this.object = object;
    this.alias = alias;
    this.#ownNames = [objectName.toLowerCase(), ...(soqlAlias ? [soqlAlias.toLowerCase()] : [])];
    this.#joins.set('', { object, alias });
  }

  get from(): string {
    return `${tableOf(this.object)} ${this.alias}`;
  }

  get joins(): string {
    return this.#joinSql.join(' ');
  }

  /** @param name as written: `Name`, `Account.Owner.Name`, or with the object's own name or alias before it */
  resolve(name: string): ResolvedField {
    let parts = name.split('.');
    const first = parts[0]?.toLowerCase() ?? '';
    if (parts.length > 1 && this.#ownNames.includes(first) && !findRelationship(this.object, first))
      parts = parts.slice(1);
    const fieldName = parts.at(-1) ?? '';
    const way = parts.slice(0, -1);
    if (way.length > MAX_DEPTH) {
      throw queryError(
        this.soql,
        name,
        'INVALID_FIELD',
        `Relationship path of '${name}' is longer than ${MAX_DEPTH} levels`,
      );
    }
    let joined = this.#joins.get('');
    const path: string[] = [];
    for (const step of way) {
      if (!joined) break;
      joined = this.#join(joined, step, path, name);
    }
    if (!joined) throw new Error('a scope always holds its own object');
    return joined.polymorphic
      ? this.#polymorphicField(joined.polymorphic, fieldName, path, name)
      : this.#plainField(joined, fieldName, path, name);
  }

  /** The SQL of the id at the end of a relationship path; null there means that there is no such parent. */
  parentId(path: readonly string[]): { sql: string; object: SObject | undefined } {
    const joined = this.#joins.get(path.join('.'));
    if (!joined) throw new Error(`nothing was joined as ${path.join('.')}`);
    const { polymorphic } = joined;
    if (polymorphic) return { sql: `${polymorphic.from}."${polymorphic.field.name}"`, object: undefined };
    return { sql: `${joined.alias}."Id"`, object: joined.object };
  }

  #plainField(joined: Joined, fieldName: string, path: string[], written: string): ResolvedField {
    const field = findField(joined.object, fieldName);
    if (!field) throw noSuchColumn(this.soql, written, fieldName, joined.object.name);
    return { field, object: joined.object, sql: `${joined.alias}."${field.name}"`, path: [...path] };
  }

  #polymorphicField(
    way: { field: Field; from: string },
    fieldName: string,
    path: string[],
    written: string,
  ): ResolvedField {
    const id = `${way.from}."${way.field.name}"`;
    const targets = way.field.referenceTo.flatMap((name) => findObject(name) ?? []);
    const [first] = targets;
    const wanted = fieldName.toLowerCase();
    const like = first && findField(first, wanted === 'id' ? 'Id' : first.nameField);
    if (!first || !like || !['id', 'name', 'type'].includes(wanted)) {
      throw noSuchColumn(this.soql, written, fieldName, 'Name');
    }
    const sql =
      wanted === 'id'
        ? id
        : wanted === 'type'
          ? `CASE substr(${id}, 1, 3) ${targets.map((target) => `WHEN '${target.keyPrefix}' THEN '${target.name}'`).join(' ')} END`
          : `COALESCE(${targets.map((target) => `(SELECT "${target.nameField}" FROM ${tableOf(target)} WHERE "Id" = ${id})`).join(', ')}, NULL)`;
    const name = wanted === 'id' ? 'Id' : wanted === 'type' ? 'Type' : 'Name';
    return { field: { ...like, name }, object: first, sql, path: [...path] };
  }

  #join(from: Joined, step: string, path: string[], written: string): Joined {
    const field = from.polymorphic ? undefined : findRelationship(from.object, step);
    if (!field?.relationshipName) {
      throw queryError(
        this.soql,
        written,
        'INVALID_FIELD',
        `Didn't understand relationship '${step}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
      );
    }
    path.push(field.relationshipName);
    const key = path.join('.');
    const known = this.#joins.get(key);
    if (known) return known;
    const joined = this.#addJoin(from, field);
    this.#joins.set(key, joined);
    return joined;
  }

  #addJoin(from: Joined, field: Field): Joined {
    const alias = `${this.alias}_${this.#joins.size}`;
    const target = findObject(field.referenceTo[0] ?? '');
    if (!target) throw new Error(`${field.name} refers to an object that is not in the schema`);
    if (field.referenceTo.length > 1) return { object: target, alias, polymorphic: { field, from: from.alias } };
    this.#joinSql.push(`LEFT JOIN ${tableOf(target)} ${alias} ON ${alias}."Id" = ${from.alias}."${field.name}"`);
    return { object: target, alias };
  }
}

function noSuchColumn(soql: string, written: string, column: string, object: string): ApiError {
  return queryError(
    soql,
    written,
    'INVALID_FIELD',
    `No such column '${column}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

function invalidType(soql: string, objectName: string): ApiError {
  return queryError(
    soql,
    objectName,
    'INVALID_TYPE',
    `sObject type '${objectName}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}
