import { expect, test } from 'vitest';
import { rowOf } from './row.ts';

const PARENT = '0015g00000ABCDEAA1';

test('rows know their parents, named either way, so that siblings can stand together', () => {
  expect(rowOf({ 'Account.Ext_Id__c': 'A-1', AccountId: PARENT, Name: PARENT }).parents).toBe(
    `Account=A-1\nAccountId=${PARENT}`,
  );
  expect(rowOf({ Account: { Ext_Id__c: 'A-1' } })).toEqual(rowOf({ 'Account.Ext_Id__c': 'A-1' }));
});

test('an empty text clears a field, nothing leaves it out, and a parent without a value is left alone', () => {
  expect(rowOf({ Phone: '', Fax: undefined, Title: null, 'Account.Ext_Id__c': '' }).body).toEqual({
    Phone: null,
    Title: null,
  });
});

test('the key is found whatever its case, and numbers are keys too', () => {
  expect(rowOf({ ext_id__c: 7, Name: 'x' }, 'Ext_Id__c')).toMatchObject({
    key: '7',
    body: { Ext_Id__c: 7, Name: 'x' },
  });
  expect(() => rowOf({ Ext_Id__c: '' }, 'Ext_Id__c')).toThrow('no value for Ext_Id__c');
});
