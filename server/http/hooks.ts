import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine, StartedRun } from '../../engine/index.ts';
import type { Clock, RunRequest } from '../../engine/ports.ts';
import type { RunView } from '../../spec/api/run.ts';
import { Fault } from '../fault.ts';
import { runOutput } from '../run-output.ts';
import type { Webhook, WebhookSource, WebhookTable } from '../triggers/webhook-table.ts';
import { problemOf } from './problem-response.ts';
import { isAllowed } from './webhook-auth.ts';
import { bodyValue, fieldsOf, readBody } from './webhook-body.ts';

export interface HooksOptions {
  readonly webhooks: WebhookTable;
  readonly start: (request: RunRequest) => Promise<StartedRun>;
  readonly engine: Engine;
  readonly credential: (id: string) => Promise<{ type: string; values: Record<string, unknown> }>;
  readonly clock: Clock;
  /** Tells the log of what was not the caller's fault. */
  readonly failed: (what: string, error: unknown) => void;
}

const PREFIX = '/hooks/';
/** `/hooks/~/<run>/<step>` wakes a step that waits for a call, named by its node or, inside a container, by its key; nobody guesses the id of a run. */
const CALLBACK = '~/';
const CALLBACK_BODY = 1_048_576;

/** Serves `/hooks/*` right on the HTTP server, before any middleware: this path is made for many calls a second. */
export function createHooks(options: HooksOptions): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return (req, res) => answer(options, req, res).catch((error: unknown) => refuse(options, req, res, error));
}

function refuse(options: HooksOptions, req: IncomingMessage, res: ServerResponse, error: unknown): void {
  const problem = problemOf(error);
  if (problem.status >= 500) options.failed('A webhook could not be served', error);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  // What is left of a body that was too large is not waited for.
  if (!req.complete) res.setHeader('Connection', 'close');
  send(res, problem.status, problem, 'application/problem+json');
}

async function answer(options: HooksOptions, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [rawPath = '', query = ''] = split(req.url ?? '');
  const path = decoded(rawPath.slice(PREFIX.length));
  const method = req.method ?? 'GET';
  if (path.startsWith(CALLBACK)) return wakeStep(options, path, req, res);
  const found = options.webhooks.find(method, path);
  if (!found) throw unknownHook(path);
  if ('methods' in found) {
    res.setHeader('Allow', found.methods.join(', '));
    throw wrongMethod(method, found.methods);
  }
  const { webhook, params } = found;
  const { source } = webhook;
  const body = await readBody(req, source.maxBody);
  if (source.auth !== 'none') await authorise(options, source.auth, webhook, req, body);
  const record = {
    body: bodyValue(body, req.headers),
    query: query === '' ? {} : fieldsOf(new URLSearchParams(query)),
    headers: told(req.headers, source.auth !== 'none'),
    method,
    params,
  };
  const started = await options.start({
    document: webhook.target.document,
    version: webhook.target.version,
    draft: false,
    trigger: webhook.nodeId,
    cause: 'webhook',
    records: [record],
    ...keyOf(req, webhook),
    until: source.respond === 'immediately' ? 'accepted' : 'finished',
  });
  if (source.respond === 'immediately') return send(res, 202, { id: started.id });
  const ending = source.respond === 'by-node' ? answerOf(started, options.engine) : started.finished;
  const end = await within(source.answerWithin, options.clock, ending);
  if (end === undefined) sendOngoing(started.id, res);
  else if ('steps' in end) await sendResult(options.engine, webhook, end, res);
  else respond(res, end);
}

/** What a node answered, if one did, else how the run ended. A node may answer when the run has waited, and goes on. */
async function answerOf(started: StartedRun, engine: Engine) {
  const response = await started.response;
  if (response) return response;
  const end = await started.finished;
  return (await engine.response(end.id)) ?? end;
}

/** What comes within some milliseconds, or nothing. */
function within<T>(ms: number, clock: Clock, coming: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => resolve(undefined));
    coming.then(
      (value) => {
        stop();
        resolve(value);
      },
      (error: unknown) => {
        stop();
        reject(error);
      },
    );
  });
}

/** The caller has waited long enough; the run was taken on and goes on. */
function sendOngoing(run: string, res: ServerResponse): void {
  const detail =
    'The run was taken on and goes on, but has not ended yet. Do not send the request again; look at the run.';
  res.setHeader('Location', `/runs/${run}`);
  send(res, 202, { id: run, status: 'running', url: `/runs/${run}`, detail });
}

async function wakeStep(
  { engine }: HooksOptions,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const [, run = '', ...step] = path.split('/');
  const body = bodyValue(await readBody(req, CALLBACK_BODY), req.headers);
  if (req.method === 'POST' && (await engine.answer(run, step.join('/'), { kind: 'called', body })))
    return send(res, 202, { id: run });
  throw new Fault({
    kind: 'not-found',
    code: 'not-waiting',
    message: 'No step waits for this call (any more).',
    remedy: 'Call with POST, once, while the step waits.',
  });
}

async function sendResult(engine: Engine, webhook: Webhook, run: RunView, res: ServerResponse): Promise<void> {
  if (run.status === 'failed' || run.status === 'cancelled') {
    const { message, remedy } = run.error ?? { message: `The run was ${run.status}.`, remedy: 'Start it again.' };
    return send(
      res,
      500,
      {
        ...problemOf(undefined),
        code: `run-${run.status}`,
        title: 'The run did not succeed',
        detail: message,
        remedy,
        run: run.id,
      },
      'application/problem+json',
    );
  }
  const output = run.status === 'succeeded' ? await runOutput(engine, run.id, webhook.target.document) : [];
  send(res, run.status === 'succeeded' ? 200 : 202, { id: run.id, status: run.status, output });
}

async function authorise(
  { credential, clock }: HooksOptions,
  auth: Exclude<WebhookSource['auth'], 'none'>,
  webhook: Webhook,
  req: IncomingMessage,
  body: Buffer,
): Promise<void> {
  if (webhook.credential === undefined) throw refused();
  const { type, values } = await credential(webhook.credential);
  if (type !== `webhook-${auth}` || !isAllowed(auth, values, { headers: req.headers, body, now: clock.now() }))
    throw refused();
}

/** Headers as the run sees them: without what signs a caller in. */
function told(headers: IncomingMessage['headers'], hasAuth: boolean): Record<string, unknown> {
  const { cookie: _, authorization, ...rest } = headers;
  return authorization === undefined || hasAuth ? rest : { ...rest, authorization };
}

/** A caller that repeats a call with the same `Idempotency-Key` gets the run that it has already started. */
function keyOf(req: IncomingMessage, webhook: Webhook): { key?: string } {
  const given = req.headers['idempotency-key'];
  if (typeof given !== 'string' || given === '') return {};
  return { key: `hook:${webhook.target.document.id}:${webhook.nodeId}:${given.slice(0, 200)}` };
}

function respond(
  res: ServerResponse,
  { status, headers, body }: { status: number; headers: Record<string, string>; body: unknown },
): void {
  const isText = typeof body === 'string';
  const content = body === undefined || body === null ? '' : isText ? body : JSON.stringify(body);
  const told: Record<string, string | number> = {
    'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    // A workflow answers programs, not browsers: whatever it says, no script in it runs with the rights of this server.
    'Content-Security-Policy': 'sandbox',
    'X-Content-Type-Options': 'nosniff',
  };
  for (const [name, value] of Object.entries(headers)) {
    const known = name.toLowerCase();
    if (!FIXED.has(known)) told[OURS.get(known) ?? name] = value;
  }
  if (status !== 204 && status !== 304) told['Content-Length'] = Buffer.byteLength(content);
  res.writeHead(status, told);
  res.end(content);
}

const FIXED = new Set(['content-security-policy', 'set-cookie', 'content-length', 'transfer-encoding', 'connection']);
/** Those that a workflow may change, as they are written here. */
const OURS = new Map([
  ['content-type', 'Content-Type'],
  ['x-content-type-options', 'X-Content-Type-Options'],
]);

function send(res: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}

function split(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function unknownHook(path: string): Fault {
  return new Fault({
    kind: 'not-found',
    code: 'no-such-webhook',
    message: `No published workflow listens at /hooks/${path}.`,
    remedy: 'Check the address, and publish the workflow.',
  });
}

function wrongMethod(method: string, methods: readonly string[]): Fault {
  return new Fault({
    kind: 'method-not-allowed',
    code: 'wrong-method',
    message: `This webhook does not take ${method}.`,
    remedy: `Use ${methods.join(' or ')}.`,
  });
}

function refused(): Fault {
  return new Fault({
    kind: 'unauthenticated',
    code: 'webhook-refused',
    message: 'This webhook needs a proof of who calls, and it is missing or wrong.',
    remedy: 'Send what the webhook node asks for: a token, user and password, or a signature over the exact body.',
  });
}
