import { type ApiReply, type ApiRequest, type ApiRoute, ok, route } from './api-request.ts';
import { ApiError } from './errors.ts';
import { normalizeId } from './ids.ts';
import type { SObject } from './object-model.ts';
import type { Values } from './records.ts';
import { repeatedKeys, type SaveMany, type SaveResult, saveRecord } from './save-records.ts';
import { objectOfId } from './schema.ts';
import { lookupField, objectNamed, recordOf, refuseReadOnly, valuesOf } from './sobjects.ts';

const MOST_RECORDS = 200;
const MOST_READ = 2000;

/** `/composite/sobjects`: up to 200 records a call, each with its own result, in order. */
export const collectionRoutes: ApiRoute[] = [
  route('POST', '/composite/sobjects', 'composite/sobjects create', (request) => writeMany(request, 'insert')),
  route('PATCH', '/composite/sobjects', 'composite/sobjects update', (request) => writeMany(request, 'update')),
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

function writeMany(request: ApiRequest, operation: 'insert' | 'update'): ApiReply {
  const { org, userId } = request;
  const results = saveAll(request, { org, userId, operation }, recordsOf(request), (values) => typeOf(values));
  // Only upserts say whether they created.
  return ok(results.map((result) => ('id' in result ? { id: result.id, success: true, errors: [] } : result)));
}

function upsertMany(request: ApiRequest, { object: name, field = '' }: Record<string, string>): ApiReply {
  const { org, userId } = request;
  const object = objectNamed(name);
  refuseReadOnly(object);
  const key = lookupField(object, field);
  const save: SaveMany = { org, userId, operation: 'upsert', key };
  return ok(saveAll(request, save, recordsOf(request), (values) => typeOf(values, object)));
}

function deleteMany(request: ApiRequest): ApiReply {
  const { org, userId } = request;
  const ids = list(request.query.get('ids'));
  refuseTooMany(ids.length);
  const objects = new Map(ids.map((id) => [id, objectOfId(normalizeId(id) ?? '')]));
  const unknown = ids.find((id) => objects.get(id) === undefined);
  if (unknown !== undefined) throw new ApiError(400, 'MALFORMED_ID', `malformed id ${unknown}`);
  const records = ids.map((Id) => ({ Id }));
  const results = saveAll(request, { org, userId, operation: 'delete' }, records, ({ Id }) => {
    return objects.get(String(Id)) ?? objectNamed(undefined);
  });
  return ok(results);
}

/** Writes each record by itself; with `allOrNone` one failure takes all of them back. */
function saveAll(
  request: ApiRequest,
  save: SaveMany,
  records: Values[],
  objectOf: (values: Values) => SObject,
): SaveResult[] {
  const { org, body, query } = request;
  const allOrNone = (body as { allOrNone?: unknown } | null)?.allOrNone === true || query.get('allOrNone') === 'true';
  const repeated = repeatedKeys(save, records);
  const results: SaveResult[] = [];
  const undo = new Error('all or none');
  try {
    org.transaction(() => {
      for (const values of records) results.push(saveRecord(save, objectOf(values), values, repeated));
      if (allOrNone && results.some((result) => !result.success)) throw undo;
    });
    return results;
  } catch (error) {
    if (error !== undo) throw error;
    return results.map((result) => (result.success ? rolledBack() : result));
  }
}

function rolledBack(): SaveResult {
  const message = 'Record rolled back because not all records were valid and the request was using AllOrNone header';
  return { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message, fields: [] }] };
}

function readMany({ org, base }: ApiRequest, object: SObject, ids: string[], fields: string[]): ApiReply {
  refuseTooMany(ids.length, MOST_READ);
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
  const message = `record limit reached. cannot submit more than ${most} records into this call`;
  throw new ApiError(400, 'EXCEEDED_ID_LIMIT', message);
}

/** @throws ApiError where a record does not say of what type it is, or of another one than the address does */
function typeOf(values: Values, wanted?: SObject): SObject {
  const { type } = (values.attributes ?? {}) as { type?: unknown };
  if (typeof type !== 'string') {
    const message =
      'Entity type must be specified in attributes of each record: { "attributes": { "type": "Account" } }';
    throw new ApiError(400, 'INVALID_INPUT', message);
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

function list(text: string | null): string[] {
  return text ? text.split(',').map((part) => part.trim()) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
