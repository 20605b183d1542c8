import axios from 'axios';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Practice, type SalesforcePractice, startPractice } from '../../practice/practice.ts';
import { NodeError } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import type { SalesforceValues } from './credential-salesforce.ts';
import query from './query.ts';

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

testNode(query, { setUp: () => ({ credential }) });

test('reads chosen fields of an object, parents nested and attributes gone', async () => {
  const { ports } = await runNode(query, {
    credential,
    params: {
      object: 'Contact',
      fields: ['Id', 'Email', 'Account.Name', 'CreatedDate'],
      conditions: { all: [{ left: 'Account.Name', is: 'is-not-empty' }] },
      orderBy: 'Email',
      limit: 3,
    },
  });
  expect(ports.records).toHaveLength(3);
  expect(ports.records?.[0]).toEqual({
    Id: expect.stringMatching(/^003/),
    Email: expect.stringContaining('@'),
    Account: { Name: expect.any(String) },
    CreatedDate: expect.stringMatching(/\.000Z$/),
  });
});

test('reads every field when none is chosen, with numbers and booleans as such', async () => {
  const conditions = { all: [{ left: 'Amount', is: 'is-not-empty' }] };
  const { ports } = await runNode(query, { credential, params: { object: 'Opportunity', conditions, limit: 1 } });
  expect(ports.records?.[0]).toMatchObject({ Amount: expect.any(Number), IsClosed: expect.any(Boolean) });
});

test('puts values into SOQL so that no quote can end them', async () => {
  const hostile = "x' OR Name != '";
  const params = { soql: 'SELECT Id FROM Account WHERE Name = :name', values: { name: hostile } };
  const { ports } = await runNode(query, { credential, params });
  expect(ports.records).toBeUndefined();
});

test('compares as the field is typed', async () => {
  const run = (conditions: unknown) =>
    runNode(query, {
      credential,
      params: { object: 'Opportunity', fields: ['Id', 'Amount', 'CloseDate'], conditions },
    });
  const all = (await run({ all: [] })).ports.records ?? [];
  const some = (
    await run({
      all: [
        { left: 'Amount', is: 'greater-than', right: '50000' },
        { left: 'CloseDate', is: 'greater-or-equal', right: 'LAST_N_DAYS:9000' },
      ],
    })
  ).ports.records;
  expect(some).toEqual(all.filter((record) => Number(record.Amount) > 50_000));
  const either = await run({
    any: [
      { left: 'StageName', is: 'in', right: ['Closed Won'] },
      { left: 'Id', is: 'in', right: [] },
    ],
  });
  expect(either.ports.records?.length).toBeGreaterThan(0);
});

test('gives child records as a list and counts as a record', async () => {
  const children = await runNode(query, {
    credential,
    params: { soql: 'SELECT Name, (SELECT LastName FROM Contacts) FROM Account LIMIT 5' },
  });
  const lists = (children.ports.records ?? []).map((record) => record.Contacts);
  expect(lists.flat()).toContainEqual({ LastName: expect.any(String) });
  const { ports } = await runNode(query, { credential, params: { soql: 'SELECT COUNT() FROM Account' } });
  expect(ports.records).toEqual([{ count: 120 }]);
});

test('streams long results page by page', async () => {
  const accounts = Array.from({ length: 4500 }, (_, i) => ({ attributes: { type: 'Account' }, Name: `Page ${i}` }));
  const post = async (records: unknown[]) =>
    fetch(`${practice.url}/services/data/v62.0/composite/sobjects`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${practice.issueToken()}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ records }),
    });
  for (let i = 0; i < accounts.length; i += 200) await post(accounts.slice(i, i + 200));
  const { ports, effects } = await runNode(query, {
    credential,
    params: { soql: "SELECT Name FROM Account WHERE Name LIKE 'Page %' ORDER BY CreatedDate, Id" },
  });
  expect(ports.records).toHaveLength(4500);
  expect(effects.progress.map(({ done }) => done)).toEqual([2000, 4000, 4500]);
});

test('finds deleted records only when asked to', async () => {
  const { ports } = await runNode(query, { credential, params: { object: 'Task', fields: ['Id'], limit: 1 } });
  const id = String(ports.records?.[0]?.Id);
  await fetch(`${practice.url}/services/data/v62.0/sobjects/Task/${id}`, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${practice.issueToken()}` },
  });
  const params = { object: 'Task', fields: ['Id'], conditions: { all: [{ left: 'Id', is: 'equals', right: id }] } };
  expect((await runNode(query, { credential, params })).ports.records).toBeUndefined();
  const withDeleted = await runNode(query, { credential, params: { ...params, includeDeleted: true } });
  expect(withDeleted.ports.records).toHaveLength(1);
});

test('an expired session is renewed once and the request repeated', async () => {
  const soql = "SELECT Id FROM Account WHERE Name != '' LIMIT 1";
  const clients = new Map<string, unknown>();
  const connect = async <T>(key: string, open: () => Promise<T>) => {
    if (!clients.has(key)) clients.set(key, await open());
    return clients.get(key) as T;
  };
  await runNode(query, { credential, params: { soql }, ctx: { connect } });
  practice.expireSessions();
  const { ports } = await runNode(query, { credential, params: { soql }, ctx: { connect } });
  expect(ports.records).toHaveLength(1);
  expect(practice.requests.counts()['oauth2/token']).toBe(2);
});

test('says what is wrong with a query in Salesforce’s own words', async () => {
  const failed = async (params: Record<string, unknown>) =>
    (await runNode(query, { credential, params, mayFail: true })).error;
  expect(await failed({ soql: 'SELECT Nope__c FROM Account' })).toMatchObject({
    class: 'config',
    code: 'salesforce-invalid-field',
    message: expect.stringContaining('Nope__c'),
  });
  expect(await failed({ soql: 'SELECT Id FRM Account' })).toMatchObject({
    class: 'config',
    code: 'salesforce-malformed-query',
  });
  expect(await failed({ object: 'Nope__c' })).toMatchObject({ class: 'config', code: 'salesforce-object-unknown' });
  expect(await failed({ object: 'Account', conditions: { all: [{ left: 'Nope', is: 'is-empty' }] } })).toMatchObject({
    class: 'config',
    code: 'salesforce-field-unknown',
  });
  expect(await failed({ object: "Account WHERE Name = 'x'" })).toMatchObject({ code: 'salesforce-name' });
  expect(await failed({})).toMatchObject({ class: 'config', code: 'salesforce-nothing-to-read' });
});

test('faults are classified', async () => {
  const run = () => runNode(query, { credential, params: { soql: 'SELECT Id FROM Account' }, mayFail: true });
  practice.faults.set({ failNext: { count: 1, status: 503 } });
  expect((await run()).error).toMatchObject({ class: 'transient', code: 'salesforce-server-unavailable' });
  practice.faults.set({ requestLimitReached: true });
  const limited = await run();
  expect(limited.error).toMatchObject({ class: 'rate-limited', retryAfter: 600_000 });
  expect(limited.logs).toContainEqual(
    expect.objectContaining({ level: 'warn', message: expect.stringMatching(/used \d+ of its \d+ API requests/) }),
  );
  const nowhere = { ...credential, loginUrl: 'http://127.0.0.1:1' };
  const unreachable = await runNode(query, { credential: nowhere, params: { object: 'Account' }, mayFail: true });
  expect(unreachable.error).toMatchObject({ class: 'transient', code: 'salesforce-unreachable' });
});

test('a cancelled step leaves at once', async () => {
  practice.faults.set({ slowMs: 60_000 });
  const cancel = new AbortController();
  const running = runNode(query, { credential, params: { soql: 'SELECT Id FROM Account' }, signal: cancel.signal });
  setTimeout(() => cancel.abort(new Error('cancelled by a person')), 100);
  await expect(running).rejects.toThrow('cancelled by a person');
});

test('the guard of outgoing requests is obeyed', async () => {
  const http = axios.create();
  const refusal = { class: 'config', code: 'egress-refused', message: 'Not allowed.', remedy: 'Ask.' } as const;
  http.interceptors.request.use((request) =>
    request.url?.includes('/query') ? Promise.reject(new NodeError(refusal)) : request,
  );
  const params = { soql: 'SELECT Id FROM Account' };
  const { error } = await runNode(query, { credential, params, ctx: { http }, mayFail: true });
  expect(error).toMatchObject({ class: 'config', code: 'egress-refused' });
});
