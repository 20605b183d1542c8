import { describe, expect, it } from 'vitest';
import type { CredentialType } from '../../spec/api/credential.ts';
import { fieldsOf, missingIn, sentValues, shownFields } from './credential-form.ts';

const type: CredentialType = {
  type: 'crm',
  title: 'CRM',
  connector: 'crm',
  practice: true,
  fields: {
    type: 'object',
    required: ['url'],
    properties: {
      auth: { type: 'string', default: 'secret', ui: { kind: 'choice', label: 'Sign in with' } },
      url: { type: 'string', ui: { kind: 'text', label: 'Address' } },
      secret: {
        type: 'string',
        ui: { kind: 'text', label: 'Secret', secret: true, showWhen: { param: 'auth', is: ['secret'] } },
      },
      key: {
        type: 'string',
        ui: { kind: 'text', label: 'Key', secret: true, showWhen: { param: 'auth', is: ['key'] } },
      },
    },
  },
};
const fields = fieldsOf(type);
const names = (values: Record<string, unknown>) => shownFields(fields, values).map(({ name }) => name);

describe('the form of a credential', () => {
  it('shows what the chosen way of signing in asks for, the preset one at first', () => {
    expect(names({})).toEqual(['auth', 'url', 'secret']);
    expect(names({ auth: 'key' })).toEqual(['auth', 'url', 'key']);
  });

  it('asks for what is missing, but not for secrets that are kept', () => {
    expect(missingIn(fields, {}, new Set())).toEqual({ url: 'Fill in: Address', secret: 'Fill in: Secret' });
    expect(missingIn(fields, { url: 'x', secret: '' }, new Set(['secret']))).toEqual({});
  });

  it('sends presets, and neither blanks nor what is hidden', () => {
    expect(sentValues(fields, { url: 'x', secret: '', key: 'left over' })).toEqual({ auth: 'secret', url: 'x' });
  });
});
