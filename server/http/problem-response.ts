import type { Response } from 'express';
import { ZodError } from 'zod';
import { NoSuchPort, RoundNotKept } from '../../engine/index.ts';
import { NodeError } from '../../sdk/errors.ts';
import type { ProblemDetails } from '../../spec/api/problem-details.ts';
import { formFault, oneOf } from '../../spec/workflow/validation/form-fault.ts';
import { Fault, type FaultKind } from '../fault.ts';
import { storageFault } from '../storage/storage-fault.ts';

/** The one place that knows which status a refusal has. */
const statusOf: Record<FaultKind, number> = {
  'bad-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'unsupported-media': 415,
  invalid: 422,
  'precondition-required': 428,
  'too-many-requests': 429,
  unavailable: 503,
  'storage-full': 507,
};

const titleOf: Record<number, string> = {
  400: 'The request is wrong',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible here',
  409: 'Changed meanwhile',
  413: 'Too large',
  415: 'Wrong kind of content',
  422: 'Not valid',
  428: 'Say which state you change',
  429: 'Too many tries',
  500: 'Something broke',
  502: 'The service refused',
  503: 'Not possible now',
  507: 'No space left',
};

/** What a thrown value is for the caller. Nothing of an unexpected error gets out. */
export function problemOf(error: unknown): ProblemDetails {
  const known = error instanceof Fault ? error : faultOf(error);
  if (known instanceof Fault) {
    return details(statusOf[known.kind], known.code, known.message, known.remedy, known.problems);
  }
  // A service on the other side refused: the caller's request was in order.
  if (error instanceof NodeError) return details(502, error.code, error.message, error.remedy);
  return details(
    500,
    'internal',
    'The server met a fault of its own and did not finish this.',
    'Try again; if it stays, look into the server log.',
  );
}

function details(
  status: number,
  code: string,
  detail: string,
  remedy?: string,
  problems?: Fault['problems'],
): ProblemDetails {
  return {
    type: `urn:sluice:problem:${code}`,
    title: titleOf[status] ?? 'Refused',
    status,
    code,
    detail,
    ...(remedy === undefined ? {} : { remedy }),
    ...(problems === undefined ? {} : { problems: [...problems] }),
  };
}

/** Refusals of the libraries below us, in our words. */
function faultOf(error: unknown): Fault | undefined {
  if (error instanceof ZodError) return wrongShape(error);
  if (error instanceof NoSuchPort) return noSuchPort(error);
  if (error instanceof RoundNotKept) return roundNotKept(error);
  if (!(error instanceof Error)) return undefined;
  const disk = storageFault(error);
  if (disk) return disk;
  const { type, status } = error as Error & { type?: unknown; status?: unknown };
  if (type === 'entity.parse.failed') {
    return new Fault({
      kind: 'bad-request',
      code: 'body-not-json',
      message: `The body is not JSON: ${error.message}.`,
      remedy: 'Send one JSON value, such as an object in braces.',
    });
  }
  if (type === 'entity.too.large') {
    return new Fault({
      kind: 'too-large',
      code: 'body-too-large',
      message: 'The body is larger than this server takes.',
      remedy: 'Send less at once.',
    });
  }
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new Fault({
      kind: 'unsupported-media',
      code: 'unsupported-encoding',
      message: error.message,
      remedy: 'Send UTF-8, plain or compressed with gzip.',
    });
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Fault({
      kind: 'bad-request',
      code: 'bad-request',
      message: 'The request could not be read.',
      remedy: 'Check its address and headers.',
    });
  }
  return undefined;
}

function noSuchPort({ message, ports }: NoSuchPort): Fault {
  const there = ports.map((port) => `"${port}"`).join(', ');
  return new Fault({
    kind: 'not-found',
    code: 'no-such-port',
    message,
    remedy: there === '' ? 'It has none on that side.' : `Name one that is there, ${there}, or leave it out.`,
  });
}

function roundNotKept({ message }: RoundNotKept): Fault {
  return new Fault({
    kind: 'not-found',
    code: 'round-not-kept',
    message,
    remedy:
      'Look at a round that the step lists under `inRounds`: the first one, or one that failed. What the other rounds gave is in the output of the container.',
  });
}

/** `value`: what was given, so that the words can say what came instead. */
export function wrongShape(error: ZodError, value?: unknown): Fault {
  const said = error.issues.slice(0, 10).map((issue) => {
    const at = placeOf(value, issue.path);
    const name = at.path.length === 0 ? 'The body' : `"${at.path.join('.')}"`;
    if (issue.code === 'unrecognized_keys') return `${name} has no field ${oneOf(issue.keys)}.`;
    return `${name} ${formFault(issue, at.value).message}.`;
  });
  return new Fault({
    kind: 'bad-request',
    code: 'wrong-shape',
    message: `The request does not have the form that is needed. ${said.join(' ')}`,
    remedy: 'Compare it with the description at /api/v1/openapi.json.',
  });
}

/** What stands at a path; where a text is on the way, such as a list with commas in an address, the text itself. */
function placeOf(value: unknown, path: readonly PropertyKey[]): { path: readonly PropertyKey[]; value: unknown } {
  let at = value;
  for (const [depth, step] of path.entries()) {
    if (typeof at === 'string') return { path: path.slice(0, depth), value: at };
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return { path, value: at };
}

export function sendProblem(res: Response, problem: ProblemDetails): void {
  if (problem.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
