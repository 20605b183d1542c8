import { type CodedError, type Logger, LogLevel, WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../practice.ts';

let practice: Practice;
let slack: WebClient;
let now = Date.UTC(2024, 4, 15, 12);

beforeAll(async () => {
  practice = await startPractice({ clock: () => now });
  slack = client();
});
afterAll(() => practice.close());
afterEach(() => practice.slack.reset());

/** The failures are wanted here, so the client need not report them. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

function client(token = practice.slack.credentials.token): WebClient {
  return new WebClient(token, {
    slackApiUrl: practice.slack.credentials.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  });
}

/** Slack's error name, from a call that has to fail. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (reason: CodedError & { data?: { error?: string } }) => reason,
  );
  return error?.data?.error ?? error?.code;
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe('the token', () => {
  it('tells who the bot is, and refuses strangers', async () => {
    expect(await slack.auth.test()).toMatchObject({ ok: true, team: 'Sluice Practice', user_id: 'U0PRACTBOT' });
    expect(await errorOf(client('xoxb-wrong').auth.test())).toBe('invalid_auth');
    expect(await errorOf(client('').auth.test())).toBe('not_authed');
    expect(await errorOf(slack.apiCall('no.such'))).toBe('unknown_method');
  });
});

describe('messages', () => {
  it('posts by channel id and by name, in threads, with blocks and metadata', async () => {
    const metadata = { event_type: 'run', event_payload: { id: 'r1' } };
    const first = await slack.chat.postMessage({
      channel: '#data-alerts',
      text: 'Hello',
      blocks: [section('*Hello*')],
      metadata,
    });
    const reply = await slack.chat.postMessage({
      channel: first.channel ?? '',
      text: 'Reply',
      thread_ts: first.ts ?? '',
    });
    expect(reply.channel).toBe('C0DATAALR1');
    const history = await slack.conversations.history({ channel: 'C0DATAALR1', include_all_metadata: true });
    expect(history.messages).toMatchObject([
      { text: 'Hello', ts: first.ts, reply_count: 1, metadata, blocks: [section('*Hello*')] },
    ]);
    const plain = await slack.conversations.history({ channel: 'C0DATAALR1' });
    expect(plain.messages?.[0]).not.toHaveProperty('metadata');
    const thread = await slack.conversations.replies({ channel: 'C0DATAALR1', ts: first.ts ?? '' });
    expect(thread.messages?.map((message) => message.text)).toEqual(['Hello', 'Reply']);
  });

  it('gives every message its own time stamp, pages history and honours oldest and latest', async () => {
    const stamps: string[] = [];
    for (let i = 0; i < 5; i++)
      stamps.push((await slack.chat.postMessage({ channel: 'C0REVENUE1', text: `m${i}` })).ts ?? '');
    expect(new Set(stamps).size).toBe(5);
    const texts: unknown[] = [];
    for await (const page of slack.paginate('conversations.history', { channel: 'C0REVENUE1', limit: 2 })) {
      texts.push(...((page as { messages?: { text?: string }[] }).messages ?? []).map((message) => message.text));
    }
    expect(texts).toEqual(['m4', 'm3', 'm2', 'm1', 'm0']);
    const between = await slack.conversations.history({
      channel: 'C0REVENUE1',
      oldest: stamps[1] ?? '',
      latest: stamps[3] ?? '',
    });
    expect(between.messages?.map((message) => message.text)).toEqual(['m2']);
  });

  it('changes and deletes its own messages', async () => {
    const { channel = '', ts = '' } = await slack.chat.postMessage({ channel: '#revenue', text: 'Draft' });
    await slack.chat.update({ channel, ts, text: 'Final' });
    expect((await slack.conversations.history({ channel })).messages).toMatchObject([{ text: 'Final' }]);
    await slack.chat.delete({ channel, ts });
    expect((await slack.conversations.history({ channel })).messages).toEqual([]);
    expect(await errorOf(slack.chat.delete({ channel, ts }))).toBe('message_not_found');
  });

  it('refuses what Slack refuses', async () => {
    const post = (more: object) => errorOf(slack.chat.postMessage({ channel: '#general', ...more } as never));
    expect(await post({ channel: '#nowhere', text: 'x' })).toBe('channel_not_found');
    expect(await post({ channel: '#random', text: 'x' })).toBe('not_in_channel');
    expect(await post({})).toBe('no_text');
    expect(await post({ text: 'x'.repeat(40_001) })).toBe('msg_too_long');
    expect(await post({ text: 'x', blocks: Array.from({ length: 51 }, () => section('x')) })).toBe('invalid_blocks');
    expect(await post({ text: 'x', blocks: [section('x'.repeat(3001))] })).toBe('invalid_blocks');
    expect(await post({ text: 'x', blocks: [{ type: 'sparkle' }] })).toBe('invalid_blocks');
    expect(await post({ text: 'x', metadata: { event_payload: {} } })).toBe('invalid_metadata_format');
    expect(practice.slack.requests.list('chat.postMessage').map((request) => request.written)).toEqual(
      Array(8).fill(0),
    );
  });
});

describe('channels and people', () => {
  it('lists channels by kind, page by page', async () => {
    const first = await slack.conversations.list({ limit: 4 });
    expect(first.channels?.length).toBe(4);
    const rest = await slack.conversations.list({ limit: 4, cursor: first.response_metadata?.next_cursor ?? '' });
    const names = [...(first.channels ?? []), ...(rest.channels ?? [])].map((channel) => channel.name);
    expect(names).toEqual(['general', 'data-alerts', 'sales-ops', 'revenue', 'customer-success', 'random']);
    expect(rest.response_metadata?.next_cursor).toBe('');
    const hidden = await slack.conversations.list({ types: 'private_channel' });
    expect(hidden.channels?.map((channel) => channel.name)).toEqual(['finance-private']);
  });

  it('joins a channel and may then post there', async () => {
    await slack.conversations.join({ channel: 'C0RANDOM01' });
    expect((await slack.chat.postMessage({ channel: '#random', text: 'Hi' })).ok).toBe(true);
  });

  it('lists people and writes to one of them', async () => {
    const { members = [] } = await slack.users.list({});
    const nora = members.find((member) => member.name === 'nora');
    expect((await slack.users.lookupByEmail({ email: 'nora.lindholm@practice.example' })).user?.id).toBe(nora?.id);
    expect((await slack.chat.postMessage({ channel: nora?.id ?? '', text: 'Hi' })).channel).toMatch(/^D/);
  });
});

describe('files', () => {
  it('takes an upload in the two calls that the client makes', async () => {
    const content = Buffer.from('email,reason\na@x.example,bad score\n');
    await slack.filesUploadV2({
      channel_id: 'C0DATAALR1',
      filename: 'rejected.csv',
      title: 'Rejected rows',
      file: content,
      initial_comment: 'See here',
    });
    const { messages } = await slack.conversations.history({ channel: 'C0DATAALR1' });
    expect(messages).toMatchObject([
      { text: 'See here', files: [{ title: 'Rejected rows', name: 'rejected.csv', size: content.length }] },
    ]);
    const id = messages?.[0]?.files?.[0]?.id ?? '';
    expect(practice.slack.store.file(id)?.content?.toString()).toBe(content.toString());
  });
});

describe('incoming webhook', () => {
  it('posts and answers ok, or names what is wrong', async () => {
    const { webhookUrl } = practice.slack.credentials;
    const post = async (body: unknown, url = webhookUrl) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return `${answer.status} ${await answer.text()}`;
    };
    expect(await post({ text: 'From a webhook' })).toBe('200 ok');
    expect(await post({})).toBe('400 no_text');
    expect(await post({ text: 'x' }, `${webhookUrl}x`)).toBe('404 no_service');
    expect((await slack.conversations.history({ channel: 'C0DATAALR1' })).messages).toMatchObject([
      { text: 'From a webhook' },
    ]);
  });
});

describe('faults', () => {
  it('limits the rate on request, with the time to wait', async () => {
    practice.slack.faults.set({ rateLimitNext: { count: 1, retryAfterSeconds: 7 } });
    await expect(slack.chat.postMessage({ channel: '#general', text: 'x' })).rejects.toMatchObject({ retryAfter: 7 });
    expect((await slack.chat.postMessage({ channel: '#general', text: 'x' })).ok).toBe(true);
  });

  it('holds each channel to a message a second when asked to', async () => {
    practice.slack.faults.set({ realRateLimit: true });
    const post = (channel: string) => slack.chat.postMessage({ channel, text: 'x' });
    await post('#general');
    await expect(post('#general')).rejects.toMatchObject({ retryAfter: 1 });
    await post('#revenue');
    now += 1000;
    expect((await post('#general')).ok).toBe(true);
  });

  it('keeps a message and loses the answer when asked to', async () => {
    practice.slack.faults.set({ dropAfterEffect: 1 });
    await expect(slack.chat.postMessage({ channel: '#revenue', text: 'Once' })).rejects.toThrow();
    expect((await slack.conversations.history({ channel: 'C0REVENUE1' })).messages).toMatchObject([{ text: 'Once' }]);
  });
});
