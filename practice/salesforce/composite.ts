import { type ApiReply, type ApiRequest, type ApiRoute, ok, route } from './api-request.ts';
import { ApiError, RecordError } from './errors.ts';
import type { Values } from './records.ts';
import { childRelationships } from './schema.ts';
import { objectNamed, valuesOf } from './sobjects.ts';

/** Answers one request; the composite resources call it for each of theirs. */
export type Dispatch = (request: ApiRequest) => ApiReply;

const MOST_SUBREQUESTS = 25;
const MOST_TREE_RECORDS = 200;

/** `/composite`, `/composite/batch` and `/composite/tree`: several requests in one. */
export function compositeRoutes(dispatch: Dispatch): ApiRoute[] {
  return [
    route('GET', '/composite', 'composite info', ({ base }) =>
      ok({ tree: `${base}/composite/tree`, batch: `${base}/composite/batch`, sobjects: `${base}/composite/sobjects` }),
    ),
    route('POST', '/composite', 'composite', (request) => composite(request, dispatch)),
    route('POST', '/composite/batch', 'composite/batch', (request) => batch(request, dispatch)),
    route('POST', '/composite/tree/:object', 'composite/tree', (request, { object }) => tree(request, object)),
  ];
}

interface SubResult {
  referenceId: string;
  httpStatusCode: number;
  body: unknown;
  httpHeaders: Record<string, string>;
}

function composite(request: ApiRequest, dispatch: Dispatch): ApiReply {
  const { allOrNone, compositeRequest } = valuesOf(request.body);
  const parts = subrequests(compositeRequest, 'compositeRequest');
  const results: SubResult[] = [];
  const undo = new Error('all or none');
  const runAll = () => {
    for (const part of parts) {
      const reply = runPart(request, dispatch, fillReferences(part, results) as Values, 'body');
      results.push({
        body: reply.body ?? null,
        httpHeaders: reply.headers ?? {},
        httpStatusCode: reply.status,
        referenceId: String(part.referenceId),
      });
      if (allOrNone === true && reply.status >= 300) throw undo;
    }
  };
  try {
    request.org.transaction(runAll);
  } catch (error) {
    if (error !== undo) throw error;
    return ok({ compositeResponse: halted(parts, results) });
  }
  return ok({ compositeResponse: results });
}

/** After a failure under allOrNone the others are undone, and say so. */
function halted(parts: Values[], results: SubResult[]): SubResult[] {
  const message = 'The transaction was rolled back since another operation in the same transaction failed.';
  return parts.map((part, i) => {
    const result = results[i];
    if (result && result.httpStatusCode >= 300) return result;
    const body = [{ errorCode: 'PROCESSING_HALTED', message }];
    return { body, httpHeaders: {}, httpStatusCode: 400, referenceId: String(part.referenceId) };
  });
}

function batch(request: ApiRequest, dispatch: Dispatch): ApiReply {
  const { haltOnError, batchRequests } = valuesOf(request.body);
  const results: { statusCode: number; result: unknown }[] = [];
  let failed = false;
  for (const part of subrequests(batchRequests, 'batchRequests')) {
    if (failed && haltOnError === true) {
      const message = 'Batch processing halted per request';
      results.push({ statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message }] });
      continue;
    }
    const reply = runPart(request, dispatch, part, 'richInput');
    failed ||= reply.status >= 400;
    results.push({ statusCode: reply.status, result: reply.body ?? null });
  }
  return ok({ hasErrors: failed, results });
}

function runPart(request: ApiRequest, dispatch: Dispatch, part: Values, bodyKey: string): ApiReply {
  const given = String(part.url ?? '');
  const url = new URL(given.startsWith('/') ? given : `/services/data/${given}`, request.org.url || 'http://localhost');
  const match = /^(\/services\/data\/v\d+\.\d)(\/.*)?$/.exec(url.pathname);
  if (!match)
    return { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] };
  return dispatch({
    ...request,
    method: String(part.method ?? 'GET').toUpperCase(),
    base: match[1] ?? request.base,
    path: match[2] ?? '/',
    query: url.searchParams,
    body: part[bodyKey],
  });
}

/** Puts the answers of earlier parts where `@{referenceId.path}` stands. */
function fillReferences(value: unknown, results: readonly SubResult[]): unknown {
  if (typeof value === 'string') {
    return value.replace(/@\{([^}.[]+)([^}]*)\}/g, (_whole, referenceId: string, path: string) => {
      const result = results.find((candidate) => candidate.referenceId === referenceId);
      if (!result)
        throw new ApiError(
          400,
          'PROCESSING_HALTED',
          `Invalid reference specified. No value for ${referenceId}${path} found in ${referenceId}`,
        );
      let found: unknown = result.body;
      for (const step of path.match(/[^.[\]]+/g) ?? []) found = (found as Record<string, unknown> | null)?.[step];
      return String(found);
    });
  }
  if (Array.isArray(value)) return value.map((item) => fillReferences(item, results));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillReferences(item, results)]));
}

function subrequests(value: unknown, name: string): Values[] {
  if (!Array.isArray(value)) throw new ApiError(400, 'JSON_PARSER_ERROR', `${name} has to be a list of requests`);
  if (value.length > MOST_SUBREQUESTS) {
    throw new ApiError(400, 'LIMIT_EXCEEDED', `The limit for the number of subrequests is ${MOST_SUBREQUESTS}`);
  }
  return value.map(valuesOf);
}

/** Creates records with their children; all are created or none. */
function tree(request: ApiRequest, objectName: string | undefined): ApiReply {
  const { records } = valuesOf(request.body);
  const results: { referenceId: string; id: string }[] = [];
  let current = '';
  const add = (name: string, values: Values, link: Values): void => {
    const object = objectNamed(name);
    const own: Values = { ...link };
    const nested: { child: string; field: string; records: Values[] }[] = [];
    for (const [key, value] of Object.entries(values)) {
      const inner = (value as { records?: unknown } | null)?.records;
      const relation = childRelationships(object).find((child) => child.name?.toLowerCase() === key.toLowerCase());
      if (Array.isArray(inner) && relation) {
        nested.push({ child: relation.child.name, field: relation.field.name, records: inner.map(valuesOf) });
      } else own[key] = value;
    }
    current = String((values.attributes as { referenceId?: unknown } | undefined)?.referenceId ?? '');
    if (results.length >= MOST_TREE_RECORDS) {
      throw new RecordError('LIMIT_EXCEEDED', `The tree holds more than ${MOST_TREE_RECORDS} records`);
    }
    const id = request.org.records.create(object, own, request.userId);
    results.push({ referenceId: current, id });
    for (const { child, field, records: children } of nested) {
      for (const item of children) add(child, item, { [field]: id });
    }
  };
  try {
    request.org.transaction(() => {
      for (const values of subrequestsOfTree(records)) add(objectName ?? '', values, {});
    });
    return { status: 201, body: { hasErrors: false, results } };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const errors = [{ statusCode: error.statusCode, message: error.message, fields: error.fields }];
    return { status: 400, body: { hasErrors: true, results: [{ referenceId: current, errors }] } };
  }
}

function subrequestsOfTree(records: unknown): Values[] {
  if (Array.isArray(records)) return records.map(valuesOf);
  throw new ApiError(400, 'JSON_PARSER_ERROR', 'The request body must hold a list of records: { "records": [ ... ] }');
}
