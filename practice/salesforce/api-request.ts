import type { Org } from './org.ts';

/** One request to `/services/data/vNN.0/...`, whether it came by itself or inside a composite one. */
export interface ApiRequest {
  org: Org;
  method: string;
  /** After `/services/data/vNN.0`, with its leading slash. */
  path: string;
  /** `/services/data/vNN.0`. */
  base: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  /** Parsed JSON, or text where the content is not JSON. */
  body: unknown;
  userId: string;
}

export interface ApiReply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A handler gets the decoded `:name` parts of its route's path. */
export type ApiHandler = (request: ApiRequest, params: Record<string, string>) => ApiReply;

export interface ApiRoute {
  method: string;
  pattern: RegExp;
  /** What the request log calls it. */
  operation: string;
  handle: ApiHandler;
}

/** @param path with `:name` parts; a trailing slash in the request is overlooked */
export function route(method: string, path: string, operation: string, handle: ApiHandler): ApiRoute {
  const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`, 'i');
  return { method, pattern, operation, handle };
}

export const ok = (body: unknown, headers?: Record<string, string>): ApiReply => ({
  status: 200,
  body,
  ...(headers ? { headers } : {}),
});
export const created = (body: unknown): ApiReply => ({ status: 201, body });
export const noContent: ApiReply = { status: 204 };
