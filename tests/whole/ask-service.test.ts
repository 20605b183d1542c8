import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../engine/index.ts';
import { systemClock } from '../../engine/ports.ts';
import { nodes, triggers } from '../../nodes/index.gen.ts';
import { type Practice, startPractice } from '../../practice/practice.ts';
import { FolderBlobs } from '../../server/storage/blobs/folder-blobs.ts';
import { openDatabase } from '../../server/storage/sqlite/database.ts';
import { GroupCommit } from '../../server/storage/sqlite/group-commit.ts';
import { SqliteRunStore } from '../../server/storage/sqlite/runs.ts';
import { workflow } from '../engine-world.ts';

/** Real nodes and practice services: an answer is lost after the effect, and the service itself tells what came of it. */

let engine: Engine;
let practice: Practice;
let close: () => Promise<void>;

beforeEach(async () => {
  const home = mkdtempSync(join(tmpdir(), 'sluice-ask-'));
  practice = await startPractice();
  const db = openDatabase(join(home, 'runs.db'));
  const store = new SqliteRunStore(new GroupCommit(db));
  const blobs = new FolderBlobs(join(home, 'blobs'));
  const accounts: Record<string, { type: string; values: Record<string, unknown> }> = {
    salesforce: { type: 'salesforce', values: { ...practice.salesforce.credentials, auth: 'client-credentials' } },
    slack: { type: 'slack', values: { ...practice.slack.credentials } },
  };
  engine = createEngine({
    clock: systemClock,
    store,
    blobs,
    registry: {
      node: (type) => nodes.find((node) => node.type === type),
      trigger: (type) => triggers.find((trigger) => trigger.type === type),
    },
    credentials: { resolve: async (id) => accounts[id] ?? Promise.reject(new Error(`There is no credential "${id}"`)) },
    http: ({ signal }) => axios.create({ signal }),
    egress: { check: async () => {} },
    files: undefined as never,
    vars: () => ({}),
    published: async () => undefined,
  });
  close = async () => {
    await engine.close();
    await store.close();
    blobs.close();
    db.close();
    await practice.close();
    rmSync(home, { recursive: true, force: true });
  };
});
afterEach(() => close());

async function run(type: string, params: Record<string, unknown>, credential: string) {
  const request = workflow({ start: ['manual'], act: [type, params, { credential }] }, ['start -> act']);
  const started = await engine.start({ ...request, records: [{ name: 'Ada' }, { name: 'Grace' }], until: 'accepted' });
  const view = await started.finished;
  const page = await engine.records(started.id, 'act', { offset: 0, limit: 10 });
  const log = (await engine.log(started.id)).map(({ message }) => message);
  return { view, records: page?.records ?? [], log };
}

test('Slack has the message, so it is not posted again', async () => {
  practice.slack.faults.set({ dropAfterEffect: 1 });
  const { view, records, log } = await run(
    'slack.post',
    { channel: '#general', text: '=Hello {{ $json.name }}' },
    'slack',
  );
  expect(view.status).toBe('succeeded');
  const span = { oldest: '0', latest: '9999999999', inclusive: true, limit: 100 };
  const posted = practice.slack.store.history('C0GENERAL1', span).filter(({ text }) => text.startsWith('Hello'));
  expect(posted.map(({ text }) => text)).toEqual(['Hello Grace', 'Hello Ada']);
  expect(records).toEqual([
    { name: 'Ada', channel: 'C0GENERAL1', ts: posted[1]?.ts },
    { name: 'Grace', channel: 'C0GENERAL1', ts: posted[0]?.ts },
  ]);
  expect(log.at(-1)).toContain('The call for record 1 took effect, and is not made again: Slack has the message');
});

test('Salesforce has the records by their mark, so they are not created again', async () => {
  practice.salesforce.faults.set({ dropAfterEffect: 1 });
  const params = { object: 'Contact', fields: { LastName: '={{ $json.name }}' }, marker: 'Ext_Id__c' };
  const { view, records, log } = await run('salesforce.create', params, 'salesforce');
  expect(view.status).toBe('succeeded');
  expect(records).toEqual([
    { name: 'Ada', id: expect.stringMatching(/^003/), created: true },
    { name: 'Grace', id: expect.stringMatching(/^003/), created: true },
  ]);
  expect(log.at(-1)).toContain('Salesforce has 2 of 2 by Ext_Id__c.');
  const created = practice.salesforce.requests.list().filter(({ written }) => written > 0);
  expect(created.map(({ written }) => written)).toEqual([2]);
});
