import axios from 'axios';
import { describe, expect, it } from 'vitest';
import { testFiles } from '../../sdk/testing/index.ts';
import { withMariadb } from '../../tests/services.ts';
import credential from './credential-mysql.ts';
import { sqlContract } from './sql.contract.ts';

const service = await withMariadb();

if ('missing' in service) {
  // Only where no server answers and none can be started; the name of the test is the reason. Under CI this fails instead.
  describe('MariaDB', () => it.skip(service.missing));
} else {
  describe('MariaDB credential', () => {
    const context = {
      http: axios.create(),
      egress: { check: async () => {} },
      files: testFiles('.'),
      signal: new AbortController().signal,
    };

    it('says what it is connected to', async () => {
      const { message } = await credential.test(credential.fields.parse(service.account), context);
      expect(message).toMatch(/^Connected to MariaDB \d+\.\d+\.\d+, database sluice_test_\w+, as root@\S+\.$/);
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
      title: 'MariaDB',
      accounts:
        'create table accounts (id bigint primary key, name varchar(200), email varchar(200) unique, score integer)',
      endless: 'select sleep(60)',
      truth: 1,
      instant: '2024-02-29T12:30:15.250',
    },
    async () => ({ credentialType: 'mysql', credential: { ...service.account }, close: service.close }),
  );
}
