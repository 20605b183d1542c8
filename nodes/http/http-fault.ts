import { type Effect, type ErrorClass, isRecordFault, NodeError } from '../../sdk/index.ts';

/** What is known of a call when it fails. */
export interface Call {
  readonly effect: Effect;
  /** The request was made from this record alone, so a refusal concerns the record. */
  readonly isOwn: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly method: string;
  readonly url: string;
}

type Headers = Readonly<Record<string, unknown>>;

/** An answer that is no success, in the service's own words. */
export function statusFault(status: number, headers: Headers, body: string, call: Call): NodeError {
  const [errorClass, remedy] = judge(status, headers, call);
  const words = serviceWords(body);
  return new NodeError({
    class: errorClass,
    code: `http-${status}`,
    message: `${hostOf(call.url)} answered ${status}${words === '' ? '' : `: ${words}`}${/[.!?]$/.test(words) ? '' : '.'}`,
    remedy,
    retryAfter: errorClass === 'transient' || errorClass === 'rate-limited' ? waitOf(headers, call.now) : undefined,
    details: { status, method: call.method, url: withoutQuery(call.url), body: body.slice(0, 2_000) },
  });
}

const LOOK = 'Look in the service whether it happened before the step is repeated.';
const AGAIN = 'The step tries again by itself where retries are on; if it stays, ask the service what is wrong.';

function judge(status: number, headers: Headers, { effect, isOwn }: Call): [ErrorClass, string] {
  const isLimit = status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0');
  if (status === 429 || isLimit)
    return ['rate-limited', 'The step goes on when the service allows it; ask for a higher limit if that is too slow.'];
  // By these the service says that it has not begun with the request, and by 500 that it has failed at it. Other errors come from what
  // stands before it, and leave open how far the request got.
  if (status === 408 || status === 425 || status === 500 || status === 503) return ['transient', AGAIN];
  if (status >= 500) {
    return effect === 'once' ? ['uncertain', LOOK] : ['transient', AGAIN];
  }
  if (status === 401 || status === 403) return ['auth', 'Check the credential, and that it is allowed to do this.'];
  if (status === 404 || status === 410) {
    return isOwn
      ? ['bad-data', 'Check the address that this record gives, or leave such records out before this step.']
      : ['not-found', 'Check the address.'];
  }
  if (status < 400) return ['config', 'Use the address that the service redirects to.'];
  if ([405, 406, 407, 411, 415, 426, 431].includes(status))
    return ['config', 'Check method, headers and body in the settings of this step.'];
  return ['bad-data', 'Correct what the service names, in the record or in the settings of this step.'];
}

/**
 * A failure once the service has answered with a success: what was asked for has taken effect then, at least in part, whatever is
 * wrong with the answer or with the page after it.
 */
export function faultAfterSuccess(error: unknown, { effect, isOwn, url }: Omit<Call, 'now' | 'method'>): unknown {
  if (effect !== 'once' || !(error instanceof NodeError) || error.class === 'uncertain') return error;
  // A record that is rejected is done with, and not sent again.
  if (isOwn && isRecordFault(error)) return error;
  const { code, message, remedy, field, details } = error;
  return new NodeError({
    class: 'uncertain',
    code,
    message: `${hostOf(url)} took the request, but what came of it is not known: ${message}`,
    remedy: `${LOOK} ${remedy}`,
    field,
    details,
    cause: error,
  });
}

/** Codes of failures before anything was sent. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** How Node says that a connection came to no encryption, and so to no request. */
const NO_TLS =
  /before secure TLS connection was established|SSL routines:.*(wrong version number|unsupported protocol|alert (handshake failure|protocol version|certificate required|bad certificate|unknown ca))/i;
const WRONG = new Set([
  'ERR_INVALID_URL',
  'ERR_FR_TOO_MANY_REDIRECTS',
  'ERR_BAD_OPTION',
  'ERR_INVALID_CHAR',
  'ERR_UNESCAPED_CHARACTERS',
]);

/** A call without an answer. */
export function socketFault(error: unknown, call: Call): NodeError {
  if (error instanceof NodeError) return error;
  const { code = '', message, syscall } = causeOf(error);
  const host = hostOf(call.url);
  const base = { cause: error, details: { code, method: call.method, url: withoutQuery(call.url) } };
  if (WRONG.has(code)) {
    return new NodeError({
      ...base,
      class: 'config',
      code: 'http-request-wrong',
      message: `The request cannot be sent: ${message}.`,
      remedy: 'Check address and headers.',
    });
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
    return new NodeError({
      ...base,
      class: 'config',
      code: 'http-certificate',
      message: `The certificate of ${host} is not trusted: ${message}.`,
      remedy: 'Have the service’s certificate repaired, or its authority made known to this server.',
    });
  }
  const unsent = UNSENT.has(code) || syscall === 'connect' || NO_TLS.test(message);
  if (unsent || call.effect !== 'once') {
    return new NodeError({
      ...base,
      class: 'transient',
      code: unsent ? 'http-unreachable' : 'http-connection-lost',
      message: unsent ? `${host} cannot be reached: ${message}.` : `The connection to ${host} was lost: ${message}.`,
      remedy: 'Check the address and that the service is up; the step tries again by itself where retries are on.',
    });
  }
  return new NodeError({
    ...base,
    class: 'uncertain',
    code: 'http-outcome-unknown',
    message: `The connection to ${host} was lost after the request was sent, so it may or may not have taken effect: ${message}.`,
    remedy:
      'Look in the service whether it happened before the step is repeated, or turn on the idempotency key if the service knows it.',
  });
}

interface Cause {
  readonly code?: string;
  readonly message: string;
  readonly syscall?: string;
}

function causeOf(error: unknown): Cause {
  if (!(error instanceof Error)) return { message: String(error) };
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return causeOf(cause);
  const own = error as Error & Cause;
  return {
    ...(own.code === undefined ? {} : { code: own.code }),
    ...(own.syscall === undefined ? {} : { syscall: own.syscall }),
    message: own.message,
  };
}

/** Milliseconds that the service asks to wait: `Retry-After` in seconds or as a date, or when its limit starts anew. */
export function waitOf(headers: Headers, now: number): number | undefined {
  const asked = text(headers['retry-after']);
  if (asked !== undefined) {
    const seconds = Number(asked);
    const at = Number.isFinite(seconds) ? now + seconds * 1_000 : Date.parse(asked);
    if (!Number.isNaN(at)) return Math.max(0, at - now);
  }
  const reset = Number(text(headers['x-ratelimit-reset']));
  return reset > 1_000_000_000 ? Math.max(0, reset * 1_000 - now) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

const MOST_WORDS = 300;

/** What a service says about its refusal, from the usual places of a JSON body, or the text itself. */
export function serviceWords(body: string): string {
  const trimmed = body.trim();
  if (trimmed === '' || trimmed === '""') return '';
  try {
    const found = messageIn(JSON.parse(trimmed), 0);
    if (found !== undefined) return found.slice(0, MOST_WORDS);
  } catch {
    // Not JSON: the text speaks for itself.
  }
  return trimmed
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MOST_WORDS);
}

const PLACES = ['message', 'error_description', 'detail', 'error', 'errors', 'title', 'reason', 'description'];

function messageIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (depth > 4 || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const all = value.slice(0, 3).map((entry) => messageIn(entry, depth + 1));
    return all.filter((entry) => entry !== undefined).join('; ') || undefined;
  }
  for (const place of PLACES) {
    const found = messageIn((value as Record<string, unknown>)[place], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Queries may hold secrets, so messages show the address without it. */
function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0]?.replace(/\/\/[^/@]*@/, '//') ?? '';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The service';
}
