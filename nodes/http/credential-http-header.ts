import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';
import { testAddressField, tryAddress } from './credential-test-address.ts';

export default defineCredential({
  type: 'http-header',
  title: 'Key in a header',
  connector: 'http',
  fields: z.object({
    name: field.text({ label: 'Header', placeholder: 'X-Api-Key' }),
    value: field.text({ label: 'Value', secret: true }),
    testAddress: testAddressField(),
  }),
  test: ({ name, value, testAddress }, ctx) => tryAddress(testAddress, { kind: 'header', name, value }, ctx),
});
