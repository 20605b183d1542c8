import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';
import { callSlack } from './slack-call.ts';

const fields = z.object({
  token: field.text({
    label: 'Bot token',
    secret: true,
    placeholder: 'xoxb-...',
    help: 'From your Slack app: OAuth & Permissions. It needs the scopes chat:write, channels:read and channels:history, for private channels groups:read and groups:history.',
  }),
  apiUrl: field.longText({ label: 'API address', placeholder: 'https://slack.com/api/', advanced: true }).optional(),
});

export type SlackValues = z.output<typeof fields>;

export default defineCredential<SlackValues>({
  type: 'slack',
  title: 'Slack',
  connector: 'slack',
  practice: 'slack',
  fields,
  test: async (values, ctx) => {
    const { team, user } = await callSlack({ ...ctx, credential: values }, 'read', (client) => client.auth.test());
    return { message: `Connected to ${team ?? 'Slack'} as ${user ?? 'the bot'}` };
  },
});
