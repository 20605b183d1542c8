import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

/** How callers of a webhook prove themselves. The values are those of the credentials `webhook-token`, `webhook-basic` and `webhook-hmac`. */

const tokenValues = z.object({ header: z.string().default('Authorization'), token: z.string() });
const basicValues = z.object({ user: z.string(), password: z.string() });
const hmacValues = z.object({
  secret: z.string(),
  format: z.enum(['body', 'stripe']).default('body'),
  header: z.string().default('X-Signature'),
  algorithm: z.enum(['sha256', 'sha1', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  prefix: z.string().default(''),
});

/** Seconds that a signature with a time in it holds. */
const SIGNATURE_HOLDS = 300;

export interface Presented {
  readonly headers: IncomingHttpHeaders;
  /** The body as it was sent. */
  readonly body: Buffer;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function isAllowed(auth: 'token' | 'basic' | 'hmac', values: unknown, presented: Presented): boolean {
  if (auth === 'token') return hasToken(tokenValues.parse(values), presented);
  if (auth === 'basic') return isSignedIn(basicValues.parse(values), presented);
  return isSigned(hmacValues.parse(values), presented);
}

function hasToken({ header, token }: z.output<typeof tokenValues>, { headers }: Presented): boolean {
  const given = one(headers[header.toLowerCase()]);
  const bare = header.toLowerCase() === 'authorization' ? given.replace(/^Bearer\s+/i, '') : given;
  return isSame(bare, token);
}

function isSignedIn({ user, password }: z.output<typeof basicValues>, { headers }: Presented): boolean {
  const given = /^Basic\s+(.+)$/i.exec(one(headers.authorization))?.[1] ?? '';
  return isSame(Buffer.from(given, 'base64').toString('utf8'), `${user}:${password}`);
}

function isSigned(values: z.output<typeof hmacValues>, presented: Presented): boolean {
  const given = one(presented.headers[values.header.toLowerCase()]);
  const sign = (text: Buffer | string) =>
    createHmac(values.algorithm, values.secret).update(text).digest(values.encoding);
  if (values.format === 'body') return isSame(given, values.prefix + sign(presented.body));
  const parts = given.split(',').map((part) => part.trim().split('=', 2) as [string, string?]);
  const time = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (Math.abs(presented.now / 1000 - Number(time)) > SIGNATURE_HOLDS || !/^\d+$/.test(time)) return false;
  const wanted = sign(Buffer.concat([Buffer.from(`${time}.`), presented.body]));
  return parts.some(([name, value]) => name === 'v1' && isSame(value ?? '', wanted));
}

/** Takes the same time whatever is wrong. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}

function one(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}
