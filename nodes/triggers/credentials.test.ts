import axios from 'axios';
import { expect, it } from 'vitest';
import { testFiles } from '../../sdk/testing/index.ts';
import basic from './credential-webhook-basic.ts';
import hmac from './credential-webhook-hmac.ts';
import token from './credential-webhook-token.ts';

const world = {
  http: axios,
  egress: { check: async () => {} },
  files: testFiles(import.meta.dirname),
  signal: new AbortController().signal,
};

it('says what callers must send, without telling the secret', async () => {
  const messages = await Promise.all([
    token.test(token.fields.parse({ token: 'geheim' }), world),
    basic.test(basic.fields.parse({ user: 'ann', password: 'geheim' }), world),
    hmac.test(hmac.fields.parse({ secret: 'geheim' }), world),
  ]);
  expect(messages.map(({ message }) => message)).toEqual([
    'Callers must send this token in the header Authorization.',
    'Callers must sign in as ann.',
    'Callers must sign each call in the header X-Signature.',
  ]);
});

it('wants the secret', () => {
  for (const credential of [token, basic, hmac]) expect(credential.fields.safeParse({}).success).toBe(false);
});
