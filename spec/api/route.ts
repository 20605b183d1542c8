import type { z } from 'zod';
import type { Action } from './permission.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * One operation of the REST API: what it takes and gives, and who may call it. Server, OpenAPI and client read the same entry.
 * `public` needs no session, `signed-in` any session.
 */
export interface Route<
  Path extends string = string,
  Body extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** Below `/api/v1`, with `:name` segments. */
  readonly path: Path;
  readonly summary: string;
  readonly needs: Action | 'public' | 'signed-in';
  readonly body?: Body;
  readonly query?: Query;
  /** Status when all went well. */
  readonly status: 200 | 201 | 202 | 204;
  /** None with 204. */
  readonly response?: Response;
  /** Media type of the response if it is not JSON. */
  readonly media?: string;
}

export function route<
  const Path extends string,
  Body extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Response extends z.ZodType = z.ZodVoid,
>(given: Route<Path, Body, Query, Response>): Route<Path, Body, Query, Response> {
  return given;
}

/** `'/runs/:id/steps/:node'` gives `{ id: string; node: string }`. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: string } & PathParams<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : unknown;
