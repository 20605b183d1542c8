import type { Row } from '../database.ts';
import { type ApiReply, type ApiRequest, type ApiRoute, created, noContent, ok, route } from './api-request.ts';
import { describeGlobal, describeObject, summary } from './describe.ts';
import { ApiError, noSuchObject, RecordError } from './errors.ts';
import type { Field, SObject } from './object-model.ts';
import type { Values } from './records.ts';
import { findField, findObject } from './schema.ts';
import { attributes, output } from './soql-columns.ts';

/** `/sobjects`: describe, and single rows by id or by external id. */
export const sobjectRoutes: ApiRoute[] = [
  route('GET', '/sobjects', 'describe global', ({ base }) => ok(describeGlobal(base))),
  route('GET', '/sobjects/:object', 'sobject info', ({ base }, { object }) =>
    ok({ objectDescribe: summary(objectNamed(object), base), recentItems: [] }),
  ),
  route('GET', '/sobjects/:object/describe', 'describe', ({ base }, { object }) =>
    ok(describeObject(objectNamed(object), base)),
  ),
  route('POST', '/sobjects/:object', 'sobjects create', createRow),
  route('GET', '/sobjects/:object/:id', 'sobjects read', (request, { object, id = '' }) => {
    const target = objectNamed(object);
    return readRow(request, target, liveRow(request, target, id));
  }),
  route('PATCH', '/sobjects/:object/:id', 'sobjects update', updateRow),
  route('DELETE', '/sobjects/:object/:id', 'sobjects delete', deleteRow),
  route('GET', '/sobjects/:object/:field/:value', 'sobjects read by external id', readByField),
  route('PATCH', '/sobjects/:object/:field/:value', 'sobjects upsert', upsertRow),
  route('DELETE', '/sobjects/:object/:field/:value', 'sobjects delete by external id', deleteByField),
];

/** @throws ApiError NOT_FOUND */
export function objectNamed(name: string | undefined): SObject {
  const object = name === undefined ? undefined : findObject(name);
  if (!object) throw noSuchObject(name ?? '');
  return object;
}

/** The body as the values of a record. @throws ApiError JSON_PARSER_ERROR */
export function valuesOf(body: unknown): Values {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Values;
  throw new ApiError(400, 'JSON_PARSER_ERROR', 'The request body must be a JSON object with the fields of the record');
}

/** Runs the write of one record so that its failure is the answer to the whole request. */
function single<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof RecordError ? error.asApiError() : error;
  }
}

/** A field that a record may be found by. @throws ApiError NOT_FOUND */
export function lookupField(object: SObject, name: string): Field {
  const field = findField(object, name);
  if (!field || !(field.idLookup || field.type === 'id')) {
    throw new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`);
  }
  return field;
}

/** All fields of a row, or those asked for, as a record. */
export function recordOf(object: SObject, row: Row, base: string, names?: readonly string[]) {
  const fields = names ? names.map((name) => readableField(object, name)) : object.fields;
  return {
    attributes: attributes(object, String(row.Id), base),
    ...Object.fromEntries(fields.map((field) => [field.name, output(row[field.name] ?? null, field.type)])),
    ...(names ? { Id: row.Id } : {}),
  };
}

function readableField(object: SObject, name: string): Field {
  const field = findField(object, name.trim());
  if (field) return field;
  throw new ApiError(
    400,
    'INVALID_FIELD',
    `No such column '${name}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

function createRow({ org, body, userId }: ApiRequest, { object }: Record<string, string>): ApiReply {
  const target = objectNamed(object);
  refuseReadOnly(target);
  const values = valuesOf(body);
  refuseInBody(values, 'Id');
  const id = single(() => org.records.create(target, values, userId));
  return created({ id, success: true, errors: [] });
}

function updateRow({ org, body, userId }: ApiRequest, { object, id = '' }: Record<string, string>): ApiReply {
  const target = objectNamed(object);
  refuseReadOnly(target);
  const values = valuesOf(body);
  refuseInBody(values, 'Id');
  single(() => org.records.update(target, id, values, userId));
  return noContent;
}

function deleteRow({ org, userId }: ApiRequest, { object, id = '' }: Record<string, string>): ApiReply {
  const target = objectNamed(object);
  refuseReadOnly(target);
  single(() => org.records.delete(target, id, userId));
  return noContent;
}

function readByField(request: ApiRequest, { object, field = '', value = '' }: Record<string, string>): ApiReply {
  const target = objectNamed(object);
  const rows = request.org.records.byField(target, lookupField(target, field), value);
  const [row] = rows;
  if (!row) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  return rows.length > 1 ? severalMatches(request, target, rows) : readRow(request, target, row);
}

function upsertRow(request: ApiRequest, { object, field: name = '', value = '' }: Record<string, string>): ApiReply {
  const { org, userId, query } = request;
  const target = objectNamed(object);
  refuseReadOnly(target);
  const field = lookupField(target, name);
  const values = valuesOf(request.body);
  refuseInBody(values, field.name);
  if (field.type === 'id') return updateRow(request, { object: target.name, id: value });
  refuseInBody(values, 'Id');
  const rows = org.records.byField(target, field, value);
  if (rows.length > 1) return severalMatches(request, target, rows);
  const id = rows[0]?.Id;
  if (typeof id === 'string') {
    single(() => org.records.update(target, id, values, userId));
    return ok({ id, success: true, errors: [], created: false });
  }
  if (query.get('updateOnly') === 'true') throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  const made = single(() => org.records.create(target, { ...values, [field.name]: value }, userId));
  return created({ id: made, success: true, errors: [], created: true });
}

function deleteByField(request: ApiRequest, { object, field = '', value = '' }: Record<string, string>): ApiReply {
  const target = objectNamed(object);
  const [row] = request.org.records.byField(target, lookupField(target, field), value);
  if (!row) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  return deleteRow(request, { object: target.name, id: String(row.Id) });
}

/** Several records have this value: Salesforce answers 300 with their addresses and changes none. */
function severalMatches({ base }: ApiRequest, object: SObject, rows: Row[]): ApiReply {
  return { status: 300, body: rows.map((row) => `${base}/sobjects/${object.name}/${row.Id}`) };
}

function liveRow({ org }: ApiRequest, object: SObject, id: string): Row {
  const row = org.records.byId(object, id);
  if (!row) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  if (row.IsDeleted === 1) throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  return row;
}

function readRow({ base, query }: ApiRequest, object: SObject, row: Row): ApiReply {
  const names = query.get('fields')?.split(',');
  return ok(recordOf(object, row, base, names));
}

function refuseInBody(values: Values, name: string): void {
  if (Object.keys(values).some((key) => key.toLowerCase() === name.toLowerCase())) {
    throw new ApiError(400, 'INVALID_FIELD', `The ${name} field should not be specified in the sobject data.`);
  }
}

export function refuseReadOnly(object: SObject): void {
  if (!object.createable) {
    throw new ApiError(
      400,
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      `entity type ${object.name} can only be read in the practice org`,
    );
  }
}
