import type { Field, FieldType, SObject } from './object-model.ts';
import { OBJECTS } from './objects.ts';

export interface ChildRelationship {
  name: string | null;
  child: SObject;
  field: Field;
}

const objects = new Map<string, SObject>(OBJECTS.map((object) => [object.name.toLowerCase(), object]));
const fieldsByObject = new Map(
  OBJECTS.map((object) => [object.name, new Map(object.fields.map((field) => [field.name.toLowerCase(), field]))]),
);

export function allObjects(): readonly SObject[] {
  return OBJECTS;
}

export function findObject(name: string): SObject | undefined {
  return objects.get(name.toLowerCase());
}

export function objectOfId(id: string): SObject | undefined {
  return OBJECTS.find((object) => object.keyPrefix === id.slice(0, 3));
}

export function findField(object: SObject, name: string): Field | undefined {
  return fieldsByObject.get(object.name)?.get(name.toLowerCase());
}

/** The reference field that a relationship name (`Account`, `Owner`) goes through. */
export function findRelationship(object: SObject, name: string): Field | undefined {
  const wanted = name.toLowerCase();
  return object.fields.find((field) => field.relationshipName?.toLowerCase() === wanted);
}

export function childRelationships(parent: SObject): ChildRelationship[] {
  return OBJECTS.flatMap((child) =>
    child.fields
      .filter((field) => field.referenceTo.includes(parent.name))
      .map((field) => ({ name: field.childRelationship, child, field })),
  );
}

export function isText(type: FieldType): boolean {
  return ['string', 'textarea', 'email', 'phone', 'url', 'picklist'].includes(type);
}

export function isNumber(type: FieldType): boolean {
  return ['int', 'double', 'currency', 'percent'].includes(type);
}

export function tableOf(object: SObject): string {
  return `"sf_${object.name}"`;
}

/** SQL that makes the tables and indexes of every object where they are missing. */
export function createTables(): string {
  return OBJECTS.map((object) => {
    const columns = object.fields.map((field) => `"${field.name}" ${columnType(field.type)}`);
    const indexes = object.fields.flatMap((field) => {
      const name = `"sf_${object.name}_${field.name}"`;
      const on = `ON ${tableOf(object)} ("${field.name}")`;
      if (field.type === 'id') return [`CREATE UNIQUE INDEX IF NOT EXISTS ${name} ${on}`];
      // Records in the recycle bin do not stand in the way of new ones with the same external id.
      if (field.unique) return [`CREATE UNIQUE INDEX IF NOT EXISTS ${name} ${on} WHERE "IsDeleted" = 0`];
      const indexed =
        field.externalId || field.idLookup || field.type === 'reference' || field.name === 'SystemModstamp';
      return indexed ? [`CREATE INDEX IF NOT EXISTS ${name} ${on}`] : [];
    });
    return [
      `CREATE TABLE IF NOT EXISTS ${tableOf(object)} (seq INTEGER PRIMARY KEY AUTOINCREMENT, ${columns.join(', ')})`,
      ...indexes,
    ].join(';\n');
  }).join(';\n');
}

function columnType(type: FieldType): string {
  if (isText(type)) return 'TEXT COLLATE NOCASE';
  if (type === 'boolean' || type === 'int') return 'INTEGER';
  if (isNumber(type)) return 'REAL';
  return 'TEXT';
}
