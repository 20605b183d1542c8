import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@jsforce/jsforce-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Practice, startPractice } from '../practice.ts';

let practice: Practice;
let conn: Connection;

beforeAll(async () => {
  practice = await startPractice();
  conn = new Connection({
    instanceUrl: practice.salesforce.url,
    accessToken: practice.salesforce.issueToken(),
    version: '60.0',
  });
  conn.bulk2.pollInterval = 20;
});
afterAll(() => practice.close());

it('upserts thousands of rows, with parents by external id, and says what became of each', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    LastName: i % 1000 === 999 ? '' : `Bulk, "${i}"`,
    Email__c: `bulk${i}@x.example`,
    'Account.Ext_Id__c': `A-${(i % 120) + 1}`,
    Score__c: i === 5 ? 'high' : String(i / 100),
  }));
  const result = await conn.bulk2.loadAndWaitForResults({
    object: 'Contact',
    operation: 'upsert',
    externalIdFieldName: 'Email__c',
    input: rows,
    pollTimeout: 20_000,
  });
  expect([result.successfulResults.length, result.failedResults.length, result.unprocessedRecords.length]).toEqual([
    2996, 4, 0,
  ]);
  expect(result.failedResults.map((row) => row.sf__Error.split(':')[0])).toEqual([
    'JSON_PARSER_ERROR',
    'REQUIRED_FIELD_MISSING',
    'REQUIRED_FIELD_MISSING',
    'REQUIRED_FIELD_MISSING',
  ]);
  expect(result.successfulResults[0]).toMatchObject({ sf__Created: 'true', LastName: 'Bulk, "0"' });
  const { records } = await conn.query(
    "SELECT Account.Ext_Id__c, Score__c FROM Contact WHERE Email__c = 'bulk130@x.example'",
  );
  expect(records).toMatchObject([{ Score__c: 1.3, Account: { Ext_Id__c: 'A-11' } }]);
});

it('reads large results page by page', async () => {
  const stream = await conn.bulk2.query('SELECT Id, Account.Name, CreatedDate FROM Contact ORDER BY Id', {
    pollInterval: 20,
  });
  const rows = (await stream.toArray()) as Record<string, string>[];
  expect(rows.length).toBe(400 + 2996);
  expect(rows[0]).toMatchObject({ 'Account.Name': expect.any(String), CreatedDate: expect.stringMatching(/\.000Z$/) });
  await expect(conn.bulk2.query('SELECT COUNT(Id) FROM Contact')).rejects.toThrow(
    'Aggregate functions are not supported',
  );
});

it('goes on with a job where a restart interrupted it, and repeats no row', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'practice-bulk-'));
  const file = join(folder, 'practice.db');
  const rows = Array.from({ length: 2000 }, (_, i) => ({ LastName: `R${i}` }));
  const first = await startPractice({ file });
  const accessToken = first.salesforce.issueToken();
  const before = new Connection({ instanceUrl: first.salesforce.url, accessToken, version: '60.0' });
  const job = before.bulk2.createJob({ object: 'Contact', operation: 'insert' });
  await job.open();
  await job.uploadData(rows);
  await job.close();
  await first.close();

  const second = await startPractice({ file });
  const after = new Connection({ instanceUrl: second.salesforce.url, accessToken, version: '60.0' });
  const resumed = after.bulk2.job('ingest', { id: job.id ?? '' });
  await resumed.poll(20, 20_000);
  expect(await resumed.check()).toMatchObject({ numberRecordsProcessed: 2000, numberRecordsFailed: 0 });
  expect(
    (
      await after.query(
        "SELECT COUNT_DISTINCT(LastName) n, COUNT(Id) all FROM Contact WHERE LastName LIKE 'R%' AND AccountId = null",
      )
    ).records,
  ).toMatchObject([{ n: 2000, all: 2000 }]);
  const work = second.salesforce.requests.list('bulk ingest rows');
  expect(work.reduce((sum, request) => sum + request.written, 0)).toBe(2000);
  expect(work.length).toBe(20);
  await second.close();
  rmSync(folder, { recursive: true, force: true });
});
