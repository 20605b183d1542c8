import type { WebClient } from '@slack/web-api';
import type { AxiosInstance } from 'axios';
import type { SlackValues } from './credential-slack.ts';
import { slackError } from './slack-error.ts';

/** What a call needs of the step, or of the credential's test. */
export interface SlackCaller {
  readonly credential: SlackValues;
  readonly http: AxiosInstance;
  readonly signal: AbortSignal;
}

/**
 * Calls Slack by its own client, sent through the caller's `http`: guard, pool, budget and cancellation. Nothing is retried
 * here; failures come out classified. A `once` call whose answer is lost is uncertain, a `read` only transient.
 */
export async function callSlack<T>(
  caller: SlackCaller,
  effect: 'read' | 'once',
  act: (client: WebClient) => Promise<T>,
): Promise<T> {
  const { LogLevel, WebClient } = await import('@slack/web-api');
  const { token, apiUrl } = caller.credential;
  const client = new WebClient(token, {
    ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
    fetch: fetchOver(caller.http, caller.signal),
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: silent(LogLevel.ERROR),
    allowAbsoluteUrls: false,
  });
  try {
    return await act(client);
  } catch (error) {
    throw caller.signal.aborted ? (caller.signal.reason ?? error) : slackError(error, effect);
  }
}

/** The part of `fetch` that the client uses: one request, never redirected. */
function fetchOver(http: AxiosInstance, signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const response = await http.request<string>({
      url: String(input),
      method: init?.method ?? 'POST',
      headers: Object.fromEntries(new Headers(init?.headers)),
      data: init?.body,
      responseType: 'text',
      transformRequest: [(data) => data],
      transformResponse: [(data) => data],
      validateStatus: () => true,
      maxRedirects: 0,
      signal,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
    const { status, statusText } = response;
    if (status === 429 && !headers.has('retry-after')) headers.set('retry-after', '30');
    return new Response(status === 204 || status === 304 ? null : response.data, { status, statusText, headers });
  };
}

/** What goes wrong is thrown; the client's own words on the console help nobody. */
function silent<Level>(level: Level) {
  const nothing = () => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    setLevel: nothing,
    getLevel: () => level,
    setName: nothing,
  };
}
