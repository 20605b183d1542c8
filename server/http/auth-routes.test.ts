import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answer, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const owner = { name: 'Ada', email: 'Ada@Example.com', password: 'correct horse' };

const cookieOf = (answer: Answer) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

function as(cookie: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return server.call(method, path, {
    token: '',
    headers: { cookie, ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

test('the first to sign up is the owner; after that nobody can', async () => {
  expect((await as('', 'GET', '/session')).body).toEqual({ user: null, needsOwner: true });
  const made = await as('', 'POST', '/api/auth/sign-up/email', owner);
  expect(made.status).toBe(200);
  const [setCookie = ''] = made.headers.getSetCookie();
  expect(setCookie).toContain('HttpOnly');
  expect(setCookie).toContain('SameSite=Lax');
  const session = await as(cookieOf(made), 'GET', '/session');
  expect(session.body).toMatchObject({
    user: { name: 'Ada', email: 'ada@example.com', role: 'admin' },
    needsOwner: false,
  });
  const late = await as('', 'POST', '/api/auth/sign-up/email', { ...owner, email: 'eve@example.com' });
  expect(late).toMatchObject({ status: 403, body: { code: 'sign-up-closed' } });
});

test('of two that sign up at once one is the owner', async () => {
  const both = await Promise.all(
    ['a', 'b'].map((name) =>
      as('', 'POST', '/api/auth/sign-up/email', { ...owner, email: `${name}@example.com`, role: 'admin' }),
    ),
  );
  expect(both.map((answer) => answer.status).sort()).toEqual([200, 403]);
  expect((await server.call('GET', '/users')).body.users).toHaveLength(1);
});

test('sign-in takes the right password alone, and sign-out ends the session', async () => {
  await as('', 'POST', '/api/auth/sign-up/email', owner);
  const wrong = await as('', 'POST', '/api/auth/sign-in/email', { email: owner.email, password: 'wrong horse' });
  expect(wrong).toMatchObject({ status: 401, body: { code: 'sign-in-refused' } });
  expect(wrong.headers.getSetCookie()).toEqual([]);
  const unknown = await as('', 'POST', '/api/auth/sign-in/email', { email: 'x@example.com', password: 'wrong horse' });
  expect(unknown.body).toEqual(wrong.body);
  const right = await as('', 'POST', '/api/auth/sign-in/email', { email: owner.email, password: owner.password });
  const cookie = cookieOf(right);
  expect((await as(cookie, 'GET', '/workflows')).status).toBe(200);
  expect((await as(cookie, 'POST', '/api/auth/sign-out', {})).status).toBe(200);
  expect((await as(cookie, 'GET', '/workflows')).status).toBe(401);
  expect((await as(`${cookie}x`, 'GET', '/workflows')).status).toBe(401);
});

test('many wrong passwords are slowed down', async () => {
  await as('', 'POST', '/api/auth/sign-up/email', owner);
  const statuses = new Set<number>();
  for (let n = 0; n < 25; n++) {
    statuses.add(
      (await as('', 'POST', '/api/auth/sign-in/email', { email: owner.email, password: `guess ${n}` })).status,
    );
  }
  expect([...statuses].sort()).toEqual([401, 429]);
});

test.each([[{ ...owner, email: 'nobody' }], [{ ...owner, password: 'short' }], [{ ...owner, name: ' ' }], [{}], [[]]])(
  'a sign-up of %j is refused, and the place of the owner stays free',
  async (given) => {
    expect((await as('', 'POST', '/api/auth/sign-up/email', given)).status).toBe(400);
    expect((await as('', 'GET', '/session')).body.needsOwner).toBe(true);
  },
);

test('a page of another site changes nothing in the name of who is signed in here', async () => {
  const cookie = cookieOf(await as('', 'POST', '/api/auth/sign-up/email', owner));
  const vars = { vars: { a: 1 } };
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
    const refused = await as(cookie, 'PUT', '/vars', vars, headers as Record<string, string>);
    expect(refused).toMatchObject({ status: 403, body: { code: 'foreign-origin' } });
  }
  expect((await as(cookie, 'GET', '/vars')).body).toEqual({ vars: {} });
  expect((await as(cookie, 'PUT', '/vars', vars, { origin: server.url })).status).toBe(200);
});

test('an administrator makes users, changes their role and password, and deletes them', async () => {
  const cookie = cookieOf(await as('', 'POST', '/api/auth/sign-up/email', owner));
  const made = await as(cookie, 'POST', '/users', {
    name: 'Bo',
    email: 'bo@example.com',
    password: 'first pass',
    role: 'viewer',
  });
  expect(made).toMatchObject({ status: 201, body: { role: 'viewer' } });
  expect(
    (await as(cookie, 'POST', '/users', { name: 'Bo', email: 'BO@example.com', password: 'first pass' })).status,
  ).toBe(409);
  const signIn = async (password: string) =>
    as('', 'POST', '/api/auth/sign-in/email', { email: 'bo@example.com', password });
  const bo = cookieOf(await signIn('first pass'));
  expect((await as(bo, 'GET', '/users')).status).toBe(403);
  const token = (await as(bo, 'POST', '/tokens', { name: 'mine' })).body.token;
  const id = made.body.id;
  expect((await as(cookie, 'PATCH', `/users/${id}`, { role: 'operator', password: 'second pass' })).body.role).toBe(
    'operator',
  );
  expect((await as(bo, 'GET', '/workflows')).status).toBe(401);
  expect((await signIn('first pass')).status).toBe(401);
  expect((await signIn('second pass')).status).toBe(200);
  expect((await as(cookie, 'DELETE', `/users/${id}`)).status).toBe(204);
  expect((await server.call('GET', '/workflows', { token })).status).toBe(401);
  const me = (await as(cookie, 'GET', '/session')).body.user.id;
  expect((await as(cookie, 'PATCH', `/users/${me}`, { role: 'viewer' })).body.code).toBe('last-administrator');
  expect((await as(cookie, 'DELETE', `/users/${me}`)).status).toBe(409);
});

test('a role cannot be given to oneself', async () => {
  const cookie = cookieOf(await as('', 'POST', '/api/auth/sign-up/email', owner));
  await as(cookie, 'POST', '/users', { name: 'Bo', email: 'bo@example.com', password: 'first pass', role: 'viewer' });
  const bo = cookieOf(
    await as('', 'POST', '/api/auth/sign-in/email', { email: 'bo@example.com', password: 'first pass' }),
  );
  await as(bo, 'POST', '/api/auth/update-user', { role: 'admin' });
  expect((await as(bo, 'GET', '/session')).body.user.role).toBe('viewer');
});

test('a token is shown once, kept as a hash, and gone when revoked', async () => {
  const made = await server.call('POST', '/tokens', { body: { name: 'ci', role: 'viewer' } });
  const { id, token } = made.body;
  expect((await server.call('GET', '/workflows', { token })).status).toBe(200);
  expect(JSON.stringify((await server.call('GET', '/tokens')).body)).not.toContain(token);
  expect((await server.call('DELETE', `/tokens/${id}`)).status).toBe(204);
  expect((await server.call('GET', '/workflows', { token })).status).toBe(401);
});

test('who did what is kept', async () => {
  const cookie = cookieOf(await as('', 'POST', '/api/auth/sign-up/email', owner));
  await as('', 'POST', '/api/auth/sign-in/email', { email: owner.email, password: 'wrong' });
  await as(cookie, 'PUT', '/vars', { vars: { region: 'eu' } });
  const { entries } = (await as(cookie, 'GET', '/audit')).body;
  expect(entries.map((entry: { action: string }) => entry.action)).toEqual(['replaceVars', 'signInRefused', 'signUp']);
  expect(entries[0].who).toBe('Ada');
});
