import type { WebClient } from '@slack/web-api';
import type { NodeContext, Verdict } from '../../sdk/index.ts';
import type { SlackValues } from './credential-slack.ts';
import { callSlack } from './slack-call.ts';

/** Slack's clock and ours may differ by this, in milliseconds. */
const SKEW = 5 * 60_000;
/** Pages of 200 messages that are looked through. */
const MOST_PAGES = 25;
const LIST_PAGES = 20;

export interface Wanted {
  readonly channel: string;
  /** The first message of the thread that it was to answer. */
  readonly thread?: string | undefined;
  readonly key: string;
  /** When the call was begun, epoch milliseconds. */
  readonly since: number;
}

export type FoundMessage = {
  readonly verdict: Verdict;
  readonly at?: { readonly channel: string; readonly ts: string };
};

/** Looks for the message that carries the key as metadata, in the channel or in its thread. */
export function findMessage(
  ctx: NodeContext<SlackValues>,
  { channel, thread, key, since }: Wanted,
): Promise<FoundMessage> {
  const oldest = String(Math.floor((since - SKEW) / 1000));
  return callSlack(ctx, 'read', async (client) => {
    const id = await channelId(client, channel);
    if (id === undefined) return unknown(`Slack shows the app no channel ${channel}, so it cannot be asked.`);
    let cursor: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const span = { channel: id, oldest, limit: 200, include_all_metadata: true, ...(cursor ? { cursor } : {}) };
      const page = await (thread
        ? client.conversations.replies({ ...span, ts: thread })
        : client.conversations.history(span));
      const message = page.messages?.find(({ metadata }) => keyOf(metadata) === key);
      if (message?.ts !== undefined) {
        const at = new Date(Number(message.ts) * 1000).toISOString();
        return {
          verdict: { outcome: 'done', said: `Slack has the message in ${channel}, posted at ${at}.` },
          at: { channel: id, ts: message.ts },
        };
      }
      cursor = page.response_metadata?.next_cursor;
      if (!cursor) {
        return {
          verdict: { outcome: 'not-done', said: `Slack has no such message in ${channel} since the call was begun.` },
        };
      }
    }
    return unknown(`${channel} has had too many messages since the call was begun to look through them all.`);
  });
}

function unknown(said: string): FoundMessage {
  return { verdict: { outcome: 'unknown', said } };
}

function keyOf(metadata: { event_payload?: object } | undefined): unknown {
  return (metadata?.event_payload as { key?: unknown } | undefined)?.key;
}

/** History is asked by id; people write names. */
async function channelId(client: WebClient, channel: string): Promise<string | undefined> {
  if (/^[CGD][A-Z0-9]{7,}$/.test(channel)) return channel;
  const name = channel.replace(/^#/, '').toLowerCase();
  let cursor: string | undefined;
  for (let pages = 0; pages < LIST_PAGES; pages++) {
    const page = await client.conversations.list({
      limit: 200,
      types: 'public_channel,private_channel',
      ...(cursor ? { cursor } : {}),
    });
    const found = page.channels?.find((one) => one.name?.toLowerCase() === name);
    if (found) return found.id;
    cursor = page.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}
