import axios from 'axios';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Practice, type SalesforcePractice, startPractice } from '../../practice/practice.ts';
import { reportOf } from '../../sdk/index.ts';
import { testFiles } from '../../sdk/testing/test-files.ts';
import credential, { type SalesforceValues } from './credential-salesforce.ts';

let services: Practice;
let practice: SalesforcePractice;

beforeAll(async () => {
  services = await startPractice();
  practice = services.salesforce;
});
afterAll(() => services.close());

const tried = (values: Partial<SalesforceValues>) => {
  const { signal } = new AbortController();
  const filled: SalesforceValues = { ...practice.credentials, auth: 'client-credentials', ...values };
  return credential.test(filled, {
    http: axios.create(),
    egress: { check: async () => undefined },
    files: testFiles('.'),
    signal,
  });
};
const refusal = (values: Partial<SalesforceValues>) => tried(values).then(() => undefined, reportOf);

test('both ways of signing in say who they are', async () => {
  const message = 'Connected to Sluice Practice as robin.practice@practice.example';
  expect(await tried({})).toEqual({ message });
  expect(await tried({ auth: 'jwt' })).toEqual({ message });
});

test('a refused sign-in says what to check', async () => {
  expect(await refusal({ clientSecret: 'wrong' })).toMatchObject({
    class: 'auth',
    message: 'Salesforce refused the sign-in: invalid client credentials.',
    remedy: 'Check the consumer key and consumer secret of the app in Setup.',
  });
  expect(await refusal({ auth: 'jwt', username: 'nobody@practice.example' })).toMatchObject({ class: 'auth' });
  expect(await refusal({ clientSecret: '' })).toMatchObject({ class: 'config', field: 'clientSecret' });
  expect(await refusal({ auth: 'jwt', privateKey: 'not a key' })).toMatchObject({
    class: 'config',
    field: 'privateKey',
  });
});

test('an address that is none, or insecure, or not Salesforce is told apart', async () => {
  expect(await refusal({ loginUrl: 'http://example.com' })).toMatchObject({
    class: 'config',
    code: 'salesforce-address',
  });
  expect(await refusal({ loginUrl: 'my company' })).toMatchObject({ class: 'config', code: 'salesforce-address' });
  expect(await refusal({ loginUrl: 'http://127.0.0.1:1' })).toMatchObject({ class: 'transient' });
});

test('no refusal repeats a secret', async () => {
  const report = await refusal({ clientSecret: 'very-secret-value', clientId: 'unknown' });
  expect(JSON.stringify(report)).not.toContain('very-secret-value');
});
