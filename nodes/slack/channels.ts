import type { Loader } from '../../sdk/index.ts';
import type { SlackValues } from './credential-slack.ts';
import { callSlack } from './slack-call.ts';

const MOST = 2_000;

/** Channels that the app can see, by name. */
export const channels: Loader<SlackValues> = async (ctx, _params, search) => {
  const found: { value: string; label: string; help?: string }[] = [];
  const wanted = search.replace(/^#/, '').toLowerCase();
  await callSlack(ctx, 'read', async (client) => {
    let cursor: string | undefined;
    do {
      const page = await client.conversations.list({
        exclude_archived: true,
        limit: 200,
        types: 'public_channel,private_channel',
        ...(cursor ? { cursor } : {}),
      });
      for (const { name, is_private, num_members } of page.channels ?? []) {
        if (name === undefined || !name.toLowerCase().includes(wanted)) continue;
        const members = num_members === undefined ? '' : `${num_members} members`;
        found.push({ value: `#${name}`, label: `#${name}`, help: is_private ? `private, ${members}` : members });
      }
      cursor = page.response_metadata?.next_cursor;
    } while (cursor && found.length < MOST);
  });
  return found.sort((a, b) => a.label.localeCompare(b.label));
};
