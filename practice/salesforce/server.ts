import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { PracticeDatabase } from '../database.ts';
import { listen } from '../listen.ts';
import type { RequestLog } from '../request-log.ts';
import type { ApiReply, ApiRequest } from './api-request.ts';
import { resumeBulkJobs } from './bulk-work.ts';
import { answering, findRoute, VERSIONS } from './data-api.ts';
import { ApiError, notFound } from './errors.ts';
import type { FaultState } from './faults.ts';
import { bearerToken, oauthRouter } from './oauth.ts';
import { DAILY_REQUESTS, Org } from './org.ts';
import { RecordBrowser } from './record-browser.ts';
import type { SalesforceCredentials } from './sessions.ts';
import { soapRouter } from './soap-login.ts';
import { loadSoqlParser } from './soql-parser.ts';

/** A running practice Salesforce. */
export interface SalesforcePractice {
  url: string;
  port: number;
  credentials: SalesforceCredentials;
  /** What the Practice screen shows and edits. */
  store: RecordBrowser;
  faults: FaultState;
  requests: RequestLog;
  /** A valid access token, for clients that take one. */
  issueToken(): string;
  /** Ends every access token: the next data request of each client gets INVALID_SESSION_ID. */
  expireSessions(): void;
  reset(): void;
  close(): Promise<void>;
}

export interface SalesforceOptions {
  db: PracticeDatabase;
  host: string;
  port: number;
  clock: () => number;
}

const BODY_LIMIT = '160mb';

export async function startSalesforce({ db, host, port, clock }: SalesforceOptions): Promise<SalesforcePractice> {
  const org = await Org.open(db, clock);
  resumeBulkJobs(org);
  const listening = await listen(createServer(application(org)), host, port);
  org.url = `http://${host}:${listening.port}`;
  return {
    url: org.url,
    port: listening.port,
    get credentials() {
      return org.credentials;
    },
    store: new RecordBrowser(org),
    faults: org.faults,
    requests: org.requests,
    issueToken: () => org.sessions.issue(org.userId),
    expireSessions: () => org.sessions.expireAll(),
    reset: () => org.reset(),
    close: async () => {
      await listening.close();
      await org.close();
    },
  };
}

function application(org: Org): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use((req, _res, next) => {
    // Clients that were given the instance URL with a slash at its end ask for //services/..., and Salesforce answers.
    req.url = req.url.replace(/^\/{2,}/, '/');
    next();
  });
  app.use(oauthRouter(org));
  app.use(soapRouter(org));
  app.get(['/services/data', '/services/data/'], (_req, res) => {
    res.json(VERSIONS);
  });
  app.use('/services/data/:version', express.text({ type: () => true, limit: BODY_LIMIT }), (req, res) =>
    answerData(org, req, res),
  );
  app.use((_req, res) => {
    res.status(404).json(notFound().problems);
  });
  app.use(lastResort);
  return app;
}

async function answerData(org: Org, req: Request, res: Response): Promise<void> {
  const { faults } = org;
  if (faults.settings.slowMs > 0) await wait(faults.settings.slowMs);
  await loadSoqlParser();
  const withinLimit = org.countRequest();
  res.set('Sforce-Limit-Info', `api-usage=${org.used}/${DAILY_REQUESTS}`);
  const before = org.records.written;
  // One transaction a request: what it changed and that it was made are kept together or not at all.
  const { reply } = org.db.transaction(() => {
    const answered = answer(org, req, withinLimit);
    const written = org.records.written - before;
    const { status } = answered.reply;
    org.requests.add({
      operation: answered.operation,
      method: req.method,
      path: req.originalUrl.replace(/^\/{2,}/, '/'),
      status,
      written,
    });
    return answered;
  });
  const wrote = org.records.written > before;
  if (wrote && faults.takeDrop()) {
    req.socket.destroy();
    return;
  }
  send(res, reply);
}

function answer(org: Org, req: Request, withinLimit: boolean): { reply: ApiReply; operation: string } {
  let operation = 'unknown';
  const reply = answering(() => {
    const request = apiRequest(org, req);
    const found = findRoute(request);
    operation = found?.route.operation ?? operation;
    const failure = org.faults.takeFailure();
    if (failure === 503) throw new ApiError(503, 'SERVER_UNAVAILABLE', 'The server is temporarily unavailable');
    if (failure) throw new ApiError(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred. ErrorId: practice');
    if (!withinLimit) {
      throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    if (!found) throw notFound();
    return found.route.handle(request, found.params);
  });
  return { reply, operation };
}

/** @throws ApiError where the version, the session or the body is no good */
function apiRequest(org: Org, req: Request): ApiRequest {
  const base = `/services/data/${req.params.version}`;
  if (!VERSIONS.some((version) => version.url === base)) throw notFound();
  const session = org.sessions.find(bearerToken(req) ?? '');
  if (!session) throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  return {
    org,
    method: req.method,
    path: req.path,
    base,
    query: new URL(req.url, 'http://localhost').searchParams,
    headers: Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)])),
    body: parseBody(req),
    userId: session.userId,
  };
}

function parseBody(req: Request): unknown {
  const text = typeof req.body === 'string' ? req.body : '';
  if (text === '' || !(req.headers['content-type'] ?? 'application/json').includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError(
      400,
      'JSON_PARSER_ERROR',
      `${error instanceof Error ? error.message : error} at [line:1, column:1]`,
    );
  }
}

function send(res: Response, reply: ApiReply): void {
  res.status(reply.status).set(reply.headers ?? {});
  if (reply.body === undefined) res.end();
  else if (typeof reply.body === 'string') res.send(reply.body);
  else res.json(reply.body);
}

const lastResort: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const status = (error as { status?: unknown }).status;
  const message = error instanceof Error ? error.message : String(error);
  res.status(typeof status === 'number' ? status : 500).json([{ message, errorCode: 'UNKNOWN_EXCEPTION' }]);
};
