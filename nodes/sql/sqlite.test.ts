import { expect, it } from 'vitest';
import { runNode } from '../../sdk/testing/index.ts';
import query from './query.ts';
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

it('a column can have any name', async () => {
  const { ports } = await runNode(query, {
    params: { sql: 'select 1 as __proto__' },
    credentialType: 'sqlite',
    credential: { path: 'any.sqlite' },
  });
  expect(JSON.stringify(ports.records)).toBe('[{"__proto__":1}]');
});
