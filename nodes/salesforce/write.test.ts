import axios from 'axios';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Practice, type SalesforcePractice, startPractice } from '../../practice/practice.ts';
import type { NodeContext } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import create from './create.ts';
import type { SalesforceValues } from './credential-salesforce.ts';
import remove from './delete.ts';
import update from './update.ts';
import upsert from './upsert.ts';

let services: Practice;
let practice: SalesforcePractice;
let credential: SalesforceValues;

beforeAll(async () => {
  services = await startPractice();
  practice = services.salesforce;
  credential = { ...practice.credentials, auth: 'client-credentials' };
});
afterEach(() => practice.reset());
afterAll(() => services.close());

testNode(create, { setUp: () => ({ credential }) });
testNode(update, { setUp: () => ({ credential }) });
testNode(upsert, { setUp: () => ({ credential }) });
testNode(remove, { setUp: () => ({ credential }) });

/** What is in Salesforce, read without any of the code under test. */
async function rows(object: 'Account' | 'Contact', where: string): Promise<Record<string, unknown>[]> {
  const fields = object === 'Contact' ? 'Id, LastName, AccountId, Score__c' : 'Id, Name';
  const soql = encodeURIComponent(`SELECT ${fields} FROM ${object} WHERE ${where} ORDER BY Id`);
  const response = await fetch(`${practice.url}/services/data/v62.0/query?q=${soql}`, {
    headers: { Authorization: `Bearer ${practice.issueToken()}` },
  });
  return ((await response.json()) as { records: Record<string, unknown>[] }).records;
}

const calls = (operation: string) => practice.requests.list(operation).length;

const contacts = {
  object: 'Contact',
  externalId: 'Ext_Id__c',
  fields: { Ext_Id__c: '={{ $json.ext }}', LastName: '={{ $json.name }}', Score__c: '={{ $json.score }}' },
};

test('creates records in collections of 200 and gives each its id', async () => {
  const inputs = Array.from({ length: 450 }, (_, i) => ({ name: `New ${i}` }));
  const { ports, calls: made } = await runNode(create, {
    credential,
    inputs,
    params: { object: 'Account', fields: { Name: '={{ $json.name }}' } },
  });
  expect(made.map((call) => call.count)).toEqual([200, 200, 50]);
  expect(ports.records).toHaveLength(450);
  expect(ports.records?.[449]).toEqual({ name: 'New 449', id: expect.stringMatching(/^001/), created: true });
  expect(await rows('Account', "Name LIKE 'New %'")).toHaveLength(450);
});

test('upserts: updates what is known, creates the rest, and a second run changes no count', async () => {
  const inputs = [
    { ext: 'X-1', name: 'One', score: 10 },
    { ext: 'X-2', name: 'Two', score: 20 },
  ];
  const first = await runNode(upsert, { credential, params: contacts, inputs });
  expect(first.ports.records?.map((record) => record.created)).toEqual([true, true]);
  const second = await runNode(upsert, { credential, params: contacts, inputs });
  expect(second.ports.records?.map((record) => record.created)).toEqual([false, false]);
  expect(second.ports.records?.map((record) => record.id)).toEqual(first.ports.records?.map((record) => record.id));
  expect(await rows('Contact', "Ext_Id__c LIKE 'X-%'")).toHaveLength(2);
});

test('a record that is refused goes to rejected with Salesforce’s reason, and the others go in', async () => {
  const { ports } = await runNode(upsert, {
    credential,
    inputs: [
      { ext: 'X-1', name: 'Good' },
      { ext: 'X-2', name: '' },
      { ext: '', name: 'No key' },
      { ext: 'X-4', name: 'Fine' },
    ],
    params: contacts,
  });
  expect(ports.records?.map((record) => record.ext)).toEqual(['X-1', 'X-4']);
  expect(ports.rejected?.map((record) => record._rejected)).toEqual([
    {
      code: 'salesforce-required-field-missing',
      message: expect.stringContaining('[LastName]'),
      remedy: 'Give the record a value for this field.',
      field: 'LastName',
    },
    expect.objectContaining({ code: 'salesforce-no-key', field: 'Ext_Id__c' }),
  ]);
});

test('a value that makes Salesforce refuse the whole request costs only its own record', async () => {
  const inputs = Array.from({ length: 60 }, (_, i) => ({ ext: `X-${i}`, name: `N${i}`, score: i === 17 ? 'many' : i }));
  const { ports } = await runNode(upsert, { credential, params: contacts, inputs });
  expect(ports.records).toHaveLength(59);
  expect(ports.rejected).toMatchObject([{ ext: 'X-17', _rejected: { code: 'salesforce-json-parser-error' } }]);
  expect(await rows('Contact', "Ext_Id__c LIKE 'X-%'")).toHaveLength(59);
});

test('records with the same external id go in one after the other and the last one wins', async () => {
  const inputs = [
    { ext: 'X-1', name: 'First', score: 1 },
    { ext: 'X-2', name: 'Other', score: 5 },
    { ext: 'x-1', name: 'Last', score: 3 },
  ];
  const { ports } = await runNode(upsert, { credential, params: contacts, inputs });
  expect(ports.rejected).toBeUndefined();
  expect(ports.records?.map((record) => record.created)).toEqual([true, true, false]);
  expect((await rows('Contact', "Ext_Id__c LIKE 'X-%'")).map((row) => row.LastName)).toEqual(['Last', 'Other']);
});

test('names parents by their external id, written either way', async () => {
  const account = { object: 'Account', externalId: 'Ext_Id__c', fields: { Ext_Id__c: 'P-1', Name: 'Parent' } };
  await runNode(upsert, { credential, params: account });
  const [parent] = await rows('Account', "Ext_Id__c = 'P-1'");
  const written = async (more: Record<string, unknown>, ext: string) =>
    runNode(upsert, {
      credential,
      inputs: [{ ext, name: 'Child', account: 'P-1' }],
      params: { ...contacts, fields: { ...contacts.fields, ...more } },
    });
  await written({ 'Account.Ext_Id__c': '={{ $json.account }}' }, 'X-1');
  await written({ Account: { Ext_Id__c: '={{ $json.account }}' } }, 'X-2');
  expect((await rows('Contact', "Ext_Id__c LIKE 'X-%'")).map((row) => row.AccountId)).toEqual([parent?.Id, parent?.Id]);
  const { ports } = await written({ 'Account.Ext_Id__c': 'P-404' }, 'X-3');
  expect(ports.rejected).toMatchObject([{ _rejected: { message: expect.stringMatching(/P-404/i) } }]);
});

test('updates by record id or by an external id, and rejects what is not there', async () => {
  const made = await runNode(upsert, { credential, params: contacts, inputs: [{ ext: 'X-1', name: 'Old', score: 1 }] });
  const byId = { object: 'Contact', fields: { Id: '={{ $json.id }}', LastName: '={{ $json.name }}' } };
  await runNode(update, { credential, params: byId, inputs: [{ id: made.ports.records?.[0]?.id, name: 'New' }] });
  expect(await rows('Contact', "Ext_Id__c = 'X-1'")).toMatchObject([{ LastName: 'New', Score__c: 1 }]);
  const { ports } = await runNode(update, {
    credential,
    params: contacts,
    inputs: [
      { ext: 'X-1', name: 'Newer', score: 2 },
      { ext: 'X-404', name: 'Nobody', score: 3 },
    ],
  });
  expect(ports.records).toMatchObject([{ ext: 'X-1', created: false }]);
  expect(ports.rejected).toMatchObject([{ ext: 'X-404', _rejected: { code: 'salesforce-not-found' } }]);
  expect(await rows('Contact', "Ext_Id__c = 'X-1'")).toMatchObject([{ LastName: 'Newer', Score__c: 2 }]);
  const wrong = await runNode(update, { credential, params: byId, inputs: [{ id: 'x,y', name: 'New' }] });
  expect(wrong.ports.rejected).toMatchObject([{ _rejected: { code: 'salesforce-malformed-id' } }]);
});

test('deletes by external id; doing it again finds it done', async () => {
  await runNode(upsert, { credential, params: contacts, inputs: [{ ext: 'X-1', name: 'Gone' }] });
  const params = { object: 'Contact', externalId: 'Ext_Id__c', fields: { Ext_Id__c: '={{ $json.ext }}' } };
  const run = () => runNode(remove, { credential, params, inputs: [{ ext: 'X-1' }, { ext: 'X-404' }] });
  const first = await run();
  const second = await run();
  expect(first.ports.records).toMatchObject([{ ext: 'X-1' }]);
  expect(first.ports.rejected).toMatchObject([{ ext: 'X-404' }]);
  expect(second.ports.records).toEqual(first.ports.records);
  expect(await rows('Contact', "Ext_Id__c = 'X-1'")).toHaveLength(0);
});

test('a locked row is tried again by itself with growing pauses', async () => {
  practice.faults.set({ lockRows: { ids: [], every: 3, times: 2 } });
  const inputs = Array.from({ length: 6 }, (_, i) => ({ ext: `X-${i}`, name: `N${i}` }));
  const { ports, effects } = await runNode(upsert, { credential, params: contacts, inputs });
  expect(ports.records).toHaveLength(6);
  expect(ports.rejected).toBeUndefined();
  expect(effects.sleeps.length).toBeGreaterThan(0);
  expect(practice.requests.list('composite/sobjects upsert').map((call) => call.written)).toEqual([4, 2]);
});

test('a row that stays locked is rejected in the end, the others stay written', async () => {
  practice.faults.set({ lockRows: { ids: [], every: 1, times: null } });
  const { ports } = await runNode(upsert, { credential, params: contacts, inputs: [{ ext: 'X-1', name: 'N' }] });
  expect(ports.rejected).toMatchObject([{ _rejected: { code: 'salesforce-unable-to-lock-row' } }]);
});

test('a lost answer is uncertain when creating and only transient when upserting', async () => {
  practice.faults.set({ dropAfterEffect: 1 });
  const params = { object: 'Account', fields: { Name: 'Once' } };
  const created = await runNode(create, { credential, params, mayFail: true });
  expect(created.error).toMatchObject({ class: 'uncertain', code: 'salesforce-answer-lost' });
  expect(await rows('Account', "Name = 'Once'")).toHaveLength(1);
  practice.faults.set({ dropAfterEffect: 1 });
  const upserted = await runNode(upsert, {
    credential,
    params: contacts,
    inputs: [{ ext: 'X-1', name: 'N' }],
    mayFail: true,
  });
  expect(upserted.error).toMatchObject({ class: 'transient' });
});

test('creating never repeats what is in: a failure after a part has gone in rejects the rest', async () => {
  practice.faults.set({ lockRows: { ids: [], every: 2, times: 1 } });
  const sleep = async () => practice.faults.set({ failNext: { count: 1, status: 503 } });
  const { ports } = await runNode(create, {
    credential,
    inputs: [{ name: 'First' }, { name: 'Second' }],
    params: { object: 'Account', fields: { Name: '={{ $json.name }}' } },
    ctx: { sleep },
  });
  expect(ports.records).toMatchObject([{ name: 'First', created: true }]);
  expect(ports.rejected).toMatchObject([{ name: 'Second', _rejected: { code: 'salesforce-server-unavailable' } }]);
});

test('a used-up request limit parks the step and an expired session is renewed', async () => {
  practice.faults.set({ requestLimitReached: true });
  const inputs = [{ ext: 'X-1', name: 'N' }];
  const limited = await runNode(upsert, { credential, params: contacts, inputs, mayFail: true });
  expect(limited.error).toMatchObject({ class: 'rate-limited', retryAfter: 600_000 });
  practice.faults.clear();
  const sleep = async () => practice.expireSessions();
  practice.faults.set({ lockRows: { ids: [], every: 1, times: 1 } });
  const { ports } = await runNode(upsert, { credential, params: contacts, inputs, ctx: { sleep } });
  expect(ports.records).toHaveLength(1);
  expect(calls('oauth2/token')).toBe(3);
});

test('preview says what would be created, updated and left alone, and writes nothing', async () => {
  const inputs = [
    { ext: 'X-1', name: 'Same', score: 1 },
    { ext: 'X-2', name: 'Old', score: 2 },
  ];
  await runNode(upsert, { credential, params: contacts, inputs });
  const fields = [
    { Ext_Id__c: 'X-1', LastName: 'Same', Score__c: '1' },
    { Ext_Id__c: 'X-2', LastName: 'New', Score__c: 2 },
    { Ext_Id__c: 'X-3', LastName: 'Third' },
    { Ext_Id__c: '', LastName: 'Nobody' },
  ];
  const given = fields.map((one) => ({ object: 'Contact', externalId: 'Ext_Id__c', fields: one }));
  const changes = await withContext((ctx) => upsert.preview?.([], given, ctx));
  expect(changes).toEqual([
    { action: 'unchanged', key: 'X-1', before: { Ext_Id__c: 'X-1', LastName: 'Same', Score__c: 1 } },
    {
      action: 'update',
      key: 'X-2',
      before: { Ext_Id__c: 'X-2', LastName: 'Old', Score__c: 2 },
      after: { Ext_Id__c: 'X-2', LastName: 'New', Score__c: 2 },
    },
    { action: 'create', key: 'X-3', after: { Ext_Id__c: 'X-3', LastName: 'Third' } },
    { action: 'reject', key: '', reason: expect.stringContaining('no value for Ext_Id__c') },
  ]);
  expect(await rows('Contact', "Ext_Id__c = 'X-3'")).toHaveLength(0);
});

test('the column mapper knows the key, the required fields and parents by external id', async () => {
  const params = { object: 'Contact', externalId: 'Ext_Id__c' };
  const columns = (await withContext((ctx) => upsert.load.fields?.(ctx, params, ''))) ?? [];
  expect(columns[0]).toMatchObject({ value: 'Ext_Id__c', key: true, required: true });
  expect(columns).toContainEqual(expect.objectContaining({ value: 'LastName', required: true, type: 'text' }));
  expect(columns).toContainEqual(expect.objectContaining({ value: 'Account.Ext_Id__c' }));
  expect(columns.map(({ value }) => value)).not.toContain('CreatedDate');
  const matches = await withContext((ctx) => upsert.load.matchFields?.(ctx, params, ''));
  expect(matches?.map(({ value }) => value)).toEqual(['Id', 'Ext_Id__c', 'Email__c']);
  const objects = await withContext((ctx) => upsert.load.objects?.(ctx, {}, 'cont'));
  expect(objects).toEqual([{ value: 'Contact', label: 'Contact', help: 'Contact' }]);
});

/** Runs something with the context that a step would have. */
async function withContext<T>(act: (ctx: NodeContext<SalesforceValues>) => T): Promise<Awaited<T>> {
  const { TestWorld, testNow } = await import('../../sdk/testing/test-context.ts');
  const { testFiles } = await import('../../sdk/testing/test-files.ts');
  const { signal } = new AbortController();
  const world = new TestWorld<SalesforceValues>(
    { credential, signal, files: testFiles('.'), now: testNow, memory: new Map(), answers: [] },
    {},
  );
  return await act(world.ctx);
}

describe('after an interruption of a create', () => {
  const people = [
    { name: 'Mark One', score: 1 },
    { name: 'Mark Two', score: 2 },
    { name: 'Mark Three', score: 3 },
  ];
  const fields = { LastName: '={{ $json.name }}' };

  /** Asks about the call for all people, as the ledger does, and gives the verdict. */
  const ask = async (more: Record<string, string>, items = people, since = Date.now()) => {
    const ctx = { credential, http: axios.create(), signal: new AbortController().signal, connect: openOnce() };
    return create.verify?.ask(
      {
        key: 'run-1/node/0-3',
        since,
        items: () =>
          items.map((record, position) => ({
            record,
            position,
            params: { object: 'Contact', fields: { LastName: record.name }, ...more },
          })),
        stepParams: () => ({ object: 'Contact', fields: {}, ...more }),
      },
      ctx as unknown as NodeContext<SalesforceValues>,
    );
  };
  const createPeople = (params: Record<string, unknown>, inputs = people) =>
    runNode(create, { credential, inputs, params: { object: 'Contact', fields, ...params } });

  test('records are found by their mark, each with its id', async () => {
    const { ports, calls: made } = await createPeople({ marker: 'Ext_Id__c' });
    expect(made[0]?.key).toBe('run-1/node/0-3');
    expect(await ask({ marker: 'Ext_Id__c' })).toEqual({
      outcome: 'done',
      said: 'Salesforce has 3 of 3 by Ext_Id__c.',
      result: ports.records?.map((record) => ({ record })),
    });
    practice.reset();
    expect(await ask({ marker: 'Ext_Id__c' })).toMatchObject({ outcome: 'not-done' });
  });

  test('what is there is told, and only the rest is created', async () => {
    const { ports } = await createPeople({ marker: 'Ext_Id__c' });
    const ids = ports.records?.map(({ id }) => String(id)) ?? [];
    await runNode(remove, {
      credential,
      inputs: [{ id: ids[1] }],
      params: { object: 'Contact', fields: { Id: '={{ $json.id }}' } },
    });
    const verdict = await ask({ marker: 'Ext_Id__c' });
    expect(verdict).toMatchObject({ outcome: 'not-done', found: { 0: ids[0], 2: ids[2] } });
    const again = await runNode(create, {
      credential,
      inputs: people,
      params: { object: 'Contact', fields, marker: 'Ext_Id__c' },
      foundCalls: { 'run-1/node/0-3': { 0: ids[0], 2: ids[2] } },
    });
    expect(again.ports.records?.map(({ id }) => id)).toEqual([ids[0], expect.not.stringMatching(ids[1] ?? ''), ids[2]]);
    expect(await rows('Contact', "LastName LIKE 'Mark %'")).toHaveLength(3);
  });

  test('records are found by a value of their own, if they were created since', async () => {
    await createPeople({});
    expect(await ask({ findBy: 'LastName' })).toMatchObject({ outcome: 'done' });
    const later = Date.now() + 3_600_000;
    expect(await ask({ findBy: 'LastName' }, people, later)).toMatchObject({ outcome: 'not-done' });
    const twins = [...people, { name: 'Mark One', score: 4 }];
    expect(await ask({ findBy: 'LastName' }, twins)).toMatchObject({ outcome: 'unknown' });
  });
});

function openOnce() {
  const open = new Map<string, Promise<unknown>>();
  return (key: string, make: () => Promise<unknown>) => {
    const known = open.get(key) ?? make();
    open.set(key, known);
    return known;
  };
}
