import type { z } from 'zod';
import type { PathParams, Route } from '../../spec/api/route.ts';
import { API } from '../../spec/api/routes.ts';
import { problemFrom, unreachable } from './problem-error.ts';

/** Leaves out what a route does not take. */
type Given<Key extends string, Value> = [Value] extends [undefined]
  ? unknown
  : undefined extends Value
    ? { readonly [K in Key]?: Value }
    : { readonly [K in Key]: Value };

export type Arguments<Path extends string, Body extends z.ZodType, Query extends z.ZodType> = PathParams<Path> &
  Given<'body', z.input<Body>> &
  ([z.input<Query>] extends [undefined] ? unknown : { readonly query?: QueryText<z.input<Query>> });

type QueryText<Q> = { readonly [K in keyof Q]?: string | number | boolean | undefined };

interface Options {
  readonly signal?: AbortSignal | undefined;
  /** Revision that the write builds on; the server refuses with 409 when there is a newer one. */
  readonly ifMatch?: string;
}

/**
 * Calls an operation of the REST API: `call(routes.getRun, { id })`. The server checks its answers against the same
 * schemas, so they are not parsed again here. Rejects with a `ProblemError`, or with the abort reason.
 */
export async function call<
  Path extends string,
  Body extends z.ZodType,
  Query extends z.ZodType,
  Response extends z.ZodType,
>(
  route: Route<Path, Body, Query, Response>,
  given: Arguments<Path, Body, Query>,
  options: Options = {},
): Promise<z.output<Response>> {
  const { body, query, ...params } = given as { body?: unknown; query?: Record<string, unknown> } & Record<
    string,
    string
  >;
  const headers: Record<string, string> = options.ifMatch === undefined ? {} : { 'if-match': `"${options.ifMatch}"` };
  const response = await send(route.method.toUpperCase(), `${API}${filled(route.path, params)}${queryText(query)}`, {
    body,
    headers,
    signal: options.signal,
  });
  if (route.status === 204) return undefined as z.output<Response>;
  return (await response.json()) as z.output<Response>;
}

/** Calls any address of the server, such as those of the sign-in service. */
export async function send(
  method: string,
  url: string,
  options: { body?: unknown; headers?: Readonly<Record<string, string>>; signal?: AbortSignal | undefined } = {},
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  const init: RequestInit = { method, headers, credentials: 'same-origin', signal: options.signal ?? null };
  if (options.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw unreachable(cause);
  }
  if (!response.ok) throw await problemFrom(response);
  return response;
}

function filled(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

function queryText(query: Readonly<Record<string, unknown>> = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
