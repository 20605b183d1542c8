import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { Fault } from '../fault.ts';

/** Everything comes from this server itself. Mantine and React Flow write style elements and attributes; scripts may not be inline. */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'"],
      fontSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      objectSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      workerSrc: ["'self'", 'blob:'],
    },
  },
  // Said by whoever ends TLS in front of us: over plain HTTP it means nothing, and on localhost it would harm.
  strictTransportSecurity: false,
  crossOriginEmbedderPolicy: false,
  referrerPolicy: { policy: 'same-origin' },
});

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A browser sends cookies with requests that other sites make; a change must come from our own pages. Tokens are not sent so, and pass. */
export const sameOriginOnly: RequestHandler = (req, _res, next) => {
  if (READING.has(req.method) || !isFromElsewhere(req.headers)) return next();
  next(
    new Fault({
      kind: 'forbidden',
      code: 'foreign-origin',
      message: 'This request comes from a page of another site.',
      remedy: 'Use the pages of this server, or an API token.',
    }),
  );
};

function isFromElsewhere(headers: Parameters<RequestHandler>[0]['headers']): boolean {
  if (headers.authorization !== undefined) return false;
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined) return site !== undefined && site !== 'same-origin' && site !== 'none';
  try {
    return new URL(origin).host !== host;
  } catch {
    return true;
  }
}
