import { describe, it } from 'vitest';
import { withPostgres } from '../../tests/services.ts';
import { sqlContract } from './sql.contract.ts';

const service = await withPostgres();

if ('missing' in service) {
  describe('PostgreSQL', () => it.skip(service.missing));
} else {
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
