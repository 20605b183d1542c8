import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { Cipher } from './cipher.ts';
import { CredentialVault } from './credential-vault.ts';

const crm = defineCredential({
  type: 'crm',
  title: 'CRM',
  connector: 'crm',
  practice: 'crm',
  fields: z.object({ url: field.text({ label: 'Address' }), token: field.text({ label: 'Token', secret: true }) }),
  test: async () => ({ message: 'fine' }),
});

function setUp(key = randomBytes(32)) {
  const db = openDatabase(':memory:');
  const make = (master: Uint8Array) =>
    new CredentialVault({
      db,
      cipher: new Cipher(master, 'credentials'),
      now: () => 1_000,
      types: [crm] as never,
      practiceValues: async (type) => (type === 'crm' ? { url: 'http://127.0.0.1:1', token: 'practice' } : undefined),
    });
  return { db, vault: make(key), make };
}

const given = {
  name: 'Our CRM',
  type: 'crm',
  mode: 'real',
  values: { url: 'https://crm.test', token: 's3cret-value' },
} as const;

test('tells all but the secrets, which are encrypted at rest', async () => {
  const { db, vault } = setUp();
  const made = vault.create(given);
  expect(made).toMatchObject({ id: 'our-crm', values: { url: 'https://crm.test' }, filled: ['token'] });
  expect(JSON.stringify(vault.list())).not.toContain('s3cret-value');
  const row = db.prepare('select sealed from credential').get();
  expect(Buffer.from(row?.sealed as Uint8Array).includes('s3cret-value')).toBe(false);
  expect(await vault.resolve('our-crm')).toEqual({ type: 'crm', values: given.values });
});

test('a blank secret keeps its value, a given one replaces it', async () => {
  const { vault } = setUp();
  vault.create(given);
  vault.change('our-crm', { values: { url: 'https://new.test', token: '' } });
  expect((await vault.resolve('our-crm')).values).toEqual({ url: 'https://new.test', token: 's3cret-value' });
  vault.change('our-crm', { values: { url: 'https://new.test', token: 'other' } });
  expect((await vault.resolve('our-crm')).values.token).toBe('other');
});

test('the switch to practice leaves the real values as they were', async () => {
  const { vault } = setUp();
  vault.create(given);
  vault.change('our-crm', { mode: 'practice' });
  expect((await vault.resolve('our-crm')).values.token).toBe('practice');
  vault.change('our-crm', { mode: 'real' });
  expect((await vault.resolve('our-crm')).values.token).toBe('s3cret-value');
});

test('refuses values that the kind of account cannot use, and says which', () => {
  const { vault } = setUp();
  expect(() => vault.create({ ...given, values: { token: 'x' } })).toThrow('url');
  expect(() => vault.create({ ...given, type: 'fax' })).toThrow('There is no kind of credential "fax"');
});

test('another key reads nothing, and says so', async () => {
  const { vault, make } = setUp();
  vault.create(given);
  const other = make(randomBytes(32));
  const [told] = other.list();
  expect(told).toMatchObject({ values: {}, filled: [], lastTest: { ok: false } });
  await expect(other.resolve('our-crm')).rejects.toMatchObject({ code: 'wrong-key' });
  expect(() => other.change('our-crm', { name: 'x' })).toThrow('encrypted with another key');
});

test('ids are made from names and stay unique', () => {
  const { vault } = setUp();
  expect(vault.create(given).id).toBe('our-crm');
  expect(vault.create(given).id).toBe('our-crm-2');
  expect(() => vault.create({ ...given, id: 'our-crm' })).toThrow('already a credential');
});

test('a credential that is gone is a fault of the set-up, with what to do', async () => {
  const { vault } = setUp();
  await expect(vault.resolve('gone')).rejects.toMatchObject({ code: 'no-such-credential', class: 'config' });
});
