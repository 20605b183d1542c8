// Long, for it is the one contract that every dialect runs, from reading to rejecting.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataRecord, NodeDefinition, Verdict } from '../../sdk/index.ts';
import { type RunOptions, runNode } from '../../sdk/testing/index.ts';
import deleteRows from './delete.ts';
import execute from './execute.ts';
import insert from './insert.ts';
import query from './query.ts';
import upsert from './upsert.ts';

export interface SqlUnderTest {
  readonly credential: DataRecord;
  readonly credentialType: string;
  close(): Promise<void>;
}

export interface SqlExpectations {
  readonly title: string;
  /** How a table of the contract is made; each dialect in its own words. */
  readonly accounts: string;
  /** A SELECT that would run for a minute or longer. */
  readonly endless: string;
  /** What a truth value reads as. */
  readonly truth: unknown;
  /** How an instant reads that was written to a table made by the step itself. */
  readonly instant: string;
}

/** What every dialect keeps, against the real database. Long, for it is one list of promises that all four are held to. */
export function sqlContract(expected: SqlExpectations, open: () => Promise<SqlUnderTest>): void {
  describe(expected.title, () => {
    let sql: SqlUnderTest;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sluice-sql-'));
      sql = await open();
    });
    afterAll(async () => {
      await sql?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const run = (node: unknown, options: RunOptions) =>
      runNode(node as NodeDefinition, {
        folder,
        credential: sql.credential,
        credentialType: sql.credentialType,
        ...options,
      });
    const write = (node: unknown, params: DataRecord, inputs: readonly DataRecord[]) => run(node, { params, inputs });
    const select = async (text: string, values: DataRecord = {}): Promise<DataRecord[]> =>
      (await run(query, { params: { sql: text, values } })).ports.records ?? [];
    const statement = (text: string) => run(execute, { params: { sql: text } });
    const failure = async (node: unknown, options: RunOptions) =>
      (await run(node, { ...options, mayFail: true })).error;
    const accounts = async (name: string) => {
      await statement(expected.accounts.replaceAll('accounts', name));
      return name;
    };

    describe('query', () => {
      it('binds named values and never splices them', async () => {
        const nasty = "x'; drop table nothing; --";
        expect(await select("select :a as a, ':a' as b", { a: nasty })).toEqual([{ a: nasty, b: ':a' }]);
      });

      it('streams many rows in batches and in order', async () => {
        const table = await accounts('many');
        const inputs = Array.from({ length: 5_000 }, (_, i) => ({ id: i, name: `n${i}` }));
        await write(insert, { table }, inputs);
        const { ports, effects } = await run(query, { params: { sql: `select id, name from ${table} order by id` } });
        expect(ports.records).toEqual(inputs);
        expect(effects.progress.length).toBeGreaterThan(1);
      });

      it('takes a list inside in (...)', async () => {
        const table = await accounts('lists');
        await write(insert, { table }, [{ id: 1 }, { id: 2 }, { id: 3 }]);
        expect(await select(`select id from ${table} where id in (:ids) order by id`, { ids: [1, 3] })).toEqual([
          { id: 1 },
          { id: 3 },
        ]);
      });

      it('runs once for each record when a value reads the record', async () => {
        const table = await accounts('one_each');
        await write(insert, { table }, [
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ]);
        const { ports, origins } = await run(query, {
          params: { sql: `select name from ${table} where id = :id`, values: { id: '={{ $json.id }}' } },
          inputs: [{ id: 2 }, { id: 1 }, { id: 9 }],
        });
        expect(ports.records).toEqual([{ name: 'b' }, { name: 'a' }]);
        expect(origins.records).toEqual([0, 1]);
      });

      it('refuses to write', async () => {
        const table = await accounts('guarded');
        expect(await failure(query, { params: { sql: `insert into ${table} (id) values (1)` } })).toMatchObject({
          class: 'config',
        });
        expect(await select(`select count(*) as n from ${table}`)).toEqual([{ n: 0 }]);
      });

      it('stops with the signal', async () => {
        const stop = new AbortController();
        const running = run(query, { params: { sql: expected.endless }, signal: stop.signal });
        setTimeout(() => stop.abort(new Error('cancelled')), 200);
        await expect(running).rejects.toThrow('cancelled');
      });

      it('says where the SQL is wrong, and which table or column is not there', async () => {
        expect(await failure(query, { params: { sql: 'selec 1' } })).toMatchObject({
          class: 'config',
          code: 'sql-syntax',
        });
        expect(await failure(query, { params: { sql: 'select * from nowhere_at_all' } })).toMatchObject({
          class: 'not-found',
          code: 'sql-table-missing',
        });
        const table = await accounts('named');
        expect(await failure(query, { params: { sql: `select absent_column from ${table}` } })).toMatchObject({
          class: 'config',
          code: 'sql-column-missing',
        });
        expect(await failure(query, { params: { sql: 'select :since' } })).toMatchObject({ code: 'sql-value-missing' });
      });
    });

    describe('values', () => {
      it('come back as they were written', async () => {
        const row = {
          id: '9007199254740993',
          small: -42,
          amount: 12.5,
          yes: true,
          day: '2024-02-29',
          at: '2024-02-29T12:30:15.250Z',
          text: 'Zoë "quoted" \\ \'single\' 🙂\n\ttab',
          nested: { a: [1, { b: null }], c: '9007199254740993' },
          list: ['x', 'y'],
          empty: null,
        };
        const first = { ...row, id: 1 };
        await write(upsert, { table: 'kinds', key: 'id', createTable: true }, [first, row]);
        expect(await select('select * from kinds where id = :id', { id: row.id })).toEqual([
          { ...row, yes: expected.truth, at: expected.instant },
        ]);
      });

      it('keep every digit of integers and decimals', async () => {
        await statement('create table digits (big bigint, price decimal(38, 18))');
        const { ports } = await write(insert, { table: 'digits' }, [
          { big: '-9223372036854775808', price: '12345678901234567890.123456789012345678' },
          { big: 9007199254740991, price: 0.1 },
        ]);
        expect(ports.rejected).toBeUndefined();
        const [row] = await select('select big from digits order by big');
        expect(row).toEqual({ big: '-9223372036854775808' });
      });
    });

    describe('upsert', () => {
      it('adds and updates, leaves other columns alone, and changes no row twice', async () => {
        const table = await accounts('upserts');
        await write(insert, { table }, [{ id: 1, name: 'old', email: 'a@x' }]);
        const params = { table, key: 'id' };
        const inputs = [
          { id: 1, name: 'new' },
          { id: 2, name: 'two', email: 'b@x' },
        ];
        for (let i = 0; i < 2; i++) {
          const { ports } = await write(upsert, params, inputs);
          expect(ports.records).toEqual(inputs);
        }
        expect(await select(`select id, name, email from ${table} order by id`)).toEqual([
          { id: 1, name: 'new', email: 'a@x' },
          { id: 2, name: 'two', email: 'b@x' },
        ]);
      });

      it('takes the last of several records with one key', async () => {
        const table = await accounts('repeats');
        const { ports } = await write(upsert, { table, key: ['id'] }, [
          { id: 1, name: 'first', email: 'kept' },
          { id: 2, name: 'other' },
          { id: '1', name: 'last' },
        ]);
        expect(ports.records).toHaveLength(3);
        expect(await select(`select id, name, email from ${table} order by id`)).toEqual([
          { id: 1, name: 'last', email: 'kept' },
          { id: 2, name: 'other', email: null },
        ]);
      });

      it('matches on several columns, and on a unique column that is not the primary key', async () => {
        await write(upsert, { table: 'pairs', key: ['a', 'b'], createTable: true }, [{ a: 'x', b: 1, n: 1 }]);
        await write(upsert, { table: 'pairs', key: ['a', 'b'] }, [
          { a: 'x', b: 1, n: 2 },
          { a: 'x', b: 2, n: 3 },
        ]);
        expect(await select('select a, b, n from pairs order by b')).toEqual([
          { a: 'x', b: 1, n: 2 },
          { a: 'x', b: 2, n: 3 },
        ]);
        const table = await accounts('emails');
        await write(insert, { table }, [{ id: 1, email: 'a@x', name: 'old' }]);
        await write(upsert, { table, key: 'email' }, [{ id: 1, email: 'a@x', name: 'new' }]);
        expect(await select(`select id, name from ${table}`)).toEqual([{ id: 1, name: 'new' }]);
      });

      it('writes very many records: the last of each key, whatever characters they hold', async () => {
        const table = await accounts('very_many');
        await write(insert, { table }, [{ id: 3, name: 'old', email: 'kept@x' }]);
        const odd = ['', 'tab\there', 'line\nbreak\r\n', 'back\\slash\\N', "quo'te", '🙂 Zoë', '\\.', null];
        const inputs = Array.from({ length: 12_000 }, (_, i) => ({
          name: odd[i % odd.length] ?? null,
          id: i % 10_500,
          score: i,
        }));
        const { ports, calls } = await write(upsert, { table, key: 'id' }, inputs);
        expect(ports.records).toEqual(inputs);
        expect(calls.map(({ result }) => result)).toEqual([undefined, undefined]);
        expect(await select(`select count(*) as n, max(score) as top from ${table}`)).toEqual([
          { n: 10_500, top: 11_999 },
        ]);
        const rows = await select(`select id, name, email, score from ${table} where id < 1600 order by id`);
        expect(rows[3]).toEqual({ id: 3, name: odd[10_503 % odd.length] ?? null, email: 'kept@x', score: 10_503 });
        for (const row of rows) {
          const from = Number(row.id) < 1_500 ? Number(row.id) + 10_500 : Number(row.id);
          expect(row).toMatchObject({ score: from, name: odd[from % odd.length] ?? null });
        }
      });

      it('never overwrites a row that clashes on another unique column', async () => {
        const table = await accounts('clashes');
        await write(insert, { table }, [{ id: 1, email: 'a@x', name: 'one' }]);
        const { ports } = await write(upsert, { table, key: 'id' }, [
          { id: 2, email: 'a@x', name: 'two' },
          { id: 3, email: 'c@x' },
        ]);
        expect(ports.records).toEqual([{ id: 3, email: 'c@x' }]);
        expect(ports.rejected).toMatchObject([{ id: 2, _rejected: { code: 'sql-duplicate' } }]);
        expect(await select(`select id, name from ${table} order by id`)).toEqual([
          { id: 1, name: 'one' },
          { id: 3, name: null },
        ]);
      });

      it('refuses a key that is not unique, and an empty one', async () => {
        const table = await accounts('keyless');
        expect(await failure(upsert, { params: { table, key: 'name' }, inputs: [{ name: 'x' }] })).toMatchObject({
          class: 'config',
          code: 'sql-key-not-unique',
        });
        const { ports } = await write(upsert, { table, key: 'id' }, [
          { id: null, name: 'x' },
          { id: 5, name: 'y' },
        ]);
        expect(ports.rejected).toMatchObject([{ name: 'x', _rejected: { code: 'sql-key-empty', field: 'id' } }]);
        expect(ports.records).toEqual([{ id: 5, name: 'y' }]);
      });
    });

    describe('rejected records', () => {
      it('go out with the reason and the field, and all others are written', async () => {
        const table = await accounts('mixed');
        const inputs = Array.from({ length: 300 }, (_, i): DataRecord => ({ id: i, name: `n${i}`, score: i }));
        inputs[7] = { id: 7, name: 'bad score', score: 'abc' };
        inputs[100] = { id: 99, name: 'the second 99', score: 1 };
        inputs[299] = { id: 299, name: 'fraction', score: 1.5 };
        inputs[42] = { id: null, name: 'no id', score: 1 };
        const { ports, calls } = await write(insert, { table }, inputs);
        expect(ports.rejected?.map((record) => record.name)).toEqual([
          'bad score',
          'no id',
          'the second 99',
          'fraction',
        ]);
        expect(ports.rejected?.[0]).toMatchObject({
          _rejected: { code: 'sql-value', field: 'score', message: expect.stringContaining('abc') },
        });
        expect(ports.rejected?.[1]).toMatchObject({ _rejected: { code: 'sql-constraint', field: 'id' } });
        expect(ports.rejected?.[2]).toMatchObject({ _rejected: { code: 'sql-duplicate' } });
        expect(ports.records).toHaveLength(296);
        expect(calls).toHaveLength(1);
        expect(await select(`select count(*) as n from ${table}`)).toEqual([{ n: 296 }]);
      });

      it('among very many are found, and the others are written', async () => {
        const table = await accounts('few_bad');
        await write(insert, { table }, [{ id: -1, email: 'taken@x' }]);
        const inputs = Array.from({ length: 3_000 }, (_, i): DataRecord => ({ id: i, name: `n${i}`, score: i }));
        inputs[1_234] = { id: 1_234, name: 'too large', score: '99999999999999999999999' };
        inputs[2_222] = { id: 2_222, name: 'no number', score: 'abc' };
        inputs[2_500] = { id: 2_500, name: 'clash', score: 1, email: 'taken@x' };
        inputs[2_999] = { id: 7, name: 'the second 7', score: 'x' };
        const { ports } = await write(upsert, { table, key: 'id' }, inputs);
        const refused = ports.rejected?.map(({ name }) => name);
        expect(refused).toEqual(
          expected.title === 'SQLite'
            ? ['no number', 'clash', 'the second 7']
            : ['too large', 'no number', 'clash', 'the second 7'],
        );
        expect(await select(`select count(*) as n from ${table} where id >= 0`)).toEqual([
          { n: 3_000 - (refused?.length ?? 0) },
        ]);
        expect(await select(`select name from ${table} where id = 7`)).toEqual([{ name: 'n7' }]);
      });

      it('of one key let the record before them count', async () => {
        const table = await accounts('fallback');
        const { ports } = await write(upsert, { table, key: 'id' }, [
          { id: 1, name: 'good', score: 1 },
          { id: 1, name: 'bad', score: 'x' },
        ]);
        expect(ports.records).toEqual([{ id: 1, name: 'good', score: 1 }]);
        expect(await select(`select name, score from ${table}`)).toEqual([{ name: 'good', score: 1 }]);
      });
    });

    describe('tables and columns', () => {
      it('are made from the records when asked', async () => {
        const params = { table: 'made', key: 'id', createTable: true, addColumns: true };
        await write(upsert, params, [
          { id: 'a', n: 1, ok: true },
          { id: 'b', n: 2.5 },
        ]);
        await write(upsert, params, [
          { id: 'b', later: 'x' },
          { id: 'c', n: 3 },
        ]);
        expect(await select('select id, n, later from made order by id')).toEqual([
          { id: 'a', n: 1, later: null },
          { id: 'b', n: 2.5, later: 'x' },
          { id: 'c', n: 3, later: null },
        ]);
      });

      it('that are missing are named, with those that were meant', async () => {
        const table = await accounts('present');
        expect(await failure(insert, { params: { table: 'presnt' }, inputs: [{ id: 1 }] })).toMatchObject({
          class: 'not-found',
          code: 'sql-table-missing',
          remedy: expect.stringMatching(/present.*Create the table/),
        });
        expect(await failure(insert, { params: { table }, inputs: [{ id: 1, nmae: 'x' }] })).toMatchObject({
          class: 'config',
          code: 'sql-column-missing',
          field: 'nmae',
          remedy: expect.stringContaining('name'),
        });
        expect(await failure(insert, { params: { table: 'a.b.c' }, inputs: [{}] })).toMatchObject({
          code: 'sql-table-name',
        });
      });

      it('with odd names are quoted', async () => {
        const row = { order: 1, 'with space': 'a', 'quo"te': 'b', 'back`tick': 'c', Ümläut: 'd' };
        await write(insert, { table: '"odd; drop.table"', createTable: true }, [row]);
        await write(upsert, { table: 'Group', key: 'order', createTable: true }, [row]);
        const { ports } = await write(upsert, { table: 'Group', key: 'order' }, [{ ...row, 'with space': 'z' }]);
        expect(ports.records).toEqual([{ ...row, 'with space': 'z' }]);
      });

      it('take a map of columns, also in another case', async () => {
        const table = await accounts('mapped');
        const { ports } = await run(insert, {
          params: { table, columns: { ID: '={{ $json.number }}', name: '={{ $json.first }} {{ $json.last }}' } },
          inputs: [{ number: 7, first: 'Ada', last: 'L' }],
        });
        expect(ports.records).toEqual([{ ID: 7, name: 'Ada L' }]);
        expect(await select(`select id, name from ${table}`)).toEqual([{ id: 7, name: 'Ada L' }]);
      });
    });

    it('delete removes the rows with the keys, and is content when there are none', async () => {
      const table = await accounts('deletes');
      await write(insert, { table }, [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
        { id: 3, name: 'c' },
      ]);
      const inputs = [{ id: 1, why: 'x' }, { id: 3 }, { id: 9 }];
      const { ports } = await write(deleteRows, { table, key: 'id' }, inputs);
      expect(ports.records).toEqual(inputs);
      expect(await select(`select id from ${table}`)).toEqual([{ id: 2 }]);
    });

    describe('execute', () => {
      it('runs several statements and counts the rows', async () => {
        const table = await accounts('several');
        const { ports } = await run(execute, {
          params: {
            sql: `insert into ${table} (id, name) values (1, :n); insert into ${table} (id, name) values (2, 'a;b'); update ${table} set name = 'z'`,
            values: { n: 'x' },
          },
        });
        expect(ports.records).toEqual([{ affected: 4 }]);
      });

      it('runs for each record; one that is refused leaves the others', async () => {
        const table = await accounts('single');
        const { ports } = await run(execute, {
          params: {
            sql: `insert into ${table} (id, name) values (:id, :name)`,
            values: { id: '={{ $json.id }}', name: 'x' },
            perRecord: true,
          },
          inputs: [{ id: 1 }, { id: 1 }, { id: 2 }],
        });
        expect(ports.records).toEqual([{ affected: 1 }, { affected: 1 }]);
        expect(ports.rejected).toMatchObject([{ id: 1, _rejected: { code: 'sql-duplicate' } }]);
        expect(await select(`select count(*) as n from ${table}`)).toEqual([{ n: 2 }]);
      });

      it('undoes all in one transaction when one fails', async () => {
        const table = await accounts('whole');
        const params = {
          sql: `insert into ${table} (id) values (:id)`,
          values: { id: '={{ $json.id }}' },
          perRecord: true,
          transaction: true,
        };
        expect(await failure(execute, { params, inputs: [{ id: 1 }, { id: 1 }] })).toMatchObject({
          code: 'sql-duplicate',
        });
        expect(await select(`select count(*) as n from ${table}`)).toEqual([{ n: 0 }]);
        const { ports } = await run(execute, { params, inputs: [{ id: 1 }, { id: 2 }] });
        expect(ports.records).toEqual([{ affected: 1 }, { affected: 1 }]);
      });
    });

    describe('a key table', () => {
      const calls = 'sluice_calls';
      beforeAll(() =>
        statement(
          `create table if not exists ${calls} (call_key varchar(64) primary key, made_at varchar(64), outcome varchar(8000))`,
        ),
      );

      /** What the database says about the one call for these records. */
      const verdict = async (
        node: typeof insert | typeof execute,
        params: DataRecord,
        inputs: readonly DataRecord[],
      ) => {
        let said: Verdict | undefined;
        const ask: NodeDefinition = {
          ...(node as unknown as NodeDefinition),
          runner: {
            run: async (io) => {
              const items = () => inputs.map((record, position) => ({ record, position, params: {} }));
              const call = { key: `run-1/node/0-${inputs.length}`, since: 0, items, stepParams: () => io.stepParams() };
              said = await (node.verify as unknown as NodeDefinition['verify'])?.ask(call as never, io.ctx);
            },
          },
        };
        await run(ask, { params, inputs });
        return said;
      };
      const countOf = async (table: string) => (await select(`select count(*) as n from ${table}`))[0]?.n;

      it('is made when it is missing, and has a row for what was done', async () => {
        const table = await accounts('first_kept');
        const params = { table, keyTable: 'made_calls' };
        const inputs = [{ id: 1 }];
        expect(await verdict(insert, params, inputs)).toEqual({
          outcome: 'not-done',
          said: 'There is no table made_calls yet.',
        });
        await write(insert, params, inputs);
        expect(await verdict(insert, params, inputs)).toMatchObject({ outcome: 'done', result: ['done'] });
        await statement('delete from made_calls');
        expect(await verdict(insert, params, inputs)).toMatchObject({ outcome: 'not-done' });
      });

      it('keeps rows from being inserted twice, and knows which were refused', async () => {
        const table = await accounts('kept_rows');
        const params = { table, keyTable: calls };
        const inputs = [{ id: 1 }, { id: 1, name: 'again' }, { id: 2 }];
        const first = await write(insert, params, inputs);
        expect(first.ports.rejected).toHaveLength(1);
        expect((await write(insert, params, inputs)).ports).toEqual(first.ports);
        expect(await countOf(table)).toBe(2);
        const refused = { error: expect.objectContaining({ code: 'sql-duplicate' }) };
        expect(await verdict(insert, params, inputs)).toMatchObject({
          outcome: 'done',
          result: ['done', refused, 'done'],
        });
        await statement(`update ${calls} set outcome = 'begun'`);
        expect(await verdict(insert, params, inputs)).toMatchObject({ outcome: 'unknown' });
        await statement(`delete from ${calls}`);
      });

      it.each([
        ['once for the step', { sql: 'insert into TABLE (id) values (1); insert into TABLE (id) values (2)' }, 2],
        ['all or nothing', { perRecord: true, transaction: true }, [1, 1]],
        ['once for each record', { perRecord: true }, [{ record: { affected: 1 } }, { record: { affected: 1 } }]],
      ])('keeps SQL from being run twice: %s', async (how, more, result) => {
        const table = await accounts(`kept_${how.replaceAll(' ', '_')}`);
        const sql = ('sql' in more ? more.sql : 'insert into TABLE (id) values (:id)').replaceAll('TABLE', table);
        const params = { values: { id: '={{ $json.id }}' }, ...more, sql, keyTable: calls };
        if ('sql' in more) params.values = { id: '' };
        const inputs = [{ id: 1 }, { id: 2 }];
        const first = await run(execute, { params, inputs });
        expect(first.ports.rejected).toBeUndefined();
        expect((await run(execute, { params, inputs })).ports).toEqual(first.ports);
        expect(await countOf(table)).toBe(2);
        expect(await verdict(execute, params, inputs)).toMatchObject({ outcome: 'done', result });
        await statement(`delete from ${calls}`);
      });

      it('has no row for what was undone', async () => {
        const table = await accounts('kept_none');
        const sql = `insert into ${table} (id) values (1); insert into ${table} (id) values (1)`;
        const params = { sql, keyTable: calls };
        expect(await failure(execute, { params, inputs: [{}] })).toMatchObject({ code: 'sql-duplicate' });
        expect(await countOf(table)).toBe(0);
        expect(await verdict(execute, params, [{}])).toMatchObject({ outcome: 'not-done' });
      });
    });

    it('preview tells what would be created, updated and left alone, and writes nothing', async () => {
      const table = await accounts('previews');
      await write(insert, { table }, [
        { id: 1, name: 'a', score: 1 },
        { id: 2, name: 'b', score: 2 },
      ]);
      const records = [
        { id: 1, name: 'A', score: 5 },
        { id: 2, name: 'b', score: '2' },
        { id: 3, name: 'c' },
        { id: 4, score: 'x' },
      ];
      const seen: unknown[] = [];
      const peek: NodeDefinition = {
        ...(upsert as unknown as NodeDefinition),
        runner: {
          run: async (io) => {
            seen.push(
              ...((await upsert.preview?.(
                records,
                [{ table, key: 'id', createTable: false, addColumns: false }],
                io.ctx,
              )) ?? []),
            );
          },
        },
      };
      await run(peek, { params: { table, key: 'id' } });
      expect(seen).toMatchObject([
        { action: 'update', key: '1', before: { name: 'a' }, after: { name: 'A', score: 5 } },
        { action: 'unchanged', key: '2' },
        { action: 'create', key: '3', after: { id: 3, name: 'c' } },
        { action: 'reject', key: '4', reason: expect.stringContaining('x') },
      ]);
      expect(await select(`select count(*) as n from ${table} where id in (3, 4) or score = 5`)).toEqual([{ n: 0 }]);
    });

    it('dropdowns list tables and columns', async () => {
      const table = await accounts('listed');
      const seen: { tables: readonly unknown[]; columns: readonly unknown[] } = { tables: [], columns: [] };
      const peek: NodeDefinition = {
        ...(upsert as unknown as NodeDefinition),
        runner: {
          run: async ({ ctx }) => {
            seen.tables = (await upsert.load.tables?.(ctx, {}, 'LIST')) ?? [];
            seen.columns = (await upsert.load.columns?.(ctx, { table }, '')) ?? [];
          },
        },
      };
      await run(peek, { params: { table, key: 'id' } });
      expect(seen.tables).toContainEqual(expect.objectContaining({ value: table, label: table }));
      expect(seen.columns).toMatchObject([
        { value: 'id', type: 'whole number', required: true, key: true },
        { value: 'name', type: 'text', required: false, key: false },
        { value: 'email' },
        { value: 'score', type: 'whole number' },
      ]);
    });

    it('many runs write the same table at once without losing a row', async () => {
      const table = await accounts('crowd');
      const runs = Array.from({ length: 6 }, (_, r) =>
        write(
          upsert,
          { table, key: 'id' },
          Array.from({ length: 200 }, (_, i) => ({ id: i, name: `r${r}` })),
        ),
      );
      for (const { ports } of await Promise.all(runs)) expect(ports.records).toHaveLength(200);
      expect(await select(`select count(*) as n from ${table}`)).toEqual([{ n: 200 }]);
    });
  });
}
