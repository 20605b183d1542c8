import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@jsforce/jsforce-node';
import { WebClient } from '@slack/web-api';
import express from 'express';
import nodemailer from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Practice, practiceApi, startPractice } from './practice.ts';

let folder: string;
let open: Practice[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'practice-'));
});
afterEach(async () => {
  await Promise.all(open.map((practice) => practice.close()));
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

async function start(file?: string): Promise<Practice> {
  const practice = await startPractice(file === undefined ? {} : { file });
  open.push(practice);
  return practice;
}

describe('a practice with a file', () => {
  it('is the same after a restart: records, tokens, keys, cursors, messages, mails, request log', async () => {
    const file = join(folder, 'practice.db');
    const first = await start(file);
    const { privateKey } = first.salesforce.credentials;
    const accessToken = first.salesforce.issueToken();
    const before = new Connection({ instanceUrl: first.salesforce.url, accessToken, version: '60.0' });
    const made = await before.sobject('Account').create({ Name: 'Kept' });
    const page = await before.query('SELECT Id FROM Contact', { headers: { 'Sforce-Query-Options': 'batchSize=200' } });
    await new WebClient(first.slack.credentials.token, {
      slackApiUrl: first.slack.credentials.apiUrl,
    }).chat.postMessage({ channel: '#revenue', text: 'Kept' });
    const { host, port, username, password } = first.smtp.credentials;
    await nodemailer
      .createTransport({ host, port, auth: { user: username, pass: password } })
      .sendMail({ from: 'a@x.example', to: 'b@x.example', subject: 'Kept', text: 'x' });
    await first.close();
    open = [];

    const second = await start(file);
    expect(second.salesforce.credentials.privateKey).toBe(privateKey);
    const after = new Connection({ instanceUrl: second.salesforce.url, accessToken, version: '60.0' });
    expect(await after.sobject('Account').retrieve(made.id ?? '')).toMatchObject({ Name: 'Kept' });
    expect((await after.queryMore(page.nextRecordsUrl ?? '')).records.length).toBe(200);
    expect(
      second.slack.store.history('C0REVENUE1', { oldest: '0', latest: '9', inclusive: false, limit: 5 }),
    ).toMatchObject([{ text: 'Kept' }]);
    expect(second.smtp.store.list().mails).toMatchObject([{ subject: 'Kept' }]);
    expect(second.salesforce.requests.counts()['sobjects create']).toBe(1);
  });
});

describe('the seed', () => {
  it('is the same people and companies each time, with every email its own', async () => {
    const [one, two] = [await start(), await start()];
    const emails = (practice: Practice) =>
      practice.salesforce.store.list('Contact', { limit: 500 })?.records.map((row) => row.Email__c) ?? [];
    expect(emails(one)).toEqual(emails(two));
    expect(new Set(emails(one)).size).toBe(400);
    const counts = one.salesforce.store.objects().map(({ name, count }) => [name, count]);
    expect(Object.fromEntries(counts)).toMatchObject({ Account: 120, Contact: 400, Opportunity: 200, Lead: 80 });
  });
});

describe('the Practice screen API', () => {
  async function served(): Promise<{
    practice: Practice;
    call: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, unknown> }>;
    stop: () => void;
  }> {
    const practice = await start();
    const server = createServer(express().use('/api/v1/practice', practiceApi(practice)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/practice`;
    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(base + path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    };
    return { practice, call, stop: () => server.closeAllConnections() };
  }

  it('lists, searches, creates, edits and deletes records, and says what is wrong with them', async () => {
    const { call, stop } = await served();
    expect((await call('GET', '/salesforce/objects')).body.objects).toContainEqual({
      name: 'Account',
      label: 'Account',
      labelPlural: 'Accounts',
      count: 120,
      editable: true,
    });
    const page = await call('GET', '/salesforce/objects/Contact?search=c-39&limit=5&offset=0');
    expect(page.body).toMatchObject({ total: 11 });
    const made = await call('POST', '/salesforce/objects/Account', { Name: 'Screen', Ext_Id__c: 'SCR-1' });
    expect(made).toMatchObject({ status: 201, body: { Name: 'Screen' } });
    const path = `/salesforce/objects/Account/${made.body.Id}`;
    expect((await call('PATCH', path, { Rating: 'Hot' })).body).toMatchObject({ Rating: 'Hot' });
    expect(await call('PATCH', path, { Rating: 'Boiling' })).toMatchObject({
      status: 422,
      body: { code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', problems: [{ path: ['Rating'] }] },
    });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('GET', '/salesforce/objects/Nope')).status).toBe(404);
    stop();
  });

  it('shows channels, messages and mails', async () => {
    const { call, stop } = await served();
    const { channels } = (await call('GET', '/slack/channels')).body;
    expect(channels).toContainEqual(expect.objectContaining({ id: 'C0GENERAL1', name: 'general', messages: 1 }));
    expect((await call('GET', '/slack/channels/C0GENERAL1/messages')).body.messages).toMatchObject([
      { userName: 'Julie Marchand', replies: [] },
    ]);
    expect((await call('GET', '/mail')).body).toEqual({ mails: [], total: 0 });
    expect((await call('GET', '/mail/1')).status).toBe(404);
    stop();
  });

  it('sets faults, refuses unknown ones, and resets', async () => {
    const { practice, call, stop } = await served();
    const set = await call('PUT', '/faults', {
      salesforce: { slowMs: 5, lockRows: { ids: [], every: 2, times: 3 }, expireSessions: true },
      smtp: { temporaryFailures: 1 },
    });
    expect(set).toMatchObject({
      status: 200,
      body: { salesforce: { slowMs: 5, lockRows: { every: 2 } }, smtp: { temporaryFailures: 1 } },
    });
    expect((await call('PUT', '/faults', { slack: { nope: 1 } })).status).toBe(422);
    expect((await call('PUT', '/faults', { salesforce: { lockRows: 7 } })).status).toBe(422);
    practice.salesforce.store.create('Account', { Name: 'Gone after a reset' });
    expect((await call('POST', '/reset')).status).toBe(204);
    expect((await call('GET', '/faults')).body).toMatchObject({ salesforce: { slowMs: 0 } });
    expect(practice.salesforce.store.list('Account')?.total).toBe(120);
    stop();
  });
});
