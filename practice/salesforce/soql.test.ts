import { Connection } from '@jsforce/jsforce-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../practice.ts';

type Row = Record<string, unknown>;

const NOW = Date.UTC(2024, 4, 15, 12);
let practice: Practice;
let conn: Connection;

beforeAll(async () => {
  practice = await startPractice({ clock: () => NOW });
  const { url } = practice.salesforce;
  conn = new Connection({ instanceUrl: url, accessToken: practice.salesforce.issueToken(), version: '60.0' });
  const industries = ['Retail', 'Energy', null, 'retail'];
  await conn.sobject('Account').create(
    industries.map((Industry, i) => ({
      Name: ['T Alpha', "T O'Hara", 'T 100%', 'T beta'][i] ?? '',
      Industry,
      NumberOfEmployees: i === 2 ? null : (i + 1) * 10,
      AccountNumber: 'SOQL',
      Ext_Id__c: `S-${i}`,
    })) as Row[],
  );
  const contact = (LastName: string, parent: string, Birthdate?: string) => ({
    LastName,
    Account: { Ext_Id__c: parent },
    Department: 'SOQL',
    Birthdate,
  });
  await conn
    .sobject('Contact')
    .create([
      contact('One', 'S-0', '2024-05-15'),
      contact('Two', 'S-0', '2024-05-01'),
      contact('Three', 'S-1', '2023-12-31'),
    ] as Row[]);
});
afterAll(() => practice.close());

async function names(where: string, order = 'Name'): Promise<unknown[]> {
  const { records } = await conn.query(
    `SELECT Name FROM Account WHERE AccountNumber = 'SOQL' AND ${where} ORDER BY ${order}`,
  );
  return records.map((row) => row.Name);
}

describe('conditions', () => {
  it.each([
    ["Industry = 'RETAIL'", ['T Alpha', 'T beta']],
    ["Industry != 'Retail'", ['T 100%', "T O'Hara"]],
    ['Industry = null', ['T 100%']],
    ['Industry != null', ['T Alpha', 'T beta', "T O'Hara"]],
    ["Name = 'T O\\'Hara'", ["T O'Hara"]],
    ["Name LIKE 'T 100\\%'", ['T 100%']],
    ["Name LIKE 't _lpha'", ['T Alpha']],
    ['NumberOfEmployees > 10', ['T beta', "T O'Hara"]],
    ['NumberOfEmployees >= 10 AND NumberOfEmployees < 40', ['T Alpha', "T O'Hara"]],
    ["Industry IN ('Energy', 'Banking')", ["T O'Hara"]],
    ["Industry NOT IN ('Energy')", ['T 100%', 'T Alpha', 'T beta']],
    ["(NOT Industry = 'Retail')", ['T 100%', "T O'Hara"]],
    ["(Industry = 'Energy' OR (Industry = null AND (NOT Name LIKE 'x%')))", ['T 100%', "T O'Hara"]],
    ["Id IN (SELECT AccountId FROM Contact WHERE LastName = 'Two')", ['T Alpha']],
    ["Id NOT IN (SELECT AccountId FROM Contact WHERE Department = 'SOQL')", ['T 100%', 'T beta']],
    ['CreatedDate = TODAY', ['T 100%', 'T Alpha', 'T beta', "T O'Hara"]],
    ['CreatedDate < LAST_N_DAYS:3', []],
    ['CreatedDate >= 2024-05-15T13:00:00+01:00', ['T 100%', 'T Alpha', 'T beta', "T O'Hara"]],
    ['CreatedDate > 2024-05-15T12:00:00Z', []],
    ['IsDeleted = true', []],
    ["Owner.Username LIKE 'robin%'", ['T 100%', 'T Alpha', 'T beta', "T O'Hara"]],
  ])('%s', async (where, expected) => {
    expect(await names(where)).toEqual(expected);
  });

  it.each([
    ['= THIS_MONTH', ['One', 'Two']],
    ['= LAST_YEAR', ['Three']],
    ['< THIS_MONTH', ['Three']],
    ['> LAST_N_DAYS:5', []],
    ['= LAST_N_DAYS:14', ['One', 'Two']],
    ['= N_DAYS_AGO:14', ['Two']],
    ['= THIS_WEEK', ['One']],
    ['!= THIS_YEAR', ['Three']],
    ['<= 2024-05-01', ['Three', 'Two']],
  ])('Birthdate %s', async (condition, expected) => {
    const { records } = await conn.query(
      `SELECT LastName FROM Contact WHERE Department = 'SOQL' AND Birthdate ${condition} ORDER BY LastName`,
    );
    expect(records.map((row) => row.LastName)).toEqual(expected);
  });
});

describe('order and pages', () => {
  it('puts empty fields first unless told otherwise, and knows limit and offset', async () => {
    expect(await names('Id != null', 'NumberOfEmployees DESC')).toEqual(['T 100%', 'T beta', "T O'Hara", 'T Alpha']);
    expect(await names('Id != null', 'NumberOfEmployees NULLS LAST LIMIT 2 OFFSET 2')).toEqual(['T beta', 'T 100%']);
    expect(await names('Id != null', 'Industry NULLS LAST, Name DESC LIMIT 3')).toEqual([
      "T O'Hara",
      'T beta',
      'T Alpha',
    ]);
  });

  it('hands long answers out in batches that stay as they were when the query ran', async () => {
    const small = await conn.query('SELECT Id, Name FROM Contact ORDER BY Id', {
      headers: { 'Sforce-Query-Options': 'batchSize=200' },
    });
    expect(small).toMatchObject({ done: false, totalSize: 403 });
    expect(small.records.length).toBe(200);
    await conn.sobject('Contact').create({ LastName: 'Later' });
    const second = await conn.queryMore(small.nextRecordsUrl ?? '');
    const third = await conn.queryMore(second.nextRecordsUrl ?? '');
    expect([second.records.length, third.records.length, third.done, third.totalSize]).toEqual([200, 3, true, 403]);
    const ids = [...small.records, ...second.records, ...third.records].map((row) => row.Id);
    expect(new Set(ids).size).toBe(403);
    await expect(conn.queryMore('01g000000000000-9-200')).rejects.toMatchObject({ errorCode: 'INVALID_QUERY_LOCATOR' });
  });
});

describe('relationships', () => {
  it('reads parents up to five levels and children in sub-selects', async () => {
    const { records } = await conn.query(
      "SELECT Id, Account.Name, Account.Owner.Manager.Name, a.Account.Industry FROM Contact a WHERE LastName = 'One' AND Account.Industry = 'Retail'",
    );
    expect(records).toMatchObject([
      { Account: { attributes: { type: 'Account' }, Name: 'T Alpha', Industry: 'Retail', Owner: { Manager: null } } },
    ]);
    const accounts = await conn.query(
      "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName DESC LIMIT 1) FROM Account WHERE Ext_Id__c IN ('S-0', 'S-2') ORDER BY Name DESC",
    );
    expect(accounts.records[0]).toMatchObject({
      Name: 'T Alpha',
      Contacts: { totalSize: 1, done: true, records: [{ LastName: 'Two' }] },
    });
    expect(accounts.records[1]).toMatchObject({ Name: 'T 100%', Contacts: null });
  });

  it('names what a task is about, whatever it is', async () => {
    const { records } = await conn.query(
      'SELECT Who.Name, Who.Type, What.Name FROM Task WHERE WhoId != null AND WhatId != null LIMIT 1',
    );
    expect(records).toMatchObject([
      { Who: { attributes: { type: 'Name' }, Type: 'Contact' }, What: { Name: expect.any(String) } },
    ]);
  });

  it('gives all fields of a kind with FIELDS()', async () => {
    const { records } = await conn.query("SELECT FIELDS(ALL) FROM Account WHERE Ext_Id__c = 'S-0' LIMIT 1");
    expect(records).toMatchObject([{ Name: 'T Alpha', Ext_Id__c: 'S-0', BillingCity: null }]);
    await expect(conn.query('SELECT FIELDS(ALL) FROM Account')).rejects.toThrow('LIMIT of at most 200');
  });
});

describe('aggregates', () => {
  it('counts, groups, filters groups and orders them', async () => {
    expect(await conn.query("SELECT COUNT() FROM Account WHERE AccountNumber = 'SOQL'")).toEqual({
      totalSize: 4,
      done: true,
      records: [],
    });
    const grouped = await conn.query(
      "SELECT Industry ind, COUNT(Id), SUM(NumberOfEmployees) total, MAX(Name), AVG(NumberOfEmployees) FROM Account WHERE AccountNumber = 'SOQL' GROUP BY Industry HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC",
    );
    expect(grouped.records).toMatchObject([
      { attributes: { type: 'AggregateResult' }, ind: 'Retail', expr0: 2, total: 50, expr1: 'T beta', expr2: 25 },
    ]);
    const years = await conn.query(
      "SELECT CALENDAR_YEAR(Birthdate) y, COUNT_DISTINCT(AccountId) n FROM Contact WHERE Department = 'SOQL' GROUP BY CALENDAR_YEAR(Birthdate) ORDER BY CALENDAR_YEAR(Birthdate)",
    );
    expect(years.records).toMatchObject([
      { y: 2023, n: 1 },
      { y: 2024, n: 1 },
    ]);
    const parents = await conn.query(
      "SELECT Account.Name, COUNT(Id) n FROM Contact WHERE Department = 'SOQL' GROUP BY Account.Name ORDER BY Account.Name",
    );
    expect(parents.records).toMatchObject([
      { Name: 'T Alpha', n: 2 },
      { Name: "T O'Hara", n: 1 },
    ]);
  });
});

describe('mistakes', () => {
  it.each([
    ['SELEC Id FROM Account', 'MALFORMED_QUERY', 'unexpected token'],
    ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY', 'unexpected'],
    ['SELECT Nope FROM Account', 'INVALID_FIELD', "ERROR at Row:1:Column:8\nNo such column 'Nope' on entity 'Account'"],
    ['SELECT Id FROM Account WHERE Nope = 1', 'INVALID_FIELD', "No such column 'Nope' on entity 'Account'"],
    ['SELECT Id FROM Nope', 'INVALID_TYPE', "sObject type 'Nope' is not supported"],
    ['SELECT Nope.Name FROM Contact', 'INVALID_FIELD', "Didn't understand relationship 'Nope' in field path"],
    [
      'SELECT Id, (SELECT Id FROM Nopes) FROM Account',
      'INVALID_TYPE',
      "Didn't understand relationship 'Nopes' in FROM part of query call",
    ],
    [
      'SELECT Id FROM Account WHERE Name = 5',
      'INVALID_FIELD',
      "'Name' must be of type string and should be enclosed in quotes",
    ],
    [
      "SELECT Id FROM Account WHERE NumberOfEmployees = '5'",
      'INVALID_FIELD',
      "'NumberOfEmployees' must be of type int and should not be enclosed in quotes",
    ],
    [
      "SELECT Id FROM Account WHERE CreatedDate > '2024-01-01'",
      'INVALID_FIELD',
      "'CreatedDate' must be of type dateTime and should not be enclosed",
    ],
    ["SELECT Id FROM Account WHERE Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: abc'],
    [
      "SELECT Id FROM Account WHERE Description LIKE 'a%'",
      'INVALID_FIELD',
      "field 'Description' can not be filtered in a query call",
    ],
    [
      "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
      'MALFORMED_QUERY',
      "unexpected token: 'OR'",
    ],
    ['SELECT Name, COUNT(Id) FROM Account', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: Name'],
    ['SELECT SUM(Name) FROM Account', 'MALFORMED_QUERY', 'does not support aggregate operator SUM'],
    ['SELECT Id, Id FROM Account', 'INVALID_FIELD', 'duplicate field selected: Id'],
    ['SELECT Name n FROM Account', 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing'],
    ['SELECT Id FROM Account OFFSET 3000', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
  ])('%s', async (soql, errorCode, message) => {
    const query = conn.query(soql, { autoFetch: false });
    await expect(query).rejects.toMatchObject({ errorCode });
    await expect(conn.query(soql)).rejects.toThrow(message);
  });
});
