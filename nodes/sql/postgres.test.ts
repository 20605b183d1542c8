import axios from 'axios';
import { describe, expect, it } from 'vitest';
import { testFiles } from '../../sdk/testing/index.ts';
import { withPostgres } from '../../tests/services.ts';
import credential from './credential-postgres.ts';
import { sqlContract } from './sql.contract.ts';

const service = await withPostgres();

if ('missing' in service) {
  // Only where no server answers and none can be started; the name of the test is the reason. Under CI this fails instead.
  describe('PostgreSQL', () => it.skip(service.missing));
} else {
  describe('PostgreSQL credential', () => {
    const context = {
      http: axios.create(),
      egress: { check: async () => {} },
      files: testFiles('.'),
      signal: new AbortController().signal,
    };

    it('says what it is connected to', async () => {
      const { message } = await credential.test(credential.fields.parse(service.account), context);
      expect(message).toMatch(/^Connected to PostgreSQL \d+\.\d+, database sluice_test_\w+, as \w+\.$/);
    });

    it('says which part is wrong', async () => {
      const account = credential.fields.parse({ ...service.account, database: 'no_such_database' });
      await expect(credential.test(account, context)).rejects.toMatchObject({
        class: 'config',
        code: 'sql-database-missing',
      });
    });
  });

  sqlContract(
    {
      title: 'PostgreSQL',
      accounts: 'create table accounts (id bigint primary key, name text, email text unique, score integer)',
      endless: 'select pg_sleep(60)',
      truth: true,
      instant: '2024-02-29T12:30:15.250Z',
    },
    async () => ({ credentialType: 'postgres', credential: { ...service.account }, close: service.close }),
  );
}
