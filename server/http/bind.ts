import type { Request, Response, Router } from 'express';
import type { z } from 'zod';
import type { PathParams, Route } from '../../spec/api/route.ts';
import { routes } from '../../spec/api/routes.ts';
import type { Audit } from '../auth/audit.ts';
import { authorise, type Caller } from '../auth/caller.ts';
import { wrongShape } from './problem-response.ts';

/** What a handler gets: everything parsed and allowed already. */
export interface Call<Path extends string, Body extends z.ZodType, Query extends z.ZodType> {
  readonly params: PathParams<Path>;
  readonly body: z.output<Body>;
  readonly query: z.output<Query>;
  readonly caller: Caller | undefined;
  readonly req: Request;
  readonly res: Response;
}

/** What a handler may give for a response type: the same, read-only. */
export type Given<T> = unknown extends T
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Given<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Given<T[Key]> }
      : T;

class Answered {}

/** Given by a handler that has answered itself, such as with a stream. */
export const answered = new Answered();

export type Bind = <Path extends string, Body extends z.ZodType, Query extends z.ZodType, Response extends z.ZodType>(
  route: Route<Path, Body, Query, Response>,
  handle: (
    call: Call<Path, Body, Query>,
  ) => Given<z.input<Response>> | Answered | Promise<Given<z.input<Response>> | Answered>,
) => void;

export interface BindOptions {
  readonly callerOf: (req: Request) => Promise<Caller | undefined>;
  readonly audit: Audit;
}

/** Changes that leave a trace elsewhere (Git, the run itself), or change nothing. */
const unaudited: ReadonlySet<Route> = new Set<Route>([
  routes.saveDraft,
  routes.validateDocument,
  routes.loadOptions,
  routes.previewChanges,
  routes.testCredential,
  routes.testCredentialValues,
  routes.putSample,
  routes.deleteSample,
  routes.replaceSamples,
]);

const operationIds = new Map<Route, string>(Object.entries(routes).map(([id, route]) => [route as Route, id]));

/** Serves routes of the table: who calls is found out and allowed, input parsed, the change noted, the answer sent. */
export function binder(router: Router, { callerOf, audit }: BindOptions): Bind {
  return (route, handle) => {
    const isAudited = route.method !== 'get' && !unaudited.has(route as unknown as Route);
    router[route.method](route.path, async (req, res) => {
      const caller = await callerOf(req);
      authorise(caller, route.needs);
      const given = await handle({
        params: req.params as PathParams<typeof route.path>,
        body: parsed(route.body, emptyAsAbsent(req)) as z.output<NonNullable<typeof route.body>>,
        query: parsed(route.query, req.query) as z.output<NonNullable<typeof route.query>>,
        caller,
        req,
        res,
      });
      if (isAudited) {
        const target = req.params.id ?? (given as { id?: string } | undefined)?.id;
        const action = operationIds.get(route as unknown as Route) ?? route.path;
        audit.write({ who: caller?.name ?? 'nobody', action, ...(typeof target === 'string' ? { target } : {}) });
      }
      if (given === answered) return;
      if (route.status === 204) res.status(204).end();
      else res.status(route.status).json(given);
    });
  };
}

function parsed(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw wrongShape(result.error, value);
  return result.data;
}

/** No body at all is `undefined`, not an empty object. */
function emptyAsAbsent(req: Request): unknown {
  return req.body === undefined || req.headers['content-length'] === '0' ? undefined : req.body;
}
