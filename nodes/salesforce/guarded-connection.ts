import { type Duplex, PassThrough } from 'node:stream';
import { Connection } from '@jsforce/jsforce-node/lib/core.js';
import { Transport } from '@jsforce/jsforce-node/lib/transport.js';
import type { HttpRequest, HttpResponse } from '@jsforce/jsforce-node/lib/types/common.js';
import type { AxiosInstance } from 'axios';
import { networkError, requestRefused } from './salesforce-error.ts';
import type { Session } from './session.ts';

/** What a connection needs of the step (or credential test) that it works for. */
export interface Caller {
  readonly http: AxiosInstance;
  readonly signal: AbortSignal;
  /** Told once, when four fifths of the org's API requests of the day are used. */
  readonly limitNear?: (used: number, limit: number) => void;
}

const API_VERSION = '62.0';
const NEAR = 0.8;

/** A jsforce connection whose every request goes through the caller's `http`: its guard, pool, budget and cancellation. */
export async function guardedConnection(session: Session, caller: Caller): Promise<Connection> {
  const { instanceUrl } = await session.token(caller.http, caller.signal);
  const connection = new Connection({ instanceUrl, version: API_VERSION });
  connection._transport = new GuardedTransport(session, caller);
  return connection;
}

class GuardedTransport extends Transport {
  readonly #session: Session;
  readonly #caller: Caller;
  #limitTold = false;

  constructor(session: Session, caller: Caller) {
    super();
    this.#session = session;
    this.#caller = caller;
  }

  /** jsforce waits for one of the two events and never retries here: the engine's error classes rule. */
  override getRequestStreamCreator(): (request: HttpRequest) => Duplex {
    return (request) => {
      const stream = new PassThrough();
      this.#send(request).then(
        (response) => stream.emit('complete', response),
        (error: unknown) => stream.emit('error', error),
      );
      return stream;
    };
  }

  async #send(request: HttpRequest): Promise<HttpResponse> {
    const { http, signal } = this.#caller;
    const first = await this.#session.token(http, signal);
    const response = await this.#exchange(request, first.accessToken);
    if (response.statusCode !== 401) return this.#accepted(request, response);
    const renewed = await this.#session.renew(first.accessToken, http, signal);
    return this.#accepted(request, await this.#exchange(request, renewed.accessToken));
  }

  async #exchange(request: HttpRequest, accessToken: string): Promise<HttpResponse> {
    const { http, signal } = this.#caller;
    try {
      const response = await http.request<string>({
        url: request.url,
        method: request.method,
        headers: { ...request.headers, Authorization: `Bearer ${accessToken}` },
        data: request.body,
        responseType: 'text',
        transformRequest: [(data) => data],
        transformResponse: [(data) => data],
        validateStatus: () => true,
        maxRedirects: 0,
        signal,
      });
      const headers = Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      );
      this.#watchLimit(headers['sforce-limit-info']);
      return { statusCode: response.status, headers, body: response.data ?? '' };
    } catch (error) {
      throw networkError(error, signal, kindOf(request));
    }
  }

  #accepted(request: HttpRequest, response: HttpResponse): HttpResponse {
    if (response.statusCode < 300) return response;
    throw requestRefused(response.statusCode, response.body, kindOf(request), response.headers['retry-after']);
  }

  #watchLimit(header: string | undefined): void {
    const [, used, limit] = /api-usage=(\d+)\/(\d+)/.exec(header ?? '') ?? [];
    if (this.#limitTold || used === undefined || limit === undefined) return;
    if (Number(used) < Number(limit) * NEAR) return;
    this.#limitTold = true;
    this.#caller.limitNear?.(Number(used), Number(limit));
  }
}

/** Only creating (POST) does harm when it is done twice. */
function kindOf(request: HttpRequest): { repeatable: boolean; host: string } {
  return { repeatable: request.method !== 'POST', host: new URL(request.url).host };
}
