import { describe, it } from 'vitest';
import { withMariadb } from '../../tests/services.ts';
import { sqlContract } from './sql.contract.ts';

const service = await withMariadb();

if ('missing' in service) {
  describe('MariaDB', () => it.skip(service.missing));
} else {
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
