import axios from 'axios';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Practice, type SlackPractice, startPractice } from '../../practice/practice.ts';
import { type NodeContext, NodeError, reportOf } from '../../sdk/index.ts';
import { runNode, testFiles, testNode } from '../../sdk/testing/index.ts';
import credentialType, { type SlackValues } from './credential-slack.ts';
import post from './post.ts';

let services: Practice;
let slack: SlackPractice;
let credential: SlackValues;

beforeAll(async () => {
  services = await startPractice();
  slack = services.slack;
  credential = slack.credentials;
});
afterEach(() => slack.reset());
afterAll(() => services.close());

testNode(post, { setUp: () => ({ credential }) });

const messages = (channel = 'data-alerts') => {
  const id = slack.store.findChannel(channel)?.id ?? '';
  return slack.store.history(id, { oldest: '0', latest: '9999999999', inclusive: true, limit: 100 }).reverse();
};
const each = { channel: '#data-alerts', text: '={{ $json.name }} was won' };
const run = (params: Record<string, unknown>, inputs: Record<string, unknown>[] = [{ name: 'Deal' }]) =>
  runNode(post, { credential, params, inputs, mayFail: true });

test('posts a message for each record and gives its channel and ts', async () => {
  const { ports } = await run(each, [{ name: 'One' }, { name: 'Two' }]);
  expect(messages().map((message) => message.text)).toEqual(['One was won', 'Two was won']);
  expect(ports.records).toEqual([
    { name: 'One', channel: 'C0DATAALR1', ts: messages()[0]?.ts },
    { name: 'Two', channel: 'C0DATAALR1', ts: messages()[1]?.ts },
  ]);
});

test('the message carries the effect’s key as metadata', async () => {
  const { calls } = await run(each);
  expect(messages()[0]).toMatchObject({
    metadata: { event_type: 'sluice_step', event_payload: { key: calls[0]?.key } },
  });
});

test('answers in a thread and takes blocks as JSON', async () => {
  const first = await run(each);
  const blocks = JSON.stringify([{ type: 'section', text: { type: 'mrkdwn', text: 'rich' } }]);
  await run({ ...each, blocks, thread: '={{ $json.ts }}' }, [{ name: 'Re', ts: first.ports.records?.[0]?.ts }]);
  const channel = slack.store.findChannel('data-alerts')?.id ?? '';
  expect(slack.store.thread(channel, messages()[0]?.ts ?? '')).toHaveLength(2);
  const { ports } = await run({ ...each, blocks: '={{ $json.blocks }}' }, [{ name: 'a', blocks: 'no list' }]);
  expect(ports.rejected).toMatchObject([{ _rejected: { code: 'slack-blocks', field: 'blocks' } }]);
});

test('a record without a text is rejected, the others are posted', async () => {
  const { ports } = await run({ channel: '#data-alerts', text: '={{ $json.name }}' }, [{ name: '' }, { name: 'Two' }]);
  expect(ports.rejected).toMatchObject([{ _rejected: { code: 'slack-no-text' } }]);
  expect(messages().map((message) => message.text)).toEqual(['Two']);
});

const digest = {
  channel: '#data-alerts',
  mode: 'digest',
  text: '*Held back*',
  columns: ['email', '_rejected.message'],
};
const held = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ email: `p${i}@example.com`, _rejected: { message: 'No <last> name' } }));

test('a digest is one message with the first rows and the count of the rest', async () => {
  const { ports } = await run({ ...digest, rows: 3 }, held(40));
  const [message] = messages();
  expect(messages()).toHaveLength(1);
  expect(message?.text).toContain('*Held back*');
  expect(message?.text).toContain('p2@example.com  No &lt;last&gt; name');
  expect(message?.text).not.toContain('p3@example.com');
  expect(message?.text).toContain('and 37 more, 40 in all');
  expect(ports.records).toEqual([{ channel: 'C0DATAALR1', ts: message?.ts, count: 40 }]);
});

test('the heading of a digest may count the records and read an earlier step', async () => {
  await runNode(post, {
    credential,
    params: { ...digest, text: "={{ $input.all().length }} rows of {{ $('file').first().name }}" },
    inputs: held(7),
    nodes: { file: [{ name: 'orders.csv' }] },
  });
  expect(messages()[0]?.text).toContain('7 rows of orders.csv');
});

test('a digest reads like a table: numbers to the right, the last column as long as the line allows', async () => {
  const reason = 'Required fields are missing: [LastName], and the account was not found';
  await run({ channel: '#data-alerts', mode: 'digest', columns: ['who', 'score', '_rejected.message'] }, [
    { who: 'Ann', score: 7, _rejected: { message: reason } },
    { who: 'Bo', score: 100, _rejected: { message: 'x' } },
  ]);
  expect(messages()[0]?.text).toContain('who  score  message\n');
  expect(messages()[0]?.text).toContain(`Ann      7  ${reason}\nBo     100  x\n`);
});

test('a digest of nothing posts nothing', async () => {
  const { ports } = await run(digest, []);
  expect(messages()).toHaveLength(0);
  expect(ports.records).toBeUndefined();
});

test('a long digest keeps to Slack’s limits', async () => {
  const wide = Array.from({ length: 200 }, (_, i) =>
    Object.fromEntries(Array.from({ length: 12 }, (_, c) => [`column_${c}`, `${i} ${'x'.repeat(80)} & <more>`])),
  );
  const { ports } = await run({ channel: '#data-alerts', mode: 'digest', text: 'y'.repeat(5000), rows: 200 }, wide);
  expect(ports.records).toMatchObject([{ count: 200 }]);
  const blocks = (messages()[0]?.blocks ?? []) as { text?: { text: string } }[];
  expect(blocks.length).toBeLessThanOrEqual(50);
  for (const block of blocks) expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3000);
});

test('a digest cannot read one record in its heading', async () => {
  expect((await run({ ...digest, text: '={{ $json.email }}' })).error).toMatchObject({ class: 'config' });
});

test('what Slack refuses is classified, with a remedy', async () => {
  const failing = async (error: string) => {
    slack.faults.set({ errorNext: { count: 1, error } });
    return (await run(each)).error;
  };
  expect(await failing('not_in_channel')).toMatchObject({ class: 'config', field: 'channel' });
  expect(await failing('token_revoked')).toMatchObject({ class: 'auth' });
  expect(await failing('internal_error')).toMatchObject({ class: 'uncertain' });
  expect(await failing('something_new')).toMatchObject({ class: 'config', code: 'slack-something-new' });
  expect((await run({ ...each, channel: '#nowhere' })).error).toMatchObject({ code: 'slack-channel-not-found' });
  expect(messages()).toHaveLength(0);
});

test('a rate limit waits as long as Slack says, and a lost answer is uncertain', async () => {
  slack.faults.set({ rateLimitNext: { count: 1, retryAfterSeconds: 7 } });
  expect((await run(each)).error).toMatchObject({ class: 'rate-limited', retryAfter: 7000 });
  slack.faults.set({ failNext: { count: 1, status: 503 } });
  expect((await run(each)).error).toMatchObject({ class: 'transient' });
  slack.faults.set({ dropAfterEffect: 1 });
  expect((await run(each)).error).toMatchObject({ class: 'uncertain', code: 'slack-answer-lost' });
  expect(messages()).toHaveLength(1);
  const nowhere = { ...credential, apiUrl: 'http://127.0.0.1:1/' };
  const { error } = await runNode(post, { credential: nowhere, params: each, mayFail: true });
  expect(error).toMatchObject({ class: 'transient', code: 'slack-unreachable' });
});

test('a cancelled step leaves at once', async () => {
  slack.faults.set({ slowMs: 60_000 });
  const cancel = new AbortController();
  const running = runNode(post, { credential, params: each, signal: cancel.signal });
  setTimeout(() => cancel.abort(new Error('cancelled by a person')), 50);
  await expect(running).rejects.toThrow('cancelled by a person');
});

test('the guard of outgoing requests is obeyed', async () => {
  const http = axios.create();
  const refusal = { class: 'config', code: 'egress-refused', message: 'Not allowed.', remedy: 'Ask.' } as const;
  http.interceptors.request.use(() => Promise.reject(new NodeError(refusal)));
  const { error } = await runNode(post, { credential, params: each, mayFail: true, ctx: { http } });
  expect(error).toMatchObject({ class: 'config', code: 'egress-refused' });
});

test('the credential says who it is', async () => {
  const { signal } = new AbortController();
  const ctx = { http: axios.create(), egress: { check: async () => undefined }, files: testFiles('.'), signal };
  expect(await credentialType.test(credential, ctx)).toEqual({ message: 'Connected to Sluice Practice as sluice' });
  const refused = await credentialType
    .test({ ...credential, token: 'xoxb-wrong' }, ctx)
    .then(() => undefined, reportOf);
  expect(refused).toMatchObject({ class: 'auth', message: 'Slack refused the token.' });
  expect(JSON.stringify(refused)).not.toContain('xoxb-wrong');
});

test('channels come by name', async () => {
  const http = axios.create();
  const { signal } = new AbortController();
  const ctx = { credential, http, signal } as unknown as NodeContext<SlackValues>;
  expect(await post.load.channels?.(ctx, {}, '#data')).toEqual([
    { value: '#data-alerts', label: '#data-alerts', help: expect.stringMatching(/^\d+ members$/) },
  ]);
});

describe('a message in doubt', () => {
  const ask = (params: Record<string, unknown>, record: Record<string, unknown> = {}, key = 'run-1/node/0-1') =>
    post.verify?.ask(
      {
        key,
        since: Date.now(),
        items: () => [{ record, position: 0, params: { mode: 'each', rows: 20, ...params } as never }],
        stepParams: () => ({ mode: 'each', rows: 20, ...params }) as never,
      },
      { credential, http: axios.create(), signal: new AbortController().signal } as unknown as NodeContext<SlackValues>,
    );

  test('is found in its channel by the key, with what the step would have given', async () => {
    slack.faults.set({ dropAfterEffect: 1 });
    expect((await run(each)).error).toMatchObject({ class: 'uncertain' });
    const { ts } = messages()[0] ?? {};
    expect(await ask(each, { name: 'Deal' })).toEqual({
      outcome: 'done',
      said: expect.stringContaining('Slack has the message in #data-alerts, posted at 20'),
      result: { name: 'Deal', channel: 'C0DATAALR1', ts },
    });
    expect(await ask({ ...each, channel: 'C0DATAALR1' })).toMatchObject({ outcome: 'done' });
    expect(await ask(each, {}, 'another key')).toMatchObject({ outcome: 'not-done' });
  });

  test('is found among many, and in its thread', async () => {
    const first = await run(each);
    const thread = String(first.ports.records?.[0]?.ts);
    for (let i = 0; i < 450; i++) slack.store.post('C0DATAALR1', { user: 'U0ROBINPR1', text: `chatter ${i}` });
    expect(await ask(each)).toMatchObject({ outcome: 'done' });
    const { calls } = await run({ ...each, thread }, [{}, { name: 'Re' }]);
    expect(await ask({ ...each, thread }, {}, calls[1]?.key)).toMatchObject({ outcome: 'done' });
    expect(await ask({ ...each, thread }, {}, 'another key')).toMatchObject({ outcome: 'not-done' });
  });

  test('is found when it is a digest', async () => {
    await run(digest, held(3));
    expect(await ask(digest, {}, 'run-1/node/0-3')).toMatchObject({
      outcome: 'done',
      result: { channel: 'C0DATAALR1', ts: messages()[0]?.ts },
    });
  });

  test('is not taken for missing where Slack cannot be asked', async () => {
    expect(await ask({ ...each, channel: '#nowhere' })).toMatchObject({ outcome: 'unknown' });
    slack.faults.set({ errorNext: { count: 9, error: 'missing_scope' } });
    await expect(ask(each)).rejects.toMatchObject({
      class: 'auth',
      remedy: expect.stringContaining('channels:history'),
    });
    slack.faults.set({ errorNext: { count: 0, error: '' }, failNext: { count: 1, status: 503 } });
    await expect(ask(each)).rejects.toMatchObject({ class: 'transient' });
  });
});
