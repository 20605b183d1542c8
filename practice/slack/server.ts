import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type Express, type Request, type Response } from 'express';
import type { PracticeDatabase } from '../database.ts';
import { listen } from '../listen.ts';
import { RequestLog } from '../request-log.ts';
import { type Call, type Method, RateLimited, SlackError } from './call.ts';
import { chatMethods, contentOf } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { SlackFaultState } from './faults.ts';
import { fileMethods } from './files.ts';
import { BOT_ID, BOT_USER, TEAM_ID, Workspace } from './workspace.ts';

interface SlackCredentials {
  /** Base for the Web API: WebClient's `slackApiUrl`. */
  apiUrl: string;
  token: string;
  /** Incoming webhook that posts to #data-alerts. */
  webhookUrl: string;
}

/** A running practice Slack. */
export interface SlackPractice {
  url: string;
  port: number;
  credentials: SlackCredentials;
  store: Workspace;
  faults: SlackFaultState;
  requests: RequestLog;
  reset(): void;
  close(): Promise<void>;
}

export interface SlackOptions {
  db: PracticeDatabase;
  host: string;
  port: number;
  clock: () => number;
}

const TOKEN = 'xoxb-practice-sluice';
const WEBHOOK_SECRET = 'practice';
const WEBHOOK_CHANNEL = 'data-alerts';
const SCOPES =
  'chat:write,chat:write.public,channels:read,channels:history,channels:join,groups:read,groups:history,users:read,users:read.email,files:write,files:read';

interface Slack {
  workspace: Workspace;
  faults: SlackFaultState;
  requests: RequestLog;
  db: PracticeDatabase;
  url: string;
}

const METHODS: Record<string, Method> = {
  'api.test': { writes: false, run: ({ args: { token: _token, ...args } }) => ({ args }) },
  'auth.test': {
    writes: false,
    run: ({ url }) => ({
      url: `${url}/`,
      team: 'Sluice Practice',
      user: 'sluice',
      team_id: TEAM_ID,
      user_id: BOT_USER,
      bot_id: BOT_ID,
      is_enterprise_install: false,
    }),
  },
  'team.info': {
    writes: false,
    run: () => ({ team: { id: TEAM_ID, name: 'Sluice Practice', domain: 'sluice-practice' } }),
  },
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
};

export async function startSlack({ db, host, port, clock }: SlackOptions): Promise<SlackPractice> {
  const slack: Slack = {
    workspace: new Workspace(db, clock),
    faults: new SlackFaultState(clock),
    requests: new RequestLog(db, 'slack', clock),
    db,
    url: '',
  };
  const listening = await listen(createServer(application(slack)), host, port);
  slack.url = `http://${host}:${listening.port}`;
  return {
    url: slack.url,
    port: listening.port,
    credentials: {
      apiUrl: `${slack.url}/api/`,
      token: TOKEN,
      webhookUrl: `${slack.url}/services/${TEAM_ID}/${BOT_ID}/${WEBHOOK_SECRET}`,
    },
    store: slack.workspace,
    faults: slack.faults,
    requests: slack.requests,
    reset: () => {
      slack.workspace.reset();
      slack.requests.clear();
      slack.faults.clear();
    },
    close: () => listening.close(),
  };
}

function application(slack: Slack): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.all(
    '/api/:method',
    express.urlencoded({ extended: false, limit: '5mb' }),
    express.json({ limit: '5mb' }),
    (req, res) => answerCall(slack, req, res),
  );
  app.post('/upload/:file', express.raw({ type: () => true, limit: '100mb' }), (req, res) =>
    receiveFile(slack, req, res),
  );
  app.get('/files/:file', (req, res) => {
    const file = slack.workspace.file(req.params.file);
    if (file?.content) res.attachment(file.name).send(file.content);
    else res.status(404).end();
  });
  app.post(
    '/services/:team/:bot/:secret',
    express.urlencoded({ extended: false }),
    express.json({ type: () => true, limit: '5mb' }),
    (req, res) => answerWebhook(slack, req, res),
  );
  return app;
}

async function answerCall(slack: Slack, req: Request, res: Response): Promise<void> {
  const { faults } = slack;
  if (faults.settings.slowMs > 0) await wait(faults.settings.slowMs);
  const name = String(req.params.method);
  if (faults.take('failNext')) {
    log(slack, req, name, faults.settings.failNext.status, 0);
    res.status(faults.settings.failNext.status).send('The server had a passing trouble');
    return;
  }
  const method = METHODS[name];
  const { status, body, retryAfter } = slack.db.transaction(() => {
    const outcome = run(slack, req, name, method);
    log(slack, req, name, outcome.status, outcome.body.ok === true && method?.writes ? 1 : 0);
    return outcome;
  });
  if (method?.writes && body.ok === true && faults.takeDrop()) {
    req.socket.destroy();
    return;
  }
  if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter));
  res
    .set({ 'x-oauth-scopes': SCOPES, 'x-slack-req-id': `practice-${Date.now()}` })
    .status(status)
    .json(body);
}

interface Outcome {
  status: number;
  body: Record<string, unknown>;
  retryAfter?: number;
}

function run(slack: Slack, req: Request, name: string, method: Method | undefined): Outcome {
  const { faults, workspace, url } = slack;
  const args = { ...(req.query as Record<string, unknown>), ...(req.body as Record<string, unknown> | undefined) };
  const call: Call = { workspace, faults, url, args };
  try {
    if (faults.take('rateLimitNext')) throw new RateLimited(faults.settings.rateLimitNext.retryAfterSeconds);
    if (!method) throw new SlackError('unknown_method', { req_method: name });
    if (name !== 'api.test') checkToken(slack, req, args);
    if (faults.take('errorNext')) throw new SlackError(faults.settings.errorNext.error);
    return { status: 200, body: { ok: true, ...method.run(call) } };
  } catch (error) {
    if (error instanceof RateLimited) {
      return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter: error.seconds };
    }
    if (error instanceof SlackError) return { status: 200, body: { ok: false, error: error.code, ...error.details } };
    throw error;
  }
}

function checkToken({ faults }: Slack, req: Request, args: Record<string, unknown>): void {
  const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? args.token;
  if (token === undefined || token === '') throw new SlackError('not_authed');
  if (token !== TOKEN) throw new SlackError('invalid_auth');
  if (faults.settings.tokenRevoked) throw new SlackError('token_revoked');
}

/** Clients send a file's bytes as they are or as the one part of a form; the content between the boundaries is kept. */
function receiveFile({ workspace }: Slack, req: Request, res: Response): void {
  const id = String(req.params.file);
  if (!workspace.file(id)) {
    res.status(404).send('file_not_found');
    return;
  }
  const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/.exec(req.headers['content-type'] ?? '');
  const content = boundary ? firstPart(body, boundary[1] ?? boundary[2] ?? '') : body;
  workspace.fillFile(id, content);
  res.send(`OK - ${content.length}`);
}

function firstPart(body: Buffer, boundary: string): Buffer {
  const start = body.indexOf('\r\n\r\n');
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return start < 0 || end < 0 ? body : body.subarray(start + 4, end);
}

/** Incoming webhooks answer in plain text: `ok`, or the error's name. */
function answerWebhook(slack: Slack, req: Request, res: Response): void {
  const { faults } = slack;
  const { status, text } = faults.take('rateLimitNext')
    ? { status: 429, text: 'rate_limited' }
    : slack.db.transaction(() => postByWebhook(slack, req));
  log(slack, req, 'webhook', status, status === 200 ? 1 : 0);
  if (status === 200 && faults.takeDrop()) {
    req.socket.destroy();
    return;
  }
  if (status === 429) res.set('Retry-After', String(faults.settings.rateLimitNext.retryAfterSeconds));
  res.status(status).type('text/plain').send(text);
}

function postByWebhook({ workspace, faults, url }: Slack, req: Request): { status: number; text: string } {
  const { team, bot, secret } = req.params;
  const channel = workspace.findChannel(WEBHOOK_CHANNEL);
  if (team !== TEAM_ID || bot !== BOT_ID || secret !== WEBHOOK_SECRET || !channel)
    return { status: 404, text: 'no_service' };
  const args = webhookArguments(req.body);
  if (!args) return { status: 400, text: 'invalid_payload' };
  try {
    const content = contentOf({ workspace, faults, url, args });
    workspace.post(channel.id, { ...content, user: BOT_USER, bot_id: BOT_ID, subtype: 'bot_message' });
    return { status: 200, text: 'ok' };
  } catch (error) {
    if (error instanceof SlackError) return { status: 400, text: error.code };
    throw error;
  }
}

function webhookArguments(body: unknown): Record<string, unknown> | undefined {
  const given = body as { payload?: unknown } | undefined;
  try {
    const args: unknown = typeof given?.payload === 'string' ? JSON.parse(given.payload) : given;
    return typeof args === 'object' && args !== null && !Array.isArray(args)
      ? (args as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function log(slack: Slack, req: Request, operation: string, status: number, written: number): void {
  slack.requests.add({ operation, method: req.method, path: req.path, status, written });
}
