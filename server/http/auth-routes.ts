import express, { Router } from 'express';
import { z } from 'zod';
import type { Accounts } from '../auth/accounts.ts';
import { signUpClosed } from '../auth/accounts.ts';
import type { Audit } from '../auth/audit.ts';
import { Fault } from '../fault.ts';
import { OnDemand } from '../on-demand.ts';
import { problemOf, sendProblem, wrongShape } from './problem-response.ts';

const newOwner = z.object({
  name: z.string().trim().min(1, 'Give your name').max(200),
  email: z.email('Give an e-mail address'),
  password: z.string().min(8, 'Use at least 8 characters').max(128, 'Use at most 128 characters'),
});

/** `/api/auth/*`: better-auth's routes, with refusals in our form; signing up makes the owner and nobody else. */
export function authRoutes({ accounts, audit }: { accounts: Accounts; audit: Audit }): Router {
  const router = Router();
  const slowDown = new OnDemand(async () =>
    (await import('express-rate-limit')).rateLimit({
      windowMs: 60_000,
      limit: 20,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      skipSuccessfulRequests: true,
      handler: (_req, res) => sendProblem(res, problemOf(tooMany())),
    }),
  );
  router.use(['/sign-in', '/sign-up', '/change-password'], async (req, res, next) =>
    (await slowDown.get())(req, res, next),
  );
  router.use(express.json({ limit: '64kb' }));

  router.post('/sign-up/email', async (req, res) => {
    if (accounts.hasUsers()) throw signUpClosed();
    const given = newOwner.safeParse(req.body);
    if (!given.success) throw wrongShape(given.error, req.body);
    const owner = await accounts.create({ ...given.data, role: 'admin' }, { onlyFirst: true });
    audit.write({ who: owner.name, action: 'signUp', target: owner.id });
    const { email, password } = given.data;
    await send(
      res,
      await accounts.respond({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        headers: req.headers,
        body: { email, password },
      }),
    );
  });

  router.use(async (req, res) => {
    const answer = await accounts.respond({
      method: req.method,
      url: req.originalUrl,
      headers: req.headers,
      body: req.body,
    });
    if (req.path === '/sign-in/email') {
      const who = (req.body as { email?: unknown } | undefined)?.email;
      audit.write({ who: String(who ?? 'nobody').slice(0, 200), action: answer.ok ? 'signIn' : 'signInRefused' });
    }
    await send(res, answer);
  });
  return router;
}

async function send(res: express.Response, answer: Response): Promise<void> {
  if (answer.status >= 400) {
    sendProblem(res, problemOf(await faultOf(answer)));
    return;
  }
  res.status(answer.status);
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') res.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) res.setHeader('set-cookie', cookies);
  res.end(Buffer.from(await answer.arrayBuffer()));
}

async function faultOf(answer: Response): Promise<Fault> {
  const { message, code } = (await answer.json().catch(() => ({}))) as { message?: string; code?: string };
  if (answer.status === 401) {
    return new Fault({
      kind: 'unauthenticated',
      code: 'sign-in-refused',
      message: 'E-mail address and password do not belong together.',
      remedy: 'Check both. An administrator can set a new password under Settings.',
    });
  }
  if (answer.status === 404) {
    return new Fault({ kind: 'not-found', code: 'no-such-address', message: 'There is nothing at this address.' });
  }
  return new Fault({
    kind: answer.status === 403 ? 'forbidden' : 'bad-request',
    code: (code ?? 'bad-request').toLowerCase().replaceAll('_', '-'),
    message: message ?? 'The request could not be understood.',
    remedy: 'Check what you sent.',
  });
}

function tooMany(): Fault {
  return new Fault({
    kind: 'too-many-requests',
    code: 'too-many-tries',
    message: 'There were too many tries from this address.',
    remedy: 'Wait a minute, then try again.',
  });
}
