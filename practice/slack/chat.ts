import { blockProblems } from './blocks.ts';
import { type Call, channelOf, flag, json, type Method, RateLimited, SlackError, text } from './call.ts';
import { APP_ID, BOT_ID, BOT_USER, type Message, TEAM_ID } from './workspace.ts';

const LONGEST_TEXT = 40_000;

/** `chat.*`: post, change, delete, link. */
export const chatMethods: Record<string, Method> = {
  'chat.postMessage': { writes: true, run: postMessage },
  'chat.update': { writes: true, run: update },
  'chat.delete': {
    writes: true,
    run: (call) => {
      const { channel, message } = ownMessage(call, 'cant_delete_message');
      call.workspace.delete(channel, message.ts);
      return { channel, ts: message.ts };
    },
  },
  'chat.getPermalink': {
    writes: false,
    run: (call) => {
      const channel = channelOf(call, 'any');
      const ts = text(call, 'message_ts') ?? '';
      if (!call.workspace.message(channel.id, ts)) throw new SlackError('message_not_found');
      return { channel: channel.id, permalink: `${call.url}/archives/${channel.id}/p${ts.replace('.', '')}` };
    },
  },
};

/** What a message says, checked. @throws SlackError `no_text`, `msg_too_long`, `invalid_blocks`, ... */
export function contentOf(call: Call): Partial<Message> & { text: string } {
  const blocks = listArgument(call, 'blocks', 'invalid_blocks_format');
  const attachments = listArgument(call, 'attachments', 'invalid_attachments');
  const metadata = json(call, 'metadata', 'invalid_metadata_format');
  const words = text(call, 'text') ?? text(call, 'markdown_text') ?? '';
  if (words === '' && !blocks?.length && !attachments?.length) throw new SlackError('no_text');
  if (words.length > LONGEST_TEXT) throw new SlackError('msg_too_long');
  const problems = blockProblems(blocks ?? []);
  if (problems.length > 0) {
    throw new SlackError('invalid_blocks', {
      errors: problems.map((line) => line.replace('[ERROR] ', '')),
      response_metadata: { messages: problems },
    });
  }
  if (metadata !== undefined && !isMetadata(metadata)) throw new SlackError('invalid_metadata_format');
  return {
    text: words,
    ...(blocks ? { blocks } : {}),
    ...(attachments ? { attachments } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function postMessage(call: Call): Record<string, unknown> {
  const channel = channelOf(call, 'member');
  if (channel.isArchived) throw new SlackError('is_archived');
  const content = contentOf(call);
  const seconds = call.faults.secondsUntilPost(channel.id);
  if (seconds > 0) throw new RateLimited(seconds);
  const threadTs = text(call, 'thread_ts');
  const username = text(call, 'username');
  const message = call.workspace.post(channel.id, {
    ...content,
    user: BOT_USER,
    bot_id: BOT_ID,
    app_id: APP_ID,
    team: TEAM_ID,
    ...(username ? { username, subtype: 'bot_message' } : {}),
    ...(threadTs ? { thread_ts: threadTs } : {}),
    ...(threadTs && flag(call, 'reply_broadcast') ? { subtype: 'thread_broadcast' } : {}),
  });
  return { channel: channel.id, ts: message.ts, message };
}

function update(call: Call): Record<string, unknown> {
  const { channel, message } = ownMessage(call, 'cant_update_message');
  const content = contentOf(call);
  const edited = { user: BOT_USER, ts: message.ts };
  const { blocks: _blocks, attachments: _attachments, ...kept } = message;
  const changed: Message = { ...kept, ...content, edited };
  call.workspace.replace(channel, changed);
  return { channel, ts: message.ts, text: changed.text, message: changed };
}

function ownMessage(call: Call, refusal: string): { channel: string; message: Message } {
  const channel = channelOf(call, 'any').id;
  const message = call.workspace.message(channel, text(call, 'ts') ?? '');
  if (!message) throw new SlackError('message_not_found');
  if (message.user !== BOT_USER) throw new SlackError(refusal);
  return { channel, message };
}

function listArgument(call: Call, name: string, code: string): unknown[] | undefined {
  const value = json(call, name, code);
  if (value !== undefined && !Array.isArray(value)) throw new SlackError(code);
  return value;
}

function isMetadata(value: unknown): boolean {
  const metadata = value as { event_type?: unknown; event_payload?: unknown } | null;
  return typeof metadata?.event_type === 'string' && typeof metadata.event_payload === 'object';
}
