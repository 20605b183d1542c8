import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';
import { testAddressField, tryAddress } from './credential-test-address.ts';

export default defineCredential({
  type: 'http-bearer',
  title: 'Bearer token',
  connector: 'http',
  fields: z.object({
    token: field.text({ label: 'Token', secret: true }),
    testAddress: testAddressField(),
  }),
  test: ({ token, testAddress }, ctx) => tryAddress(testAddress, { kind: 'bearer', token }, ctx),
});
