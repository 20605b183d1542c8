import { createSign } from 'node:crypto';
import { Connection } from '@jsforce/jsforce-node';
import jsforce from 'jsforce';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../practice.ts';

let practice: Practice;
let conn: Connection;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice.close());

function connect(): Connection {
  const { url } = practice.salesforce;
  return new Connection({ instanceUrl: url, accessToken: practice.salesforce.issueToken(), version: '60.0' });
}

beforeEach(() => {
  conn = connect();
});
afterEach(() => practice.salesforce.reset());

type Rows = Record<string, unknown>;

/** The status code of each result of a collection call. */
function codesOf(results: readonly { errors: readonly object[] }[]): unknown[] {
  return results.map((result) => (result.errors[0] as { statusCode?: string } | undefined)?.statusCode);
}

/** The error code of a call that has to fail. */
async function codeOf(call: PromiseLike<unknown>): Promise<string> {
  const error: unknown = await Promise.resolve(call).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('the call did not fail');
  return (error as Error & { errorCode?: string }).errorCode ?? error.message;
}

describe('signing in', () => {
  it('accepts user name and password over SOAP, as conn.login does', async () => {
    const { loginUrl, username, password } = practice.salesforce.credentials;
    const soap = new jsforce.Connection({ loginUrl });
    const user = await soap.login(username, password);
    expect(user.organizationId).toMatch(/^00D/);
    expect((await soap.query('SELECT Id FROM Account LIMIT 1')).totalSize).toBe(1);
    expect((await soap.identity()).username).toBe(username);
    await soap.logout();
    await expect(soap.login(username, 'wrong')).rejects.toThrow('INVALID_LOGIN');
  });

  it('grants client credentials and the JWT bearer flow with the registered key', async () => {
    const { loginUrl, clientId, clientSecret, username, privateKey } = practice.salesforce.credentials;
    const oauth = new Connection({ loginUrl, oauth2: { loginUrl, clientId, clientSecret } });
    await oauth.authorize({ grant_type: 'client_credentials' });
    expect((await oauth.query('SELECT COUNT() FROM Contact')).totalSize).toBe(400);
    const jwt = new Connection({ loginUrl, oauth2: { loginUrl, clientId } });
    const sign = (audience: string) => assertion({ iss: clientId, sub: username, aud: audience }, privateKey);
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    await jwt.authorize({ grant_type, assertion: sign(loginUrl) });
    expect((await jwt.identity()).username).toBe(username);
    await expect(jwt.authorize({ grant_type, assertion: `${sign(loginUrl)}x` })).rejects.toThrow('invalid assertion');
    await expect(jwt.authorize({ grant_type, assertion: sign('https://elsewhere') })).rejects.toThrow('audience');
  });

  it('tells a client that has but a token who it is', async () => {
    const { loginUrl, clientId, clientSecret, username } = practice.salesforce.credentials;
    const oauth = new Connection({ loginUrl, oauth2: { loginUrl, clientId, clientSecret } });
    await oauth.authorize({ grant_type: 'client_credentials' });
    const { instanceUrl, accessToken } = oauth;
    const bare = new Connection({ instanceUrl, ...(accessToken ? { accessToken } : {}) });
    expect((await bare.identity()).username).toBe(username);
  });

  it('refreshes a session that was ended, and ends it for those who cannot', async () => {
    const { loginUrl, clientId, clientSecret, username, password } = practice.salesforce.credentials;
    const oauth = new Connection({ loginUrl, oauth2: { loginUrl, clientId, clientSecret } });
    await oauth.authorize({ grant_type: 'password', username, password });
    expect(oauth.refreshToken).toBeTruthy();
    practice.salesforce.expireSessions();
    expect((await oauth.query('SELECT Id FROM Account LIMIT 1')).totalSize).toBe(1);
    expect(await codeOf(conn.query('SELECT Id FROM Account'))).toBe('INVALID_SESSION_ID');
  });
});

describe('describe', () => {
  it('shows objects, fields, external ids and relationships', async () => {
    const global = await conn.describeGlobal();
    expect(global.sobjects.map((object) => object.name)).toEqual(
      expect.arrayContaining(['Account', 'Contact', 'Lead', 'Opportunity', 'User']),
    );
    const contact = await conn.describe('Contact');
    const field = (name: string) => contact.fields.find((candidate) => candidate.name === name);
    expect(field('Email__c')).toMatchObject({ type: 'email', externalId: true, unique: true, idLookup: true });
    expect(field('AccountId')).toMatchObject({
      type: 'reference',
      referenceTo: ['Account'],
      relationshipName: 'Account',
    });
    expect(field('LastName')).toMatchObject({ nillable: false, createable: true });
    const account = await conn.describe('Account');
    expect(account.childRelationships.map((child) => child.relationshipName)).toEqual(
      expect.arrayContaining(['Contacts', 'Opportunities']),
    );
    expect(await codeOf(conn.describe('Nothing__c'))).toBe('NOT_FOUND');
  });

  it('reports the limits and what was used of them', async () => {
    const limits = await conn.limits();
    expect(limits.DailyApiRequests?.Max).toBe(100_000);
    expect(conn.limitInfo.apiUsage).toMatchObject({ limit: 100_000 });
  });
});

describe('rows', () => {
  it('creates, reads, updates and deletes', async () => {
    const made = await conn.sobject('Account').create({ Name: 'Acme', NumberOfEmployees: 12, Ext_Id__c: 'X-1' });
    expect(made).toMatchObject({ success: true, errors: [] });
    const id = made.id ?? '';
    expect(id).toMatch(/^001\w{15}$/);
    await conn.sobject('Account').update({ Id: id, Industry: 'Retail' });
    const read = await conn.sobject('Account').retrieve(id.slice(0, 15));
    expect(read).toMatchObject({ Id: id, Name: 'Acme', Industry: 'Retail', IsDeleted: false });
    await conn.sobject('Account').destroy(id);
    expect(await codeOf(conn.sobject('Account').retrieve(id))).toBe('ENTITY_IS_DELETED');
    expect(await codeOf(conn.sobject('Account').destroy(id))).toBe('ENTITY_IS_DELETED');
    const all = await conn.query(`SELECT Id, IsDeleted FROM Account WHERE Id = '${id}'`, { scanAll: true });
    expect(all.records).toMatchObject([{ Id: id, IsDeleted: true }]);
  });

  it('upserts by external id and says whether it created', async () => {
    const first = await conn.sobject('Contact').upsert({ LastName: 'New', Email__c: 'new@x.example' }, 'Email__c');
    expect(first).toMatchObject({ success: true, created: true });
    const second = await conn.sobject('Contact').upsert({ Score__c: 7.5, Email__c: 'NEW@x.example' }, 'Email__c');
    expect(second).toMatchObject({ id: first.id, created: false });
    expect(await conn.sobject('Contact').retrieve(first.id ?? '')).toMatchObject({ Score__c: 7.5, LastName: 'New' });
  });

  it('finds a parent by its external id', async () => {
    const made = await conn.sobject('Contact').create({ LastName: 'Child', Account: { Ext_Id__c: 'A-1' } } as Rows);
    const [row] = (await conn.query(`SELECT Account.Ext_Id__c FROM Contact WHERE Id = '${made.id}'`)).records;
    expect(row).toMatchObject({ Account: { Ext_Id__c: 'A-1' } });
    const missing = conn.sobject('Contact').create({ LastName: 'Child', Account: { Ext_Id__c: 'A-99999' } } as Rows);
    await expect(missing).rejects.toThrow(
      'Foreign key external ID: a-99999 not found for field Ext_Id__c in entity Account',
    );
  });

  it.each([
    ['REQUIRED_FIELD_MISSING', 'Contact', { FirstName: 'A' }, 'Required fields are missing: [LastName]'],
    ['STRING_TOO_LONG', 'Account', { Name: 'x'.repeat(256) }, 'Account Name: data value too large'],
    ['INVALID_EMAIL_ADDRESS', 'Contact', { LastName: 'A', Email: 'nope' }, 'Email: invalid email address: nope'],
    [
      'DUPLICATE_VALUE',
      'Account',
      { Name: 'A', Ext_Id__c: 'a-1' },
      'duplicate value found: Ext_Id__c duplicates value on record with id: 001',
    ],
    [
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Account',
      { Name: 'A', Rating: 'Boiling' },
      'Rating: bad value for restricted picklist field: Boiling',
    ],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      'Contact',
      { LastName: 'A', AccountId: '0035g0000000001AAA' },
      'Account ID: id value of incorrect type',
    ],
    ['MALFORMED_ID', 'Contact', { LastName: 'A', AccountId: 'abc' }, 'Account ID: id value of incorrect type: abc'],
    [
      'INVALID_CROSS_REFERENCE_KEY',
      'Contact',
      { LastName: 'A', AccountId: '001000000000999AAA' },
      'invalid cross reference id',
    ],
    ['INVALID_FIELD', 'Account', { Name: 'A', Nope__c: 1 }, "No such column 'Nope__c' on sobject of type Account"],
    [
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Account',
      { Name: 'A', CreatedDate: '2024-01-01T00:00:00Z' },
      'Unable to create/update fields: CreatedDate',
    ],
    ['JSON_PARSER_ERROR', 'Account', { Name: 'A', NumberOfEmployees: 'many' }, 'Cannot deserialize instance of int'],
    ['NUMBER_OUTSIDE_VALID_RANGE', 'Contact', { LastName: 'A', Score__c: 1e30 }, 'value outside of valid range'],
  ])('refuses with %s', async (code, object, values, message) => {
    const call = conn.sobject(object).create(values as never);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toMatchObject({ errorCode: code });
  });

  it('takes what belongs to an account along when it is deleted', async () => {
    const [account] = (await conn.query("SELECT Id FROM Account WHERE Ext_Id__c = 'A-1'")).records;
    await conn.sobject('Account').destroy(String(account?.Id));
    expect((await conn.query(`SELECT Id FROM Contact WHERE AccountId = '${account?.Id}'`)).totalSize).toBe(0);
  });
});

describe('collections', () => {
  it('writes 200 at a time with a result per record, in order', async () => {
    const records = Array.from({ length: 450 }, (_, i) => ({
      LastName: i === 300 ? '' : `L${i}`,
      Email__c: `p${i}@x.example`,
    }));
    const results = await conn.sobject('Contact').upsert(records, 'Email__c', { allowRecursive: true });
    expect(results.length).toBe(450);
    expect(results.filter((result) => result.success).length).toBe(449);
    expect(results[300]).toMatchObject({
      success: false,
      errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }],
    });
    expect(practice.salesforce.requests.counts()['composite/sobjects upsert']).toBe(3);
    const again = await conn.sobject('Contact').upsert(records.slice(0, 200), 'Email__c');
    expect(again.every((result) => result.success && !result.created)).toBe(true);
  });

  it('refuses a key that comes twice in one call, for both records', async () => {
    const twice = [1, 2].map((score) => ({ LastName: 'T', Score__c: score, Email__c: 'twice@x.example' }));
    const results = await conn.sobject('Contact').upsert(twice, 'Email__c');
    expect(codesOf(results)).toEqual(['DUPLICATE_VALUE', 'DUPLICATE_VALUE']);
  });

  it('takes all back when all or none was asked for', async () => {
    const results = await conn
      .sobject('Account')
      .create([{ Name: 'One' }, { Industry: 'Retail' } as never], { allOrNone: true });
    expect(codesOf(results)).toEqual(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
    expect((await conn.query("SELECT Id FROM Account WHERE Name = 'One'")).totalSize).toBe(0);
    expect(practice.salesforce.requests.list('composite/sobjects create').map((request) => request.written)).toEqual([
      0,
    ]);
  });

  it('updates, reads and deletes many', async () => {
    const ids = (await conn.query('SELECT Id FROM Lead ORDER BY Name LIMIT 3')).records.map((row) => String(row.Id));
    const updated = await conn.sobject('Lead').update(ids.map((Id) => ({ Id, Score__c: 42 })));
    expect(updated.every((result) => result.success)).toBe(true);
    const read = await conn.sobject('Lead').retrieve(ids);
    expect(read.map((row) => row.Score__c)).toEqual([42, 42, 42]);
    const deleted = await conn.sobject('Lead').destroy([...ids, '00Q5g0000009999']);
    expect(deleted.map((result) => result.success)).toEqual([true, true, true, false]);
  });

  it('refuses more than 200 records', async () => {
    const records = Array.from({ length: 201 }, () => ({ attributes: { type: 'Account' }, Name: 'x' }));
    const call = conn.request({
      method: 'POST',
      url: '/composite/sobjects',
      body: JSON.stringify({ records }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await codeOf(call)).toBe('EXCEEDED_ID_LIMIT');
  });
});

describe('changes', () => {
  it('lists what was updated and deleted in a span of time', async () => {
    const made = await conn.sobject('Account').create({ Name: 'Watched' });
    const gone = await conn.sobject('Account').create({ Name: 'Gone' });
    await conn.sobject('Account').destroy(gone.id ?? '');
    const [start, end] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 60_000)];
    expect((await conn.sobject('Account').updated(start, end)).ids).toEqual([made.id]);
    const { deletedRecords } = await conn.sobject('Account').deleted(start, end);
    expect(deletedRecords.map((record) => record.id)).toEqual([gone.id]);
  });
});

describe('composite', () => {
  it('passes results on by reference and takes all back on a failure', async () => {
    const parts = (secondName: string | undefined) => ({
      allOrNone: true,
      compositeRequest: [
        {
          method: 'POST',
          url: '/services/data/v60.0/sobjects/Account',
          referenceId: 'acc',
          body: { Name: 'Composite' },
        },
        {
          method: 'POST',
          url: '/services/data/v60.0/sobjects/Contact',
          referenceId: 'con',
          body: { LastName: secondName, AccountId: '@{acc.id}' },
        },
      ],
    });
    const post = (body: unknown) =>
      conn.requestPost<{ compositeResponse: { httpStatusCode: number; body: unknown }[] }>(
        '/composite',
        body as object,
      );
    const good = await post(parts('Ok'));
    expect(good.compositeResponse.map((part) => part.httpStatusCode)).toEqual([201, 201]);
    const bad = await post(parts(undefined));
    expect(bad.compositeResponse[0]?.body).toMatchObject([{ errorCode: 'PROCESSING_HALTED' }]);
    expect((await conn.query("SELECT Id FROM Account WHERE Name = 'Composite'")).totalSize).toBe(1);
  });
});

describe('faults', () => {
  it('locks rows, reaches the request limit, fails and drops the answer when asked to', async () => {
    const { faults } = practice.salesforce;
    const [lead] = (await conn.query('SELECT Id FROM Lead LIMIT 1')).records;
    const Id = String(lead?.Id);
    faults.set({ lockRows: { ids: [Id], every: 0, times: 1 } });
    expect(await codeOf(conn.sobject('Lead').update({ Id, Score__c: 1 }))).toBe('UNABLE_TO_LOCK_ROW');
    expect((await conn.sobject('Lead').update({ Id, Score__c: 1 })).success).toBe(true);
    faults.set({ requestLimitReached: true });
    expect(await codeOf(conn.query('SELECT Id FROM Lead'))).toBe('REQUEST_LIMIT_EXCEEDED');
    faults.clear();
    faults.set({ failNext: { count: 1, status: 503 } });
    expect(await codeOf(connect().sobject('Lead').create({ LastName: 'A', Company: 'B' }))).toBe('SERVER_UNAVAILABLE');
    faults.set({ dropAfterEffect: 1 });
    await expect(conn.sobject('Lead').create({ LastName: 'Kept', Company: 'B' })).rejects.toThrow();
    expect((await conn.query("SELECT Id FROM Lead WHERE LastName = 'Kept'")).totalSize).toBe(1);
    const creates = practice.salesforce.requests.list('sobjects create');
    expect(creates.map((request) => request.written)).toEqual([0, 1]);
  });
});

function assertion(claims: Record<string, unknown>, key: string): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const body = `${encode({ alg: 'RS256' })}.${encode({ ...claims, exp: Math.floor(Date.now() / 1000) + 180 })}`;
  return `${body}.${createSign('RSA-SHA256').update(body).sign(key, 'base64url')}`;
}
