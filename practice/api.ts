import express, { type ErrorRequestHandler, Router } from 'express';
import type { Practice } from './practice.ts';
import { ApiError, RecordError } from './salesforce/errors.ts';
import type { SalesforceFaults } from './salesforce/faults.ts';
import type { SlackFaults } from './slack/faults.ts';
import type { SmtpFaults } from './smtp/faults.ts';

/** An answer `application/problem+json`. */
class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: string[];

  constructor(status: number, code: string, detail: string, fields: string[] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

type PutFaults = {
  salesforce?: Partial<SalesforceFaults> & { expireSessions?: boolean };
  slack?: Partial<SlackFaults>;
  smtp?: Partial<SmtpFaults>;
};

const MOST_AT_ONCE = 500;

/** What the Practice screen reads and edits. The caller mounts it behind its own authorisation. */
export function practiceApi(practice: Practice): Router {
  const router = Router();
  router.use(express.json({ limit: '1mb' }));
  router.get('/', (_req, res) => {
    const { salesforce, slack, smtp } = practice;
    res.json({ salesforce: { url: salesforce.url }, slack: { url: slack.url }, smtp: { url: smtp.url } });
  });
  salesforceRoutes(router, practice);
  slackRoutes(router, practice);
  mailRoutes(router, practice);
  router.post('/reset', (_req, res) => {
    practice.reset();
    res.status(204).end();
  });
  router.get('/faults', (_req, res) => {
    res.json(faultsOf(practice));
  });
  router.put('/faults', (req, res) => {
    setFaults(practice, objectBody(req.body));
    res.json(faultsOf(practice));
  });
  router.use(answerProblem);
  return router;
}

function salesforceRoutes(router: Router, { salesforce: { store } }: Practice): void {
  router.get('/salesforce/objects', (_req, res) => {
    res.json({ objects: store.objects() });
  });
  router.get('/salesforce/objects/:name', (req, res) => {
    const { offset, limit, search } = req.query;
    const page = {
      offset: whole(offset, 0),
      limit: Math.min(whole(limit, 50), MOST_AT_ONCE),
      ...(typeof search === 'string' ? { search } : {}),
    };
    const list = store.list(req.params.name, page);
    if (!list) throw noObject(req.params.name);
    res.json({ ...list, fields: store.fields(req.params.name) });
  });
  router.get('/salesforce/objects/:name/:id', (req, res) => {
    res.json(found(store.read(req.params.name, req.params.id)));
  });
  router.post('/salesforce/objects/:name', (req, res) => {
    const made = store.create(req.params.name, objectBody(req.body));
    if (!made) throw noObject(req.params.name);
    res.status(201).json(made);
  });
  router.patch('/salesforce/objects/:name/:id', (req, res) => {
    res.json(found(store.edit(req.params.name, req.params.id, objectBody(req.body))));
  });
  router.delete('/salesforce/objects/:name/:id', (req, res) => {
    if (!store.delete(req.params.name, req.params.id)) throw noRecord();
    res.status(204).end();
  });
}

function slackRoutes(router: Router, { slack: { store } }: Practice): void {
  router.get('/slack/channels', (_req, res) => {
    res.json({ channels: store.channels().map((channel) => ({ ...channel, messages: store.count(channel.id) })) });
  });
  router.get('/slack/channels/:id/messages', (req, res) => {
    const channel = store.findChannel(req.params.id);
    if (!channel) throw new Problem(404, 'not-found', `There is no channel ${req.params.id} in the practice Slack.`);
    const limit = Math.min(whole(req.query.limit, 100), MOST_AT_ONCE);
    const latest = typeof req.query.before === 'string' ? req.query.before : '9999999999.999999';
    const people = new Map(store.members().map((member) => [member.id, member.realName]));
    const messages = store.history(channel.id, { oldest: '0', latest, inclusive: false, limit }).map((message) => ({
      ...message,
      userName: message.username ?? people.get(message.user) ?? message.user,
      replies: store.thread(channel.id, message.ts).slice(1),
    }));
    res.json({ channel, messages });
  });
}

function mailRoutes(router: Router, { smtp: { store } }: Practice): void {
  router.get('/mail', (req, res) => {
    res.json(
      store.list({ offset: whole(req.query.offset, 0), limit: Math.min(whole(req.query.limit, 100), MOST_AT_ONCE) }),
    );
  });
  router.get('/mail/:id', (req, res) => {
    const mail = store.read(Number(req.params.id));
    if (!mail) throw new Problem(404, 'not-found', 'There is no such mail: it may have been deleted by a reset.');
    res.json(mail);
  });
}

function faultsOf({ salesforce, slack, smtp }: Practice) {
  return { salesforce: salesforce.faults.settings, slack: slack.faults.settings, smtp: smtp.faults.settings };
}

/** Only known faults of the right kind are taken; a wrong one changes nothing at all. */
function setFaults(practice: Practice, body: PutFaults): void {
  const current: Record<string, object> = faultsOf(practice);
  for (const [service, changes] of Object.entries(body)) {
    const known = current[service];
    if (!known) throw new Problem(422, 'invalid-fault', `There is no practice service "${service}".`);
    for (const [name, value] of Object.entries(objectBody(changes))) {
      if (service === 'salesforce' && name === 'expireSessions') continue;
      const preset = (known as Record<string, unknown>)[name];
      if (!sameKind(preset, value)) {
        throw new Problem(
          422,
          'invalid-fault',
          `${service}.${name} is not a fault, or its value is of the wrong kind.`,
          [name],
        );
      }
    }
  }
  const { expireSessions, ...salesforce } = body.salesforce ?? {};
  practice.salesforce.faults.set(salesforce);
  if (expireSessions) practice.salesforce.expireSessions();
  practice.slack.faults.set(body.slack ?? {});
  practice.smtp.faults.set(body.smtp ?? {});
}

function sameKind(preset: unknown, value: unknown): boolean {
  if (preset === undefined) return false;
  if (preset === null || value === null) return preset === value || typeof (preset ?? value) === 'number';
  if (Array.isArray(preset)) return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (typeof preset !== 'object') return typeof preset === typeof value;
  const given = value as Record<string, unknown>;
  return typeof value === 'object' && Object.entries(preset).every(([key, part]) => sameKind(part, given[key]));
}

function objectBody(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new Problem(400, 'bad-request', 'The request body has to be a JSON object.');
}

function whole(value: unknown, preset: number): number {
  const number = Number(value ?? preset);
  return Number.isInteger(number) && number >= 0 ? number : preset;
}

function found<T>(record: T | undefined): T {
  if (record === undefined) throw noRecord();
  return record;
}

function noObject(name: string): Problem {
  return new Problem(404, 'not-found', `The practice Salesforce has no object ${name} that can be used like this.`);
}

function noRecord(): Problem {
  return new Problem(404, 'not-found', 'There is no such record: it may have been deleted.');
}

const answerProblem: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  const problem = problemOf(error);
  if (!problem) {
    next(error);
    return;
  }
  const { status, code, message, fields } = problem;
  res
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        status,
        code,
        title: message,
        detail: message,
        problems: fields.map((path) => ({ code, message, remedy: '', nodeIds: [], path: [path], stage: 'structure' })),
      }),
    );
};

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof RecordError) return new Problem(422, error.statusCode, error.message, error.fields);
  if (error instanceof ApiError) {
    const [first] = error.problems;
    return new Problem(
      error.status >= 500 ? 500 : 422,
      first?.errorCode ?? 'invalid',
      error.message,
      first?.fields ?? [],
    );
  }
  const { status } = error as { status?: unknown };
  const message = error instanceof Error ? error.message : String(error);
  return typeof status === 'number' && status < 500 ? new Problem(status, 'bad-request', message) : undefined;
}
