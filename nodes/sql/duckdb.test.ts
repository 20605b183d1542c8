import { sqlContract } from './sql.contract.ts';

sqlContract(
  {
    title: 'DuckDB',
    accounts: 'create table accounts (id bigint primary key, name varchar, email varchar unique, score integer)',
    endless: 'select count(*) from range(100000000000) t(i) where i % 7 = 3',
    truth: true,
    instant: '2024-02-29T12:30:15.250Z',
  },
  async () => ({ credentialType: 'duckdb', credential: { path: 'warehouse.duckdb' }, close: async () => {} }),
);
