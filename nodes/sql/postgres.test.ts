import axios from 'axios';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNode, testFiles } from '../../sdk/testing/index.ts';
import { withPostgres } from '../../tests/services.ts';
import credential from './credential-postgres.ts';
import { sqlContract } from './sql.contract.ts';
import upsert from './upsert.ts';

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

  describe('a user who may make no temporary tables', () => {
    const user = `sluice_no_temp_${process.pid}`;
    let admin: pg.Client;

    beforeAll(async () => {
      admin = new pg.Client(service.account);
      await admin.connect();
      await admin.query(`
        revoke temp on database ${service.account.database} from public;
        create role ${user} login password 'secret';
        create table no_stage (id bigint primary key, name text);
        grant select, insert, update on no_stage to ${user}`);
    });
    afterAll(async () => {
      await admin.query(
        `drop owned by ${user}; drop role ${user}; grant temp on database ${service.account.database} to public`,
      );
      await admin.end();
    });

    it('writes many rows all the same', async () => {
      const credential = { ...service.account, user, password: 'secret' };
      const own = new pg.Client(credential);
      await own.connect();
      await expect(own.query('create temp table stage (id bigint)')).rejects.toThrow('permission denied');
      await own.end();
      const inputs = Array.from({ length: 3_000 }, (_, id) => ({ id, name: `n${id}` }));
      for (const name of ['first', 'second']) {
        const { ports } = await runNode(upsert, {
          credential,
          credentialType: 'postgres',
          params: { table: 'no_stage', key: 'id' },
          inputs: inputs.map((record) => ({ ...record, name })),
        });
        expect(ports.records).toHaveLength(3_000);
        const { rows } = await admin.query(`select count(*)::int as n from no_stage where name = '${name}'`);
        expect(rows).toEqual([{ n: 3_000 }]);
      }
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
