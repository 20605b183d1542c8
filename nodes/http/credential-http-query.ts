import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';
import { testAddressField, tryAddress } from './credential-test-address.ts';

export default defineCredential({
  type: 'http-query',
  title: 'Key in the address',
  connector: 'http',
  fields: z.object({
    name: field.text({ label: 'Parameter', placeholder: 'api_key' }),
    value: field.text({ label: 'Value', secret: true }),
    testAddress: testAddressField(),
  }),
  test: ({ name, value, testAddress }, ctx) => tryAddress(testAddress, { kind: 'query', name, value }, ctx),
});
