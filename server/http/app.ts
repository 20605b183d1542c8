import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import type { Logger } from 'pino';
import { openapi } from '../../spec/api/openapi.ts';
import { API } from '../../spec/api/routes.ts';
import { authorise } from '../auth/caller.ts';
import { Fault } from '../fault.ts';
import type { Services } from '../services.ts';
import { accessRoutes } from './access-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { binder } from './bind.ts';
import { clientFiles } from './client-files.ts';
import { credentialRoutes } from './credential-routes.ts';
import type { EventStreams } from './events.ts';
import { identifier } from './identify.ts';
import { nodeTypeRoutes } from './node-type-routes.ts';
import { operations } from './operations.ts';
import { problemOf, sendProblem } from './problem-response.ts';
import { runRoutes } from './run-routes.ts';
import { sampleRoutes } from './sample-routes.ts';
import { sameOriginOnly, securityHeaders } from './security.ts';
import { settingsRoutes } from './settings-routes.ts';
import { starterRoutes } from './starter-routes.ts';
import { workflowRoutes } from './workflow-routes.ts';

export interface AppOptions {
  readonly services: Services;
  readonly events: EventStreams;
  readonly log: Logger;
  readonly version: string;
  /** Token of the commands on this machine. */
  readonly localToken: string;
  /** Folder of the built client. */
  readonly client: string;
  readonly isOpen: () => boolean;
  readonly check: () => Promise<void>;
  /** Routes of the practice services, below `/api/v1/practice`. */
  readonly practice: RequestHandler | undefined;
}

/** Documents of thousands of nodes and inputs of many records still fit. */
const BODY_LIMIT = '32mb';

/** Everything but webhooks: REST API, sign-in, client, health. */
export function createApp(options: AppOptions): Express {
  const { services, log } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  const callerOf = identifier({ ...services, localToken: options.localToken });

  app.use(
    operations({
      sweeper: services.sweeper,
      ...options,
      engine: services.engine,
      mayMeasure: async (req, _res, next) => {
        authorise(await callerOf(req), 'run.read');
        next();
      },
    }),
  );
  app.use(securityHeaders, sameOriginOnly);
  app.use('/api', noStore);
  app.use('/api/auth', authRoutes(services));
  app.use(API, api(options, callerOf));
  app.use('/api', unknownAddress);
  // Sign-in is slow to load and 20 MB: whoever opens a page needs it next, and a server that only runs workflows never does.
  app.use(clientFiles(options.client, () => void services.accounts.warm()));
  app.use(unknownAddress);
  app.use(refuse(log));
  return app;
}

function api({ services, events, practice, version }: AppOptions, callerOf: ReturnType<typeof identifier>): Router {
  const router = express.Router();
  let description: Record<string, unknown> | undefined;
  router.get('/openapi.json', (_req, res) => {
    description ??= openapi(version);
    res.json(description);
  });
  router.use(jsonOnly, express.json({ limit: BODY_LIMIT, strict: false }));
  const bind = binder(router, { callerOf, audit: services.audit });
  workflowRoutes(bind, services);
  runRoutes(bind, services, events);
  sampleRoutes(bind, services);
  nodeTypeRoutes(bind, services);
  starterRoutes(bind, services);
  credentialRoutes(bind, services);
  accessRoutes(bind, services);
  settingsRoutes(bind, services);
  if (practice) router.use('/practice', allowPractice(callerOf), practice);
  return router;
}

function allowPractice(callerOf: ReturnType<typeof identifier>): RequestHandler {
  return async (req, _res, next) => {
    authorise(await callerOf(req), req.method === 'GET' ? 'practice.read' : 'practice.edit');
    next();
  };
}

/** A body that is not JSON is refused, and not taken for none. */
const jsonOnly: RequestHandler = (req, _res, next) => {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody || req.is(['json', '+json'])) return next();
  next(
    new Fault({
      kind: 'unsupported-media',
      code: 'wrong-content-type',
      message: `The API takes JSON, not "${req.headers['content-type'] ?? 'content of no type'}".`,
      remedy: 'Send the header Content-Type: application/json.',
    }),
  );
};

const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};

const unknownAddress: RequestHandler = (req, _res, next) => {
  next(
    new Fault({
      kind: 'not-found',
      code: 'no-such-address',
      message: `There is nothing at ${req.method} ${req.originalUrl.split('?')[0]}.`,
      remedy: 'The API is described at /api/v1/openapi.json.',
    }),
  );
};

function refuse(log: Logger): ErrorRequestHandler {
  return (error, req, res, next) => {
    const problem = problemOf(error);
    if (problem.status === 500) log.error({ err: error, method: req.method, url: req.originalUrl }, 'A request failed');
    if (res.headersSent) return next(error);
    sendProblem(res, problem);
  };
}
