import { type ApiReply, type ApiRequest, type ApiRoute, ok, route } from './api-request.ts';
import { ApiError, RecordError } from './errors.ts';
import { normalizeId } from './ids.ts';
import type { Field, SObject } from './object-model.ts';
import type { Values } from './records.ts';
import { objectOfId } from './schema.ts';
import { lookupField, objectNamed, recordOf, refuseReadOnly, valuesOf } from './sobjects.ts';

const MOST_RECORDS = 200;
const MOST_READ = 2000;

/** `/composite/sobjects`: up to 200 records a call, each with its own result, in order. */
export const collectionRoutes: ApiRoute[] = [
  route('POST', '/composite/sobjects', 'composite/sobjects create', (request) =>
    write(request, (values) => {
      const object = typeOf(values);
      if (givenValue(values, 'Id'))
        throw new RecordError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
      return { id: request.org.records.create(object, values, request.userId) };
    }),
  ),
  route('PATCH', '/composite/sobjects', 'composite/sobjects update', (request) => {
    const repeated = repeatedValues(request, (values) => normalizeId(String(givenValue(values, 'Id') ?? '')));
    return write(request, (values) => {
      const object = typeOf(values);
      const id = givenValue(values, 'Id');
      if (!id) throw new RecordError('MISSING_ARGUMENT', 'Id not specified in an update call', ['Id']);
      if (repeated.has(normalizeId(String(id)) ?? ''))
        throw new RecordError('DUPLICATE_VALUE', `duplicate id specified: ${id}`, ['Id']);
      request.org.records.update(object, String(id), values, request.userId);
      return { id: normalizeId(String(id)) };
    });
  }),
  route('DELETE', '/composite/sobjects', 'composite/sobjects delete', deleteMany),
  route('PATCH', '/composite/sobjects/:object/:field', 'composite/sobjects upsert', upsertMany),
  route('GET', '/composite/sobjects/:object', 'composite/sobjects read', (request, { object }) =>
    readMany(request, objectNamed(object), list(request.query.get('ids')), list(request.query.get('fields'))),
  ),
  route('POST', '/composite/sobjects/:object', 'composite/sobjects read', (request, { object }) => {
    const { ids, fields } = valuesOf(request.body);
    return readMany(request, objectNamed(object), strings(ids), strings(fields));
  }),
];

type Written = { id: string | undefined; created?: boolean };

type SaveResult =
  | ({ success: true; errors: [] } & Written)
  | { success: false; errors: { statusCode: string; message: string; fields: string[] }[]; id?: string };

function upsertMany(request: ApiRequest, { object: name, field: fieldName = '' }: Record<string, string>): ApiReply {
  const { org, userId } = request;
  const object = objectNamed(name);
  refuseReadOnly(object);
  const field = lookupField(object, fieldName);
  const keyOf = (values: Values) => String(givenValue(values, field.name) ?? '').trim();
  const repeated = repeatedValues(request, (values) => keyOf(values).toLowerCase());
  return write(request, (values) => {
    typeOf(values, object);
    const key = keyOf(values);
    if (field.type !== 'id' && key === '') {
      throw new RecordError('MISSING_ARGUMENT', `${field.name} not specified`, []);
    }
    if (key !== '' && repeated.has(key.toLowerCase())) {
      throw new RecordError('DUPLICATE_VALUE', `Duplicate external id specified: ${key}`, [field.name]);
    }
    const id = existingId(request, object, field, key);
    if (id === undefined) return { id: org.records.create(object, values, userId), created: true };
    org.records.update(object, id, without(values, field.name), userId);
    return { id, created: false };
  });
}

function existingId({ org }: ApiRequest, object: SObject, field: Field, key: string): string | undefined {
  if (field.type === 'id') return key === '' ? undefined : key;
  const rows = org.records.byField(object, field, key);
  if (rows.length > 1) {
    throw new RecordError(
      'DUPLICATE_EXTERNAL_ID',
      `${field.name}: more than one record found for external id field: [${rows.map((row) => row.Id).join(', ')}]`,
      [field.name],
    );
  }
  return typeof rows[0]?.Id === 'string' ? rows[0].Id : undefined;
}

function deleteMany(request: ApiRequest): ApiReply {
  const ids = list(request.query.get('ids'));
  refuseTooMany(ids.length);
  const results = saveAll(request, ids, request.query.get('allOrNone') === 'true', (id) => {
    const object = objectOfId(id);
    if (!object) throw new RecordError('MALFORMED_ID', `malformed id ${id}`);
    request.org.records.delete(object, id, request.userId);
    return { id: normalizeId(id) };
  });
  return ok(results);
}

function write(request: ApiRequest, act: (values: Values) => Written): ApiReply {
  const { allOrNone } = valuesOf(request.body);
  return ok(saveAll(request, recordsOf(request), allOrNone === true, act));
}

/** Writes each item in a savepoint of its own; with `allOrNone` one failure takes all of them back. */
function saveAll<T>(
  request: ApiRequest,
  items: readonly T[],
  allOrNone: boolean,
  act: (item: T) => Written,
): SaveResult[] {
  const { records, db } = request.org;
  const before = records.written;
  const results: SaveResult[] = [];
  const undo = new Error('all or none');
  try {
    db.transaction(() => {
      for (const item of items) results.push(saveOne(request, item, act));
      if (allOrNone && results.some((result) => !result.success)) throw undo;
    });
    return results;
  } catch (error) {
    if (error !== undo) throw error;
    records.written = before;
    return results.map((result) => (result.success ? rolledBack() : result));
  }
}

function saveOne<T>({ org }: ApiRequest, item: T, act: (item: T) => Written): SaveResult {
  try {
    return { ...org.db.transaction(() => act(item)), success: true, errors: [] };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { success: false, errors: [{ statusCode: error.statusCode, message: error.message, fields: error.fields }] };
  }
}

function rolledBack(): SaveResult {
  const message = 'Record rolled back because not all records were valid and the request was using AllOrNone header';
  return { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message, fields: [] }] };
}

function readMany({ org, base }: ApiRequest, object: SObject, ids: string[], fields: string[]): ApiReply {
  if (ids.length > MOST_READ) refuseTooMany(ids.length, MOST_READ);
  return ok(
    ids.map((id) => {
      const row = org.records.byId(object, id);
      return row && row.IsDeleted !== 1 ? recordOf(object, row, base, fields) : null;
    }),
  );
}

function recordsOf(request: ApiRequest): Values[] {
  const { records } = valuesOf(request.body);
  if (!Array.isArray(records)) {
    throw new ApiError(
      400,
      'JSON_PARSER_ERROR',
      'The request body must hold a list of records: { "records": [ ... ] }',
    );
  }
  refuseTooMany(records.length);
  return records.map(valuesOf);
}

function refuseTooMany(count: number, most = MOST_RECORDS): void {
  if (count <= most) return;
  throw new ApiError(
    400,
    'EXCEEDED_ID_LIMIT',
    `record limit reached. cannot submit more than ${most} records into this call`,
  );
}

/** @throws ApiError where a record does not say of what type it is, or of another one than the address does */
function typeOf(values: Values, wanted?: SObject): SObject {
  const { type } = (values.attributes ?? {}) as { type?: unknown };
  if (typeof type !== 'string') {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      'Entity type must be specified in attributes of each record: { "attributes": { "type": "Account" } }',
    );
  }
  const object = objectNamed(type);
  if (wanted && object !== wanted) {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      `Records must be of type ${wanted.name}, but one is of type ${object.name}`,
    );
  }
  refuseReadOnly(object);
  return object;
}

function repeatedValues(request: ApiRequest, keyOf: (values: Values) => string | undefined): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const values of recordsOf(request)) {
    const key = keyOf(values);
    if (!key) continue;
    if (seen.has(key)) repeated.add(key);
    seen.add(key);
  }
  return repeated;
}

function givenValue(values: Values, name: string): unknown {
  const key = Object.keys(values).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : values[key];
}

function without(values: Values, name: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key.toLowerCase() !== name.toLowerCase()));
}

function list(text: string | null): string[] {
  return text ? text.split(',').map((part) => part.trim()) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
