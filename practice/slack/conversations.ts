import { type Call, channelOf, count, flag, type Method, page, SlackError, text } from './call.ts';
import { BOT_USER, type Channel, type Member, type Message, TEAM_ID } from './workspace.ts';

/** `conversations.*` and `users.*`: reading channels, messages and people. */
export const conversationMethods: Record<string, Method> = {
  'conversations.list': { writes: false, run: list },
  'users.conversations': { writes: false, run: (call) => list(call, true) },
  'conversations.info': { writes: false, run: (call) => ({ channel: shown(call, channelOf(call, 'any')) }) },
  'conversations.join': {
    writes: true,
    run: (call) => {
      const channel = channelOf(call, 'any');
      if (channel.isPrivate) throw new SlackError('method_not_supported_for_channel_type');
      return { channel: shown(call, call.workspace.join(channel)) };
    },
  },
  'conversations.open': {
    writes: true,
    run: (call) => {
      const channel = call.workspace.findChannel(text(call, 'users') ?? text(call, 'channel') ?? '');
      if (!channel) throw new SlackError('user_not_found');
      return { channel: { id: channel.id } };
    },
  },
  'conversations.history': { writes: false, run: history },
  'conversations.replies': { writes: false, run: replies },
  'users.list': {
    writes: false,
    run: (call) => {
      const { items, response_metadata } = page(call, call.workspace.members(), 200);
      return { members: items.map(person), response_metadata };
    },
  },
  'users.info': {
    writes: false,
    run: (call) => ({ user: one(call, (member) => member.id === text(call, 'user'), 'user_not_found') }),
  },
  'users.lookupByEmail': {
    writes: false,
    run: (call) => ({
      user: one(call, (member) => member.email === text(call, 'email')?.toLowerCase(), 'users_not_found'),
    }),
  },
};

function list(call: Call, own = false): Record<string, unknown> {
  const types = (text(call, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  const wanted = call.workspace
    .channels()
    .filter((channel) => types.includes(typeOf(channel)))
    // A private channel is seen by those in it alone.
    .filter((channel) => channel.isMember || (!own && !channel.isPrivate))
    .filter((channel) => !(channel.isArchived && flag(call, 'exclude_archived')));
  const { items, response_metadata } = page(call, wanted, 100);
  return { channels: items.map((channel) => shown(call, channel)), response_metadata };
}

function history(call: Call): Record<string, unknown> {
  const channel = channelOf(call, 'member');
  const limit = count(call, 'limit', 100, 999);
  const cursor = text(call, 'cursor');
  const latest = cursor === undefined ? (text(call, 'latest') ?? '9999999999.999999') : before(cursor);
  const inclusive = cursor === undefined && flag(call, 'inclusive');
  const oldest = text(call, 'oldest') ?? '0';
  const found = call.workspace.history(channel.id, {
    oldest: pad(oldest),
    latest: pad(latest),
    inclusive,
    limit: limit + 1,
  });
  const messages = found.slice(0, limit);
  const last = messages.at(-1);
  const next = found.length > limit && last ? Buffer.from(`before:${last.ts}`).toString('base64') : undefined;
  return {
    messages: messages.map((message) => readable(call, channel, message)),
    has_more: next !== undefined,
    pin_count: 0,
    ...(next === undefined ? {} : { response_metadata: { next_cursor: next } }),
  };
}

function replies(call: Call): Record<string, unknown> {
  const channel = channelOf(call, 'member');
  const thread = call.workspace.thread(channel.id, text(call, 'ts') ?? '');
  if (thread.length === 0) throw new SlackError('thread_not_found');
  const { items, response_metadata } = page(call, thread, 1000);
  const messages = items.map((message) => readable(call, channel, message));
  return { messages, has_more: response_metadata.next_cursor !== '', response_metadata };
}

/** Metadata is shown only to those who ask for it; the first message of a thread counts its replies. */
function readable(call: Call, channel: Channel, message: Message): Message {
  const { metadata, ...rest } = message;
  const replies =
    message.thread_ts && message.thread_ts !== message.ts ? [] : call.workspace.thread(channel.id, message.ts).slice(1);
  const last = replies.at(-1);
  return {
    ...rest,
    ...(metadata !== undefined && flag(call, 'include_all_metadata') ? { metadata } : {}),
    ...(last ? { thread_ts: message.ts, reply_count: replies.length, latest_reply: last.ts } : {}),
  } as Message;
}

function before(cursor: string): string {
  const ts = /^before:([\d.]+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (ts === undefined) throw new SlackError('invalid_cursor');
  return ts;
}

/** Time stamps are compared as text, so one given without its fraction gets one. */
function pad(ts: string): string {
  const [seconds = '0', fraction = ''] = ts.split('.');
  return `${seconds.padStart(10, '0')}.${fraction.padEnd(6, '0')}`;
}

function typeOf(channel: Channel): string {
  if (channel.isIm) return 'im';
  return channel.isPrivate ? 'private_channel' : 'public_channel';
}

function shown(call: Call, channel: Channel): Record<string, unknown> {
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate && !channel.isIm,
    is_im: channel.isIm,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_general: channel.name === 'general',
    is_member: channel.isMember,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    created: channel.created,
    creator: 'U0ROBINPR1',
    context_team_id: TEAM_ID,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: channel.purpose, creator: 'U0ROBINPR1', last_set: channel.created },
    num_members: call.workspace.members().length,
  };
}

function one(call: Call, wanted: (member: Member) => boolean, code: string): Record<string, unknown> {
  const member = call.workspace.members().find(wanted);
  if (!member) throw new SlackError(code);
  return person(member);
}

function person(member: Member): Record<string, unknown> {
  return {
    id: member.id,
    team_id: TEAM_ID,
    name: member.name,
    real_name: member.realName,
    deleted: false,
    is_bot: member.isBot,
    is_app_user: member.id === BOT_USER,
    tz: 'Etc/UTC',
    profile: { real_name: member.realName, display_name: member.name, email: member.email },
  };
}
