import { RecordError } from './errors.ts';
import { normalizeId } from './ids.ts';
import type { Field, SObject } from './object-model.ts';
import type { Org } from './org.ts';
import type { Values } from './records.ts';

interface Written {
  id: string;
  created?: boolean;
}

export type SaveResult =
  | ({ success: true; errors: [] } & Written)
  | { success: false; errors: { statusCode: string; message: string; fields: string[] }[] };

/** What a call that writes many records does with each of them. */
export interface SaveMany {
  org: Org;
  userId: string;
  operation: 'insert' | 'update' | 'upsert' | 'delete';
  /** The field that upserts match on. */
  key?: Field;
}

/** Keys that come more than once among records written together: Salesforce refuses all who share one. */
export function repeatedKeys(save: SaveMany, records: readonly Values[]): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const values of records) {
    const key = keyOf(save, values);
    if (key === '') continue;
    if (seen.has(key)) repeated.add(key);
    seen.add(key);
  }
  return repeated;
}

/** Writes one record in a savepoint of its own, so that its failure leaves the others alone. */
export function saveRecord(save: SaveMany, object: SObject, values: Values, repeated: ReadonlySet<string>): SaveResult {
  return saving(save.org, () => {
    if (repeated.has(keyOf(save, values))) throw repeatedKey(save, values);
    return write(save, object, values);
  });
}

function saving(org: Org, act: () => Written): SaveResult {
  try {
    return { ...org.transaction(act), success: true, errors: [] };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { success: false, errors: [{ statusCode: error.statusCode, message: error.message, fields: error.fields }] };
  }
}

function write({ org, userId, operation, key }: SaveMany, object: SObject, values: Values): Written {
  const id = String(givenValue(values, 'Id') ?? '');
  const { records } = org;
  switch (operation) {
    case 'insert':
      if (id) throw new RecordError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
      return { id: records.create(object, values, userId), created: true };
    case 'update':
      if (!id) throw new RecordError('MISSING_ARGUMENT', 'Id not specified in an update call', ['Id']);
      records.update(object, id, values, userId);
      return { id: normalizeId(id) ?? id };
    case 'delete':
      records.delete(object, id, userId);
      return { id: normalizeId(id) ?? id };
    case 'upsert':
      return upsert(org, userId, object, key, values);
  }
}

function upsert(org: Org, userId: string, object: SObject, key: Field | undefined, values: Values): Written {
  if (!key) throw new RecordError('MISSING_ARGUMENT', 'No external id field is named');
  const value = String(givenValue(values, key.name) ?? '').trim();
  if (key.type !== 'id' && value === '') throw new RecordError('MISSING_ARGUMENT', `${key.name} not specified`);
  const id = key.type === 'id' ? value : matchOf(org, object, key, value);
  if (id === '') return { id: org.records.create(object, values, userId), created: true };
  const rest = Object.entries(values).filter(([name]) => name.toLowerCase() !== key.name.toLowerCase());
  org.records.update(object, id, Object.fromEntries(rest), userId);
  return { id: normalizeId(id) ?? id, created: false };
}

/** The id of the one record with this external id; empty where there is none. */
function matchOf(org: Org, object: SObject, key: Field, value: string): string {
  const rows = org.records.byField(object, key, value);
  if (rows.length > 1) {
    const ids = rows.map((row) => row.Id).join(', ');
    const message = `${key.name}: more than one record found for external id field: [${ids}]`;
    throw new RecordError('DUPLICATE_EXTERNAL_ID', message, [key.name]);
  }
  return String(rows[0]?.Id ?? '');
}

function keyOf({ operation, key }: SaveMany, values: Values): string {
  if (operation === 'insert') return '';
  const value = String(givenValue(values, operation === 'upsert' && key ? key.name : 'Id') ?? '').trim();
  return normalizeId(value) ?? value.toLowerCase();
}

function repeatedKey({ operation, key }: SaveMany, values: Values): RecordError {
  const name = operation === 'upsert' && key ? key.name : 'Id';
  const label = name === 'Id' ? 'duplicate id specified' : 'Duplicate external id specified';
  return new RecordError('DUPLICATE_VALUE', `${label}: ${givenValue(values, name)}`, [name]);
}

function givenValue(values: Values, name: string): unknown {
  const key = Object.keys(values).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : values[key];
}
