import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';
import { testAddressField, tryAddress } from './credential-test-address.ts';

export default defineCredential({
  type: 'http-basic',
  title: 'User and password (Basic)',
  connector: 'http',
  fields: z.object({
    user: field.text({ label: 'User' }),
    password: field.longText({ label: 'Password', secret: true }).default(''),
    testAddress: testAddressField(),
  }),
  test: ({ user, password, testAddress }, ctx) => tryAddress(testAddress, { kind: 'basic', user, password }, ctx),
});
