import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunOptions, runNode, testFiles, testNode } from '../../sdk/testing/index.ts';
import duckdb from './credential-duckdb.ts';
import postgres from './credential-postgres.ts';
import sqlite from './credential-sqlite.ts';
import deleteRows from './delete.ts';
import execute from './execute.ts';
import insert from './insert.ts';
import query from './query.ts';
import upsert from './upsert.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-sql-nodes-'));
  const database = new DatabaseSync(join(folder, 'shop.sqlite'));
  database.exec(`
    create table scores (email text, score integer, updated_at text);
    create table contacts (id integer primary key, email text unique, score integer);
    create table accounts (id integer primary key, stage text);
  `);
  database.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const setUp = (): RunOptions => ({ folder, credentialType: 'sqlite', credential: { path: 'shop.sqlite' } });

testNode(query, { setUp });
testNode(execute, { setUp });
testNode(insert, { setUp });
testNode(upsert, { setUp });
testNode(deleteRows, { setUp });

describe('credentials', () => {
  const context = () => ({
    http: axios.create(),
    egress: { check: async () => {} },
    files: testFiles(folder),
    signal: new AbortController().signal,
  });

  it('say what they are connected to', async () => {
    expect((await sqlite.test({ path: 'shop.sqlite' }, context())).message).toMatch(
      /^Connected to SQLite 3\.\S+, file shop.sqlite\.$/,
    );
    expect((await duckdb.test({ path: 'a/warehouse.duckdb' }, context())).message).toMatch(
      /^Connected to DuckDB \S+, file warehouse.duckdb\.$/,
    );
  });

  it('say when nothing answers, and ask the egress guard before', async () => {
    const values = postgres.fields.parse({ host: '127.0.0.1', port: 1, database: 'x', user: 'x' });
    await expect(postgres.test(values, context())).rejects.toMatchObject({
      class: 'transient',
      code: 'sql-connection',
    });
    const egress = { check: () => Promise.reject(new Error('refused')) };
    await expect(postgres.test(values, { ...context(), egress })).rejects.toThrow('refused');
    const ctx = { egress };
    await expect(
      runNode(query, { ...setUp(), credentialType: 'postgres', credential: values, params: { sql: 'select 1' }, ctx }),
    ).rejects.toThrow('refused');
  });

  it('keep database files inside the file area, and databases inside their file', async () => {
    const failure = async (options: RunOptions) =>
      (await runNode(query, { ...setUp(), ...options, mayFail: true })).error;
    expect(await failure({ credential: { path: '../outside.sqlite' }, params: { sql: 'select 1' } })).toBeDefined();
    for (const sql of ["attach '/etc/passwd' as x", "vacuum into '/tmp/copy'"]) {
      const { error } = await runNode(execute, { ...setUp(), params: { sql }, mayFail: true });
      expect(error, sql).toBeDefined();
    }
    for (const sql of [
      "select * from read_text('/etc/passwd')",
      "attach '/tmp/x.duckdb'",
      "copy (select 1) to '/tmp/x.csv'",
    ]) {
      const options = {
        folder,
        credentialType: 'duckdb',
        credential: { path: 'w.duckdb' },
        params: { sql },
        mayFail: true,
      };
      expect((await runNode(execute, options)).error, sql).toMatchObject({ code: 'sql-outside' });
    }
  });
});
