import type { AxiosInstance } from 'axios';
import { NodeError } from '../../sdk/index.ts';
import { serviceWords, socketFault, statusFault } from './http-fault.ts';

export interface OAuth2Client {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
  readonly audience?: string | undefined;
  readonly sendAs: 'header' | 'body';
}

export interface Token {
  readonly value: string;
  /** Seconds of life, where the service says. */
  readonly expiresIn?: number;
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
}

const EARLY = 30_000;

export function hasExpired({ expiresIn, fetchedAt }: Token, now: number): boolean {
  return expiresIn !== undefined && now >= fetchedAt + expiresIn * 1_000 - Math.min(EARLY, expiresIn * 500);
}

/** The client credentials grant (RFC 6749, 4.4). */
export async function fetchToken(
  client: OAuth2Client,
  http: AxiosInstance,
  signal: AbortSignal,
  now: number,
): Promise<Token> {
  const { clientId, clientSecret, scope, audience, sendAs, tokenUrl } = client;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (audience !== undefined) form.set('audience', audience);
  if (sendAs === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  const call = { effect: 'read', isOwn: false, now, method: 'POST', url: tokenUrl } as const;
  const response = await http
    .request<unknown>({
      method: 'POST',
      url: tokenUrl,
      data: form.toString(),
      signal,
      timeout: 60_000,
      maxContentLength: 1_000_000,
      maxRedirects: 0,
      validateStatus: () => true,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(sendAs === 'header' ? { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } : {}),
      },
    })
    .catch((error: unknown) => Promise.reject(signal.aborted ? signal.reason : socketFault(error, call)));
  const body =
    typeof response.data === 'object' && response.data !== null ? (response.data as Record<string, unknown>) : {};
  if (response.status === 200 && typeof body.access_token === 'string') {
    const expiresIn = Number(body.expires_in);
    return { value: body.access_token, fetchedAt: now, ...(expiresIn > 0 ? { expiresIn } : {}) };
  }
  if (response.status >= 500 || response.status === 429) throw statusFault(response.status, response.headers, '', call);
  const words = serviceWords(JSON.stringify(response.data ?? ''));
  throw new NodeError({
    class: 'auth',
    code: 'http-token-refused',
    message: `${new URL(tokenUrl).host} gave no token (${response.status})${words === '' ? '' : `: ${words}`}.`,
    remedy: 'Correct token address, client id, client secret and scope in the credential.',
    details: { status: response.status },
  });
}
