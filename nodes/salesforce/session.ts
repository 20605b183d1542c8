import { createSign } from 'node:crypto';
import type { AxiosInstance } from 'axios';
import { NodeError } from '../../sdk/index.ts';
import type { SalesforceValues } from './credential-salesforce.ts';
import { networkError } from './salesforce-error.ts';

export interface SessionToken {
  readonly accessToken: string;
  readonly instanceUrl: string;
}

/**
 * The session of one credential, shared by all runs: signs in at first need and again when Salesforce has ended it.
 * Each sign-in goes out through the `http` of the step that needs it.
 */
export class Session {
  readonly #values: SalesforceValues;
  #current: Promise<SessionToken> | undefined;

  constructor(values: SalesforceValues) {
    this.#values = values;
  }

  async token(http: AxiosInstance, signal: AbortSignal): Promise<SessionToken> {
    for (;;) {
      const mine = this.#current === undefined;
      this.#current ??= signIn(this.#values, http, signal);
      const pending = this.#current;
      try {
        return await pending;
      } catch (error) {
        if (this.#current === pending) this.#current = undefined;
        // The sign-in that this step waited for may have ended only because another step was cancelled.
        if (mine || signal.aborted || !isCancelled(error)) throw error;
      }
    }
  }

  /** A new token in place of one that Salesforce refused; steps that meet the same refusal share one sign-in. */
  async renew(refused: string, http: AxiosInstance, signal: AbortSignal): Promise<SessionToken> {
    const known = await this.token(http, signal);
    if (known.accessToken !== refused) return known;
    this.#current = undefined;
    return this.token(http, signal);
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'CanceledError');
}

async function signIn(values: SalesforceValues, http: AxiosInstance, signal: AbortSignal): Promise<SessionToken> {
  const origin = originOf(values.loginUrl);
  const response = await http
    .request<unknown>({
      method: 'POST',
      url: `${origin}/services/oauth2/token`,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      data: new URLSearchParams(grant(values, origin)).toString(),
      responseType: 'json',
      validateStatus: () => true,
      maxRedirects: 0,
      signal,
    })
    .catch((error: unknown) => {
      throw networkError(error, signal, { repeatable: true, host: new URL(origin).host });
    });
  const body = typeof response.data === 'object' && response.data !== null ? (response.data as OAuthAnswer) : {};
  if (response.status === 200 && body.access_token !== undefined && body.instance_url !== undefined) {
    return { accessToken: body.access_token, instanceUrl: body.instance_url.replace(/\/+$/, '') };
  }
  throw signInRefused(response.status, body, values);
}

interface OAuthAnswer {
  access_token?: string;
  instance_url?: string;
  error?: string;
  error_description?: string;
}

function grant(values: SalesforceValues, origin: string): Record<string, string> {
  if (values.auth === 'jwt') {
    return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(values, origin) };
  }
  return {
    grant_type: 'client_credentials',
    client_id: values.clientId,
    client_secret: required(values.clientSecret, 'clientSecret', 'the consumer secret'),
  };
}

/** JWT bearer assertion, RS256; Salesforce takes one that expires within five minutes. */
function assertion(values: SalesforceValues, origin: string): string {
  const username = required(values.username, 'username', 'the username to act as');
  const key = required(values.privateKey, 'privateKey', 'the private key').replaceAll('\\n', '\n');
  const claims = {
    iss: values.clientId,
    sub: username,
    aud: values.audience ?? audienceOf(origin),
    exp: Math.floor(Date.now() / 1000) + 180,
  };
  const unsigned = `${base64url({ alg: 'RS256' })}.${base64url(claims)}`;
  try {
    return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url')}`;
  } catch (error) {
    throw new NodeError({
      class: 'config',
      code: 'salesforce-private-key',
      message: 'The private key of this credential cannot be used for signing.',
      remedy: 'Paste the whole RSA key in PEM form, from "-----BEGIN" to "-----END", without a passphrase.',
      field: 'privateKey',
      cause: error,
    });
  }
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Production and sandbox assertions name Salesforce's own sign-in hosts, also for a My Domain. */
function audienceOf(origin: string): string {
  const host = new URL(origin).hostname;
  if (host === 'test.salesforce.com' || host.endsWith('.sandbox.my.salesforce.com')) {
    return 'https://test.salesforce.com';
  }
  return host.endsWith('.salesforce.com') ? 'https://login.salesforce.com' : origin;
}

/** The API's origin from what people paste: no scheme, a path, or the Lightning address of the browser. */
function originOf(loginUrl: string): string {
  const text = loginUrl.trim();
  let url: URL;
  try {
    url = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    throw badAddress('is not an address');
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !loopback) throw badAddress('must begin with https://');
  url.hostname = url.hostname.replace(/\.lightning\.force\.com$/, '.my.salesforce.com');
  return url.origin;
}

function badAddress(what: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'salesforce-address',
    message: `The My Domain address of this credential ${what}.`,
    remedy: 'Write it as in Setup > My Domain, such as https://yourcompany.my.salesforce.com.',
    field: 'loginUrl',
  });
}

function required(value: string | undefined, field: string, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw new NodeError({
    class: 'config',
    code: 'salesforce-credential-incomplete',
    message: `This Salesforce credential lacks ${what}.`,
    remedy: 'Open the credential and fill the missing field.',
    field,
  });
}

const SIGN_IN_REMEDIES: Record<string, string> = {
  invalid_client_id: 'Check the consumer key, and that the app belongs to this My Domain.',
  invalid_client: 'Check the consumer key and consumer secret of the app in Setup.',
  invalid_grant:
    'Check that the app allows this flow, that the user is active and allowed to use the app, and that the My Domain address is this org’s.',
  invalid_app_access: 'Let the user use the app: Setup > Manage connected apps > permitted users.',
};

function signInRefused(status: number, body: OAuthAnswer, values: SalesforceValues): NodeError {
  const host = new URL(originOf(values.loginUrl)).host;
  if (status === 429 || status >= 500) {
    return new NodeError({
      class: status === 429 ? 'rate-limited' : 'transient',
      code: 'salesforce-sign-in-unavailable',
      message: `Salesforce could not sign in just now (status ${status}).`,
      remedy: 'Wait a little; the step tries again by itself where retries are on.',
      details: body,
    });
  }
  if (body.error === undefined) {
    return new NodeError({
      class: 'config',
      code: 'salesforce-address',
      message: `${host} does not answer as Salesforce (status ${status}).`,
      remedy: 'Check the My Domain address in the credential.',
      field: 'loginUrl',
    });
  }
  return new NodeError({
    class: 'auth',
    code: 'salesforce-sign-in-refused',
    message: `Salesforce refused the sign-in: ${body.error_description ?? body.error}.`,
    remedy: SIGN_IN_REMEDIES[body.error] ?? 'Check the values of the credential and test it again.',
    details: { error: body.error, description: body.error_description },
  });
}
