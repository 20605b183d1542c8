import { sqlContract } from './sql.contract.ts';

sqlContract(
  {
    title: 'SQLite',
    accounts: 'create table accounts (id bigint not null primary key, name text, email text unique, score integer)',
    endless: 'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n',
    truth: true,
    instant: '2024-02-29T12:30:15.250Z',
  },
  async () => ({ credentialType: 'sqlite', credential: { path: 'db/test.sqlite' }, close: async () => {} }),
);
