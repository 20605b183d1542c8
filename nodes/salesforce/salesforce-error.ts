import type { AxiosError } from 'axios';
import { type ErrorClass, NodeError } from '../../sdk/index.ts';

/** One entry of Salesforce's error lists; whole requests say `errorCode`, records of a collection `statusCode`. */
export interface SalesforceProblem {
  readonly message: string;
  readonly errorCode?: string;
  readonly statusCode?: string;
  readonly fields?: readonly string[];
}

/** `repeatable`: doing the request twice does no harm, so a lost answer is no more than transient. */
export interface RequestKind {
  readonly repeatable: boolean;
  readonly host: string;
}

/** Failures before anything was sent; everything else may have reached the service. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A request that got no answer. Gives the abort reason when the step was cancelled. */
export function networkError(error: unknown, signal: AbortSignal, kind: RequestKind): unknown {
  if (signal.aborted) return signal.reason ?? error;
  const own = nodeErrorIn(error);
  if (own) return own;
  if (!isAxiosError(error)) return error;
  const code = error.code ?? 'unknown';
  const uncertain = !kind.repeatable && !NOT_SENT.has(code);
  return new NodeError({
    class: uncertain ? 'uncertain' : 'transient',
    code: uncertain ? 'salesforce-answer-lost' : 'salesforce-unreachable',
    message: uncertain
      ? `The connection to ${kind.host} broke before Salesforce answered: the records may or may not have been created.`
      : `${kind.host} cannot be reached (${code}).`,
    remedy: uncertain
      ? 'Look in Salesforce whether the records are there before sending them again.'
      : 'Check the My Domain address and the network; the step tries again by itself where retries are on.',
    details: { code, reason: error.message },
    cause: error,
  });
}

/** As axios itself tells it; to ask axios would load it with the nodes. */
function isAxiosError(error: unknown): error is AxiosError {
  return error instanceof Error && (error as Partial<AxiosError>).isAxiosError === true;
}

/** Guards throw inside the HTTP client, which may wrap what they say. */
function nodeErrorIn(error: unknown): NodeError | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    if (current instanceof NodeError) return current;
  }
  return undefined;
}

interface Verdict {
  readonly class: ErrorClass;
  readonly message?: string;
  readonly remedy: string;
}

const SET_UP_QUERY = 'Check the names of the object and its fields; custom ones end in "__c".';
const AGAIN = 'Wait a little; the step tries again by itself where retries are on.';

const REQUEST_VERDICTS: Record<string, Verdict> = {
  INVALID_SESSION_ID: {
    class: 'auth',
    message: 'Salesforce does not accept the session, also after signing in again',
    remedy:
      'Check that the user may use the API and that no IP restriction stands in the way, then test the credential.',
  },
  INVALID_AUTH_HEADER: { class: 'auth', remedy: 'Test the credential and sign in again.' },
  API_DISABLED_FOR_ORG: { class: 'auth', remedy: 'Give the user the permission "API Enabled" in Salesforce.' },
  API_CURRENTLY_DISABLED: { class: 'auth', remedy: 'Give the user the permission "API Enabled" in Salesforce.' },
  INSUFFICIENT_ACCESS: { class: 'auth', remedy: 'Give the user access to this object in Salesforce.' },
  SERVER_UNAVAILABLE: { class: 'transient', remedy: AGAIN },
  UNABLE_TO_LOCK_ROW: { class: 'transient', remedy: AGAIN },
  QUERY_TIMEOUT: { class: 'transient', remedy: 'Narrow the query with conditions on indexed fields if this stays.' },
  INVALID_QUERY_LOCATOR: { class: 'transient', remedy: 'The read starts again by itself where retries are on.' },
  NOT_FOUND: { class: 'not-found', remedy: SET_UP_QUERY },
  INVALID_TYPE: { class: 'config', remedy: SET_UP_QUERY },
  INVALID_FIELD: { class: 'config', remedy: SET_UP_QUERY },
  MALFORMED_QUERY: { class: 'config', remedy: 'Correct the query where Salesforce points to.' },
  JSON_PARSER_ERROR: { class: 'bad-data', remedy: 'Give the field a value of its type in Salesforce.' },
};

/** A whole request that Salesforce refused. `retryAfter` is the header, in seconds or as a date. */
export function requestRefused(
  status: number,
  body: string,
  kind: RequestKind,
  retryAfter: string | undefined,
): NodeError {
  const problem = firstProblem(body);
  const code = problem?.errorCode;
  const details = { status, ...(problem ? { ...problem } : { body: body.slice(0, 500) }) };
  if (code === 'REQUEST_LIMIT_EXCEEDED' || status === 429) return limitReached(problem, retryAfter, details);
  const known = code === undefined ? undefined : REQUEST_VERDICTS[code];
  if (problem && code && known) {
    return new NodeError({
      class: known.class,
      code: kebab(code),
      message: `${known.message ?? 'Salesforce refused the request'}: ${problem.message}`,
      remedy: known.remedy,
      field: problem.fields?.[0],
      details,
    });
  }
  if (status >= 500) {
    // With its error list Salesforce says that it has rolled back; a bare gateway page says nothing of the kind.
    const uncertain = !kind.repeatable && !problem && status !== 503;
    return new NodeError({
      class: uncertain ? 'uncertain' : 'transient',
      code: uncertain ? 'salesforce-answer-lost' : 'salesforce-unavailable',
      message: `Salesforce could not do this just now (status ${status})${problem ? `: ${problem.message}` : '.'}`,
      remedy: uncertain ? 'Look in Salesforce whether the records are there before sending them again.' : AGAIN,
      details,
    });
  }
  return new NodeError({
    class: status === 401 ? 'auth' : status === 404 ? 'not-found' : 'config',
    code: code ? kebab(code) : `salesforce-status-${status}`,
    message: `Salesforce refused the request: ${problem?.message ?? `status ${status}`}`,
    remedy: status === 401 ? 'Test the credential and sign in again.' : 'Correct the step as Salesforce says.',
    field: problem?.fields?.[0],
    details,
  });
}

const MINUTE = 60_000;

/** The day's budget comes back slowly, the one of long-running calls within seconds. */
function limitReached(problem: SalesforceProblem | undefined, header: string | undefined, details: unknown): NodeError {
  const concurrent = /concurrent/i.test(problem?.message ?? '');
  return new NodeError({
    class: 'rate-limited',
    code: 'salesforce-request-limit',
    message: concurrent
      ? 'Too many long requests are running in this Salesforce at once.'
      : 'This Salesforce has used up its API requests of the last 24 hours.',
    remedy: 'The step waits and goes on when there is room again; ask Salesforce for more requests if this is common.',
    retryAfter: retryAfterMs(header) ?? (concurrent ? MINUTE / 2 : 10 * MINUTE),
    details,
  });
}

function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function firstProblem(body: string): SalesforceProblem | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isProblem(first) ? first : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is SalesforceProblem {
  return typeof value === 'object' && value !== null && typeof (value as SalesforceProblem).message === 'string';
}

const RECORD_REMEDIES: Record<string, string> = {
  REQUIRED_FIELD_MISSING: 'Give the record a value for this field.',
  DUPLICATE_VALUE: 'Another record already has this value in a field that must be unique: correct one of the two.',
  DUPLICATES_DETECTED: 'A duplicate rule of this Salesforce found a match: update that record instead.',
  INVALID_EMAIL_ADDRESS: 'Correct the email address.',
  STRING_TOO_LONG: 'Shorten the text to what the field can hold.',
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: 'Use one of the values that the picklist offers.',
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 'Correct the record so that it meets the validation rule.',
  FIELD_INTEGRITY_EXCEPTION: 'Correct the value: it does not fit this field or what it points to.',
  INVALID_CROSS_REFERENCE_KEY: 'Check that the record that this one points to exists.',
  INVALID_FIELD: 'Check that the record that this one points to exists and that the field is right.',
  INVALID_FIELD_FOR_INSERT_UPDATE: 'Take the field out of the mapping: it cannot be written by this user.',
  ENTITY_IS_DELETED: 'The record has been deleted: restore it in Salesforce or leave it out.',
  NOT_FOUND: 'Check that the record still exists.',
  MALFORMED_ID: 'Use a Salesforce id of 15 or 18 characters of this object.',
  INVALID_TYPE_ON_FIELD_IN_RECORD: 'Give the field a value of its type in Salesforce.',
  NUMBER_OUTSIDE_VALID_RANGE: 'Use a number that the field can hold.',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: 'A trigger or flow in Salesforce refused the record: see its reason.',
  UNABLE_TO_LOCK_ROW: 'Something else was writing to the same records: send this one again.',
  MISSING_ARGUMENT: 'Give the record a value for the field that it is matched on.',
};

/** One record that Salesforce refused, with Salesforce's own reason. Goes to `rejected`. */
export function recordRefused(problems: readonly SalesforceProblem[]): NodeError {
  const first = problems[0];
  const code = first?.statusCode ?? first?.errorCode ?? 'UNKNOWN';
  return new NodeError({
    class: 'bad-data',
    code: kebab(code),
    message: `Salesforce refused this record: ${problems.map((problem) => problem.message).join('; ') || code}`,
    remedy: RECORD_REMEDIES[code] ?? 'Correct the record as Salesforce says and send it again.',
    field: first?.fields?.[0],
    details: problems,
  });
}

/** `REQUIRED_FIELD_MISSING` -> `salesforce-required-field-missing` */
function kebab(code: string): string {
  return `salesforce-${code.toLowerCase().replaceAll('_', '-')}`;
}
