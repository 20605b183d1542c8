import type { Cell, PracticeDatabase, Row } from '../database.ts';
import { formatDatetime, toCell } from './coerce.ts';
import { derive } from './derived-fields.ts';
import { ApiError, RecordError } from './errors.ts';
import type { FaultState } from './faults.ts';
import { normalizeId, recordId } from './ids.ts';
import type { Field, SObject } from './object-model.ts';
import { childRelationships, findField, findObject, findRelationship, tableOf } from './schema.ts';

export type Values = Record<string, unknown>;

/** The record rows: created, changed and deleted under Salesforce's rules, one record a call. */
export class Records {
  readonly db: PracticeDatabase;
  readonly #faults: FaultState;
  readonly #clock: () => number;
  /** Rows created, changed or deleted since it was last read; the request log takes it. */
  written = 0;

  constructor(db: PracticeDatabase, faults: FaultState, clock: () => number) {
    this.db = db;
    this.#faults = faults;
    this.#clock = clock;
  }

  /** The row, whether in the recycle bin or not. */
  byId(object: SObject, id: string): Row | undefined {
    const wanted = normalizeId(id);
    return wanted ? this.db.get(`SELECT * FROM ${tableOf(object)} WHERE "Id" = ?`, wanted) : undefined;
  }

  /** The live rows with this value in an external id (or id lookup) field. */
  byField(object: SObject, field: Field, value: Cell): Row[] {
    return this.db.all(
      `SELECT * FROM ${tableOf(object)} WHERE "${field.name}" = ? AND "IsDeleted" = 0 ORDER BY seq LIMIT 10`,
      value,
    );
  }

  /** @returns the new record's id */
  create(object: SObject, values: Values, userId: string): string {
    const cells = this.#checked(object, values, 'create');
    for (const field of object.fields) {
      if (cells[field.name] !== undefined || field.name === 'Id') continue;
      const preset = typeof field.defaultValue === 'boolean' ? Number(field.defaultValue) : field.defaultValue;
      cells[field.name] = field.name === 'OwnerId' ? userId : preset;
    }
    const missing = object.fields.filter((field) => field.required && field.createable && cells[field.name] === null);
    if (missing.length > 0) throw requiredMissing(missing);
    this.#faults.lockRow(undefined);
    const now = formatDatetime(this.#clock());
    Object.assign(cells, { CreatedDate: now, CreatedById: userId, LastModifiedDate: now, LastModifiedById: userId });
    cells.SystemModstamp = now;
    this.#refuseDuplicates(object, cells, undefined);
    return this.insertRow(object, cells);
  }

  /** Writes a row as given, with the fields that follow from others; the seed uses it too. */
  insertRow(object: SObject, cells: Record<string, Cell>): string {
    const next = this.db.get('SELECT seq FROM sqlite_sequence WHERE name = ?', `sf_${object.name}`);
    const seq = Number(next?.seq ?? 0) + 1;
    const id = recordId(object.keyPrefix, seq);
    const row: Record<string, Cell> = { ...cells, Id: id };
    Object.assign(row, derive(object, row, seq));
    const columns = object.fields.map((field) => field.name);
    this.db.run(
      `INSERT INTO ${tableOf(object)} (seq, ${columns.map((name) => `"${name}"`).join(', ')}) VALUES (?${', ?'.repeat(columns.length)})`,
      seq,
      ...columns.map((name) => row[name] ?? (findField(object, name)?.type === 'boolean' ? 0 : null)),
    );
    this.written++;
    return id;
  }

  update(object: SObject, id: string, values: Values, userId: string): void {
    const row = this.#live(object, id);
    const cells = this.#checked(object, values, 'update');
    const emptied = object.fields.filter((field) => field.required && cells[field.name] === null);
    if (emptied.length > 0) throw requiredMissing(emptied);
    this.#faults.lockRow(String(row.Id));
    this.#refuseDuplicates(object, cells, String(row.Id));
    const now = formatDatetime(this.#clock());
    const changed: Record<string, Cell> = {
      ...cells,
      ...derive(object, { ...row, ...cells }, Number(row.seq), cells),
      LastModifiedDate: now,
      LastModifiedById: userId,
      SystemModstamp: now,
    };
    const names = Object.keys(changed);
    this.db.run(
      `UPDATE ${tableOf(object)} SET ${names.map((name) => `"${name}" = ?`).join(', ')} WHERE seq = ?`,
      ...names.map((name) => changed[name] ?? null),
      Number(row.seq),
    );
    this.written++;
  }

  /** Moves the record, and what goes with it, to the recycle bin. */
  delete(object: SObject, id: string, userId: string): void {
    const row = this.#live(object, id);
    this.#faults.lockRow(String(row.Id));
    this.#recycle(object, String(row.Id), userId);
    this.written++;
  }

  /** @throws RecordError where there is no such record, or it was deleted */
  #live(object: SObject, id: string): Row {
    const wanted = normalizeId(id);
    if (!wanted) throw new RecordError('MALFORMED_ID', `bad id ${id}`, ['Id']);
    if (!wanted.startsWith(object.keyPrefix)) {
      throw new RecordError('MALFORMED_ID', `${object.label} ID: id value of incorrect type: ${id}`, ['Id']);
    }
    const row = this.byId(object, wanted);
    if (!row) throw new RecordError('NOT_FOUND', 'Provided external ID field does not exist or is not accessible: Id');
    if (row.IsDeleted === 1) throw new RecordError('ENTITY_IS_DELETED', 'entity is deleted');
    return row;
  }

  #recycle(object: SObject, id: string, userId: string): void {
    const now = formatDatetime(this.#clock());
    this.db.run(
      `UPDATE ${tableOf(object)} SET "IsDeleted" = 1, "SystemModstamp" = ?, "LastModifiedDate" = ?, "LastModifiedById" = ? WHERE "Id" = ?`,
      now,
      now,
      userId,
      id,
    );
    for (const { child, field } of childRelationships(object)) {
      if (field.onParentDelete === 'cascade') {
        const rows = this.db.all(
          `SELECT "Id" FROM ${tableOf(child)} WHERE "${field.name}" = ? AND "IsDeleted" = 0`,
          id,
        );
        for (const row of rows) this.#recycle(child, String(row.Id), userId);
      } else {
        this.db.run(`UPDATE ${tableOf(child)} SET "${field.name}" = NULL WHERE "${field.name}" = ?`, id);
      }
    }
  }

  /** The cells that a body sets, each checked; parents given by external id become their ids. */
  #checked(object: SObject, values: Values, act: 'create' | 'update'): Record<string, Cell> {
    const cells: Record<string, Cell> = {};
    const refused: string[] = [];
    for (const [name, value] of Object.entries(values)) {
      if (name === 'attributes' || name.toLowerCase() === 'id') continue;
      const relationship = value !== null && typeof value === 'object' ? findRelationship(object, name) : undefined;
      const field = relationship ?? findField(object, name);
      if (!field)
        throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
      if (act === 'create' ? !field.createable : !field.updateable) refused.push(field.name);
      else if (relationship) cells[field.name] = this.#parentId(field, value as Values);
      else cells[field.name] = this.#existing(field, toCell(object.label, field, value));
    }
    if (refused.length > 0) {
      throw new RecordError(
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${refused.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        refused,
      );
    }
    return cells;
  }

  #existing(field: Field, cell: Cell): Cell {
    if (field.type !== 'reference' || typeof cell !== 'string') return cell;
    for (const name of field.referenceTo) {
      const target = findObject(name);
      const row = target && cell.startsWith(target.keyPrefix) ? this.byId(target, cell) : undefined;
      if (row?.IsDeleted === 1) throw new RecordError('ENTITY_IS_DELETED', 'entity is deleted');
      if (row) return cell;
    }
    throw new RecordError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  }

  /** `{ "Account": { "Ext_Id__c": "A-1" } }` names the parent by its external id. */
  #parentId(reference: Field, parent: Values): Cell {
    const keys = Object.keys(parent).filter((key) => key !== 'attributes');
    const attributes = parent.attributes as { type?: unknown } | undefined;
    const typeName = typeof attributes?.type === 'string' ? attributes.type : reference.referenceTo[0];
    const target = typeName === undefined ? undefined : findObject(typeName);
    const key = keys[0];
    if (!target || key === undefined || keys.length !== 1) {
      throw new RecordError('INVALID_FIELD', `Name exactly one external id field for ${reference.relationshipName}`);
    }
    const field = findField(target, key);
    if (!field) throw new ApiError(400, 'INVALID_FIELD', `No such column '${key}' on sobject of type ${target.name}`);
    if (!field.idLookup) {
      throw new RecordError('INVALID_FIELD', `${field.name} is not an External ID or indexed field for ${target.name}`);
    }
    const value = parent[key];
    const rows =
      value === null || value === undefined || value === '' ? [] : this.byField(target, field, String(value));
    if (rows.length > 1) {
      throw new RecordError(
        'DUPLICATE_EXTERNAL_ID',
        `${field.name}: more than one record found for external id field: ${value}`,
      );
    }
    const id = rows[0]?.Id;
    if (typeof id !== 'string') {
      throw new RecordError(
        'INVALID_FIELD',
        `Foreign key external ID: ${String(value).toLowerCase()} not found for field ${field.name} in entity ${target.name}`,
      );
    }
    return id;
  }

  #refuseDuplicates(object: SObject, cells: Record<string, Cell>, ownId: string | undefined): void {
    for (const field of object.fields) {
      const cell = cells[field.name];
      if (!field.unique || cell === null || cell === undefined) continue;
      const other = this.byField(object, field, cell).find((row) => row.Id !== ownId);
      if (other) {
        throw new RecordError(
          'DUPLICATE_VALUE',
          `duplicate value found: ${field.name} duplicates value on record with id: ${String(other.Id).slice(0, 15)}`,
        );
      }
    }
  }
}

function requiredMissing(fields: readonly Field[]): RecordError {
  const names = fields.map((field) => field.name);
  return new RecordError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
}
