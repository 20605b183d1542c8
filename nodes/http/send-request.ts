import type { IncomingMessage } from 'node:http';
import type { AxiosResponse } from 'axios';
import { type DataRecord, type Effect, type NodeContext, NodeError } from '../../sdk/index.ts';
import { durationMs } from '../../spec/workflow/duration.ts';
import { authorize, secretHeader } from './authorization.ts';
import { type Call, socketFault, statusFault } from './http-fault.ts';
import { appendValues, bodyOf } from './request-body.ts';
import type { RequestParams } from './request-params.ts';
import { readText } from './response-body.ts';
import { authorizationOf, signInAgain } from './sign-in.ts';

/** One request as the step means it; each page is one. */
export interface Outgoing {
  readonly params: RequestParams;
  readonly record: DataRecord | undefined;
  readonly effect: Effect;
  /** The request was made from this record alone. */
  readonly isOwn: boolean;
  readonly key: string;
}

/** What pagination changes from page to page. */
export interface PageRequest {
  /** Replaces address and query. */
  readonly url?: string;
  readonly query: DataRecord;
  readonly body: DataRecord;
}

export type Answer = AxiosResponse<IncomingMessage>;

const ERROR_BODY = 64_000;

/** Sends the request, once more after a fresh sign-in when the first was refused; answers that are no success become faults. */
export async function sendRequest(outgoing: Outgoing, page: PageRequest, ctx: NodeContext): Promise<Answer> {
  const url = addressOf(outgoing, page);
  const call: Call = { ...outgoing, now: ctx.now(), method: outgoing.params.method, url };
  let answer = await attempt(outgoing, page, url, call, ctx);
  if (answer.status === 401 && (await signInAgain(ctx))) {
    answer.data.destroy();
    answer = await attempt(outgoing, page, url, call, ctx);
  }
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw statusFault(
    answer.status,
    answer.headers,
    await readText(answer.data, ERROR_BODY, false).catch(() => ''),
    call,
  );
}

async function attempt(
  outgoing: Outgoing,
  page: PageRequest,
  url: string,
  call: Call,
  ctx: NodeContext,
): Promise<Answer> {
  const { params, record, effect, key } = outgoing;
  const home = new URL(addressOf(outgoing, { query: {}, body: {} }));
  const isHome = new URL(url).origin === home.origin;
  const authorization = isHome ? await authorizationOf(ctx, params.auth) : ({ kind: 'none' } as const);
  const body = await bodyOf(params, record, page.body, ctx);
  const headers = textHeaders(body.headers, isHome ? params.headers : {});
  const sendsKey = params.idempotencyKey || params.keyHeader !== undefined;
  if (sendsKey && effect !== 'read' && isHome) headers[params.keyHeader ?? 'Idempotency-Key'] = key;
  const signed = authorize({ url, headers }, authorization);
  const secret = secretHeader(authorization);
  try {
    return await ctx.http.request<IncomingMessage>({
      method: params.method,
      url: signed.url,
      headers: signed.headers,
      ...(body.data === undefined ? {} : { data: body.data }),
      signal: ctx.signal,
      responseType: 'stream',
      timeout: durationMs(params.timeout) ?? 0,
      maxBodyLength: Number.POSITIVE_INFINITY,
      maxRedirects: params.followRedirects ? 10 : 0,
      validateStatus: () => true,
      beforeRedirect: (next) => {
        const { headers: carried, href } = next as { headers: Record<string, string>; href: string };
        if (secret !== undefined && new URL(href).origin !== home.origin) dropHeader(carried, secret);
      },
    });
  } catch (error) {
    if (ctx.signal.aborted) throw ctx.signal.reason;
    throw socketFault(error, call);
  }
}

/** @throws NodeError when it is no web address */
export function addressOf({ params, isOwn }: Outgoing, page: PageRequest): string {
  const text = page.url ?? params.url.trim();
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new NodeError({
      class: isOwn ? 'bad-data' : 'config',
      code: 'http-address',
      message: `"${text.slice(0, 100)}" is no web address.`,
      remedy: 'Write the whole address with https:// in front.',
      field: 'Address',
    });
  }
  const url = new URL(text);
  if (page.url === undefined) appendValues(url.searchParams, params.query);
  for (const [name, value] of Object.entries(page.query)) url.searchParams.set(name, String(value));
  return url.href;
}

/** The later over the earlier, whatever their case. */
function textHeaders(...sources: Readonly<Record<string, unknown>>[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const source of sources) {
    for (const [name, value] of Object.entries(source)) {
      if (value === null || value === undefined || name === '') continue;
      dropHeader(headers, name);
      headers[name] = String(value);
    }
  }
  return headers;
}

function dropHeader(headers: Record<string, string>, name: string): void {
  for (const other of Object.keys(headers)) if (other.toLowerCase() === name.toLowerCase()) delete headers[other];
}
