import { createPublicKey, verify } from 'node:crypto';
import express, { type Request, type Response, Router } from 'express';
import type { Row } from '../database.ts';
import type { Org } from './org.ts';
import { findObject } from './schema.ts';
import { PRACTICE_APP } from './sessions.ts';

/** Ends a token request: `{ "error", "error_description" }`, as OAuth lays down. */
class OAuthError extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }
}

type Form = Record<string, string | undefined>;

const LOGIN_AUDIENCES = ['https://login.salesforce.com', 'https://test.salesforce.com'];

/** `/services/oauth2/*` and the identity URL. */
export function oauthRouter(org: Org): Router {
  const router = Router();
  router.use('/services/oauth2', express.urlencoded({ extended: false }));
  router.post('/services/oauth2/token', (req, res) => answerToken(org, req, res));
  router.all('/services/oauth2/revoke', (req, res) => {
    const token = String((req.body as Form | undefined)?.token ?? req.query.token ?? '');
    const revoked = org.sessions.revoke(token);
    log(org, req, 'oauth2/revoke', revoked ? 200 : 400);
    if (revoked) res.status(200).end();
    else
      res.status(400).json({ error: 'unsupported_token_type', error_description: 'this token type is not supported' });
  });
  router.post('/services/oauth2/introspect', (req, res) => {
    const session = org.sessions.find((req.body as Form).token ?? '');
    log(org, req, 'oauth2/introspect', 200);
    res.json(
      session
        ? { active: true, scope: 'full', client_id: PRACTICE_APP.clientId, sub: session.userId }
        : { active: false },
    );
  });
  router.all('/services/oauth2/userinfo', (req, res) => answerIdentity(org, req, res, 'oauth2/userinfo'));
  router.get('/id/:organizationId/:userId', (req, res) => answerIdentity(org, req, res, 'identity'));
  return router;
}

function answerToken(org: Org, req: Request, res: Response): void {
  try {
    const form = withBasicClient(req);
    const user = grant(org, form);
    const accessToken = org.sessions.issue(user);
    const refresh = form.grant_type === 'password' || form.grant_type === 'authorization_code';
    log(org, req, 'oauth2/token', 200);
    res.set('Cache-Control', 'no-cache, no-store').json({
      access_token: accessToken,
      ...(refresh ? { refresh_token: org.sessions.issueRefresh(user) } : {}),
      scope: 'api refresh_token full',
      instance_url: org.url,
      id: `${org.url}/id/${org.organizationId}/${user}`,
      token_type: 'Bearer',
      issued_at: String(org.clock()),
    });
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    log(org, req, 'oauth2/token', 400);
    res.status(400).json({ error: error.code, error_description: error.message });
  }
}

/** @returns the id of the user who is signed in */
function grant(org: Org, form: Form): string {
  switch (form.grant_type) {
    case 'client_credentials':
      checkClient(form, true);
      return org.userId;
    case 'password':
      checkClient(form, true);
      if (form.username !== PRACTICE_APP.username || !form.password?.startsWith(PRACTICE_APP.password)) {
        throw new OAuthError('invalid_grant', 'authentication failure');
      }
      return org.userId;
    case 'refresh_token': {
      checkClient(form, false);
      const session = org.sessions.findRefresh(form.refresh_token ?? '');
      if (!session) throw new OAuthError('invalid_grant', 'expired access/refresh token');
      return session.userId;
    }
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return jwtUser(org, form.assertion ?? '');
    default:
      throw new OAuthError('unsupported_grant_type', 'grant type not supported');
  }
}

function checkClient(form: Form, secretNeeded: boolean): void {
  if (form.client_id !== PRACTICE_APP.clientId) {
    throw new OAuthError('invalid_client_id', 'client identifier invalid');
  }
  if ((secretNeeded || form.client_secret) && form.client_secret !== PRACTICE_APP.clientSecret) {
    throw new OAuthError('invalid_client', 'invalid client credentials');
  }
}

function jwtUser(org: Org, assertion: string): string {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const head = decode(header);
  const claims = decode(payload);
  if (!head || !claims) throw new OAuthError('invalid_grant', 'invalid assertion');
  if (claims.iss !== PRACTICE_APP.clientId) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  const signed = Buffer.from(`${header}.${payload}`);
  const key = createPublicKey(org.publicKey);
  if (head.alg !== 'RS256' || !verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) {
    throw new OAuthError('invalid_grant', 'invalid assertion');
  }
  const audiences = [...LOGIN_AUDIENCES, org.url, `${org.url}/services/oauth2/token`];
  if (!audiences.includes(String(claims.aud).replace(/\/$/, ''))) {
    throw new OAuthError('invalid_grant', 'audience is invalid');
  }
  if (typeof claims.exp !== 'number' || claims.exp * 1000 < org.clock()) {
    throw new OAuthError('invalid_grant', 'assertion has expired');
  }
  const user = userByName(org, String(claims.sub ?? claims.prn));
  if (!user) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  return String(user.Id);
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function userByName(org: Org, username: string): Row | undefined {
  return org.db.get('SELECT * FROM "sf_User" WHERE "Username" = ? AND "IsActive" = 1', username);
}

/** OAuth lets a client name itself in the Authorization header instead of the form. */
function withBasicClient(req: Request): Form {
  const form: Form = { ...(req.query as Form), ...(req.body as Form | undefined) };
  const basic = /^Basic (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (!basic) return form;
  const [id, secret] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
  return {
    ...form,
    ...(id === undefined ? {} : { client_id: id }),
    ...(secret === undefined ? {} : { client_secret: secret }),
  };
}

function answerIdentity(org: Org, req: Request, res: Response, operation: string): void {
  const token =
    bearerToken(req) ?? String((req.body as Form | undefined)?.access_token ?? req.query.access_token ?? '');
  const session = org.sessions.find(token);
  const User = findObject('User');
  const user = session && User ? org.records.byId(User, session.userId) : undefined;
  log(org, req, operation, user ? 200 : 403);
  if (!user) {
    res.status(403).send('Bad_OAuth_Token');
    return;
  }
  res.json({
    id: `${org.url}/id/${org.organizationId}/${user.Id}`,
    asserted_user: true,
    sub: `${org.url}/id/${org.organizationId}/${user.Id}`,
    user_id: user.Id,
    organization_id: org.organizationId,
    username: user.Username,
    preferred_username: user.Username,
    nick_name: user.Alias,
    nickname: user.Alias,
    display_name: user.Name,
    name: user.Name,
    given_name: user.FirstName,
    family_name: user.LastName,
    email: user.Email,
    email_verified: true,
    zoneinfo: user.TimeZoneSidKey,
    active: true,
    is_app_installed: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    urls: {
      rest: `${org.url}/services/data/v{version}/`,
      sobjects: `${org.url}/services/data/v{version}/sobjects/`,
      query: `${org.url}/services/data/v{version}/query/`,
      enterprise: `${org.url}/services/Soap/c/{version}/${org.organizationId.slice(0, 15)}`,
      partner: `${org.url}/services/Soap/u/{version}/${org.organizationId.slice(0, 15)}`,
      profile: `${org.url}/${user.Id}`,
    },
  });
}

export function bearerToken(req: Request): string | undefined {
  return /^(?:Bearer|OAuth) (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
}

function log(org: Org, req: Request, operation: string, status: number): void {
  org.requests.add({ operation, method: req.method, path: req.path, status, written: 0 });
}
