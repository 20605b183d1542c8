import { describe, expect, it } from 'vitest';
import { matchByName } from './column-matching.ts';

describe('matching columns by name', () => {
  it('matches over case, spaces and signs, and keeps what is mapped', () => {
    expect(
      matchByName(['Account Name', 'Email__c', 'id', 'other'], ['account_name', 'email', 'ID'], { id: 'fixed' }),
    ).toEqual({
      'Account Name': '={{ $json.account_name }}',
      Email__c: '={{ $json.email }}',
      id: 'fixed',
    });
  });
});
