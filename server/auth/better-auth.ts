import type { IncomingHttpHeaders } from 'node:http';
import { betterAuth } from 'better-auth';
import { fromNodeHeaders } from 'better-auth/node';
import type { Database } from '../storage/sqlite/database.ts';

/** What we use of better-auth. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Id of the user whose session cookie it is. */
  sessionUser(headers: IncomingHttpHeaders): Promise<string | undefined>;
  /** Serves a request below `/api/auth`. */
  respond(request: AuthRequest): Promise<Response>;
}

export interface AuthRequest {
  readonly method: string;
  /** Path and query, from `/api/auth` on. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON. */
  readonly body: unknown;
}

const BASE = 'http://localhost';
/** Seconds. */
const SESSION_LASTS = 14 * 24 * 3600;

export async function createPasswords(db: Database, secret: string): Promise<Passwords> {
  const auth = betterAuth({
    appName: 'Sluice',
    database: db,
    secret,
    basePath: '/api/auth',
    // The server is reached under whatever name the caller used; it checks origins itself before it comes here.
    baseURL: BASE,
    emailAndPassword: {
      enabled: true,
      autoSignIn: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      disableSignUp: true,
    },
    user: { additionalFields: { role: { type: 'string', input: false, required: true, defaultValue: 'viewer' } } },
    session: { expiresIn: SESSION_LASTS, updateAge: 24 * 3600 },
    advanced: {
      cookiePrefix: 'sluice',
      useSecureCookies: false,
      disableOriginCheck: true,
      disableCSRFCheck: true,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  });
  const context = await auth.$context;
  return {
    hash: context.password.hash,
    sessionUser: async (headers) => (await auth.api.getSession({ headers: fromNodeHeaders(headers) }))?.user.id,
    respond: ({ method, url, headers, body }) => {
      const sent = fromNodeHeaders(headers);
      sent.delete('content-length');
      const hasBody = method !== 'GET' && method !== 'HEAD' && body !== undefined;
      return auth.handler(
        new Request(new URL(url, BASE), { method, headers: sent, ...(hasBody ? { body: JSON.stringify(body) } : {}) }),
      );
    },
  };
}
