import type { Cell } from '../database.ts';
import type { SObject } from './object-model.ts';
import type { Org } from './org.ts';
import type { Values } from './records.ts';
import { allObjects, findObject, tableOf } from './schema.ts';
import { output } from './soql-columns.ts';

export interface BrowsedObject {
  name: string;
  label: string;
  labelPlural: string;
  count: number;
  /** False where the practice org only lets records be read. */
  editable: boolean;
}

export interface BrowsedField {
  name: string;
  label: string;
  type: string;
  required: boolean;
  editable: boolean;
  options: readonly string[];
  referenceTo: readonly string[];
}

export type BrowsedRecord = Record<string, unknown>;

const SEARCHED = ['Name', 'Subject', 'Email', 'Username', 'CaseNumber', 'Company', 'Ext_Id__c', 'Id'];

/** The org's records as the Practice screen sees them: lists with search, and edits under the same rules as the API. */
export class RecordBrowser {
  readonly #org: Org;

  constructor(org: Org) {
    this.#org = org;
  }

  objects(): BrowsedObject[] {
    return allObjects().map((object) => ({
      name: object.name,
      label: object.label,
      labelPlural: object.labelPlural,
      count: this.#count(object, '', []),
      editable: object.createable,
    }));
  }

  fields(name: string): BrowsedField[] | undefined {
    return findObject(name)?.fields.map((field) => ({
      name: field.name,
      label: field.label,
      type: field.type,
      required: field.required,
      editable: field.updateable,
      options: field.picklist,
      referenceTo: field.referenceTo,
    }));
  }

  /** Live records, newest first; `search` looks into names, emails, external ids and ids. */
  list(
    name: string,
    page: { offset?: number; limit?: number; search?: string } = {},
  ): { records: BrowsedRecord[]; total: number } | undefined {
    const object = findObject(name);
    if (!object) return undefined;
    const searched = object.fields.filter((field) => SEARCHED.includes(field.name));
    const term = page.search?.trim();
    const condition = term ? `AND (${searched.map((field) => `"${field.name}" LIKE ? ESCAPE '\\'`).join(' OR ')})` : '';
    const params = term ? searched.map(() => `%${term.replace(/[%_\\]/g, '\\$&')}%`) : [];
    const rows = this.#org.db.all(
      `SELECT * FROM ${tableOf(object)} WHERE "IsDeleted" = 0 ${condition} ORDER BY seq DESC LIMIT ? OFFSET ?`,
      ...params,
      page.limit ?? 50,
      page.offset ?? 0,
    );
    return { records: rows.map((row) => this.#shown(object, row)), total: this.#count(object, condition, params) };
  }

  read(name: string, id: string): BrowsedRecord | undefined {
    const object = findObject(name);
    const row = object && this.#org.records.byId(object, id);
    return object && row && row.IsDeleted !== 1 ? this.#shown(object, row) : undefined;
  }

  /** @throws RecordError or ApiError with Salesforce's reason; so do the other two */
  create(name: string, values: Values): BrowsedRecord | undefined {
    const object = findObject(name);
    if (!object?.createable) return undefined;
    const id = this.#org.db.transaction(() => this.#org.records.create(object, values, this.#org.userId));
    return this.read(name, id);
  }

  edit(name: string, id: string, values: Values): BrowsedRecord | undefined {
    const object = findObject(name);
    if (!object?.createable || !this.read(name, id)) return undefined;
    this.#org.db.transaction(() => this.#org.records.update(object, id, values, this.#org.userId));
    return this.read(name, id);
  }

  /** @returns false where there is no such record */
  delete(name: string, id: string): boolean {
    const object = findObject(name);
    if (!object?.createable || !this.read(name, id)) return false;
    this.#org.db.transaction(() => this.#org.records.delete(object, id, this.#org.userId));
    return true;
  }

  #count(object: SObject, condition: string, params: string[]): number {
    const row = this.#org.db.get(
      `SELECT COUNT(*) AS n FROM ${tableOf(object)} WHERE "IsDeleted" = 0 ${condition}`,
      ...params,
    );
    return Number(row?.n ?? 0);
  }

  #shown(object: SObject, row: Record<string, Cell>): BrowsedRecord {
    return Object.fromEntries(object.fields.map((field) => [field.name, output(row[field.name] ?? null, field.type)]));
  }
}
