import { z } from 'zod';
import { type CredentialDefinition, defineTrigger, field } from '../../sdk/index.ts';
import { durationMs } from '../../spec/workflow/duration.ts';
import webhookBasic from './credential-webhook-basic.ts';
import webhookHmac from './credential-webhook-hmac.ts';
import webhookToken from './credential-webhook-token.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;

const CREDENTIALS: readonly CredentialDefinition<unknown>[] = [webhookToken, webhookBasic, webhookHmac];

export default defineTrigger({
  type: 'webhook',
  version: 1,
  title: 'Webhook',
  summary: 'When /hooks/{path} is called',
  description:
    'Starts when another system calls its address. Gives one record with body, query, headers, method and params.',
  connector: 'triggers',
  keywords: ['http', 'callback', 'incoming', 'api', 'post', 'event', 'receive'],
  credential: CREDENTIALS,
  credentialOptional: true,
  params: z.strictObject({
    path: field.of(
      z
        .string()
        .max(200)
        .regex(
          /^:?[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/:?[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/,
          'Use letters, digits, dashes and slashes, such as "orders/new"; ":id" stands for any value',
        ),
      'text',
      {
        label: 'Path',
        scope: 'literal',
        placeholder: 'orders/new',
        help: 'The address below /hooks/. A part such as ":id" takes any value.',
      },
    ),
    methods: field
      .of(z.array(z.enum(METHODS)).min(1), 'choices', {
        label: 'Methods',
        scope: 'literal',
        options: METHODS.map((value) => ({ value, label: value })),
      })
      .default(['POST']),
    respond: field
      .choice(['immediately', 'when-finished', 'by-node'], {
        label: 'Answer',
        scope: 'literal',
        options: [
          { value: 'immediately', label: 'At once, that it was taken' },
          { value: 'when-finished', label: 'When the run has ended, with its result' },
          { value: 'by-node', label: 'What the node "Respond to webhook" says' },
        ],
      })
      .default('immediately'),
    answerWithin: field
      .duration({
        label: 'Answer within',
        scope: 'literal',
        advanced: true,
        help: 'A caller that would have to wait longer is told where to look for the run, which goes on.',
      })
      .default('1m'),
    auth: field
      .choice(['none', 'token', 'basic', 'hmac'], {
        label: 'Who may call',
        scope: 'literal',
        options: [
          { value: 'none', label: 'Anyone who knows the address' },
          { value: 'token', label: 'With a token in a header' },
          { value: 'basic', label: 'With user name and password' },
          { value: 'hmac', label: 'With a signature over the body' },
        ],
      })
      .default('none'),
    maxBody: field
      .number({
        label: 'Largest body',
        int: true,
        min: 1,
        max: 1_073_741_824,
        scope: 'literal',
        advanced: true,
        help: 'In bytes.',
      })
      .default(1_048_576),
  }),
  examples: [
    { title: 'New orders', params: { path: 'orders/new' } },
    { title: 'Signed events, answered by a node', params: { path: 'events/:kind', auth: 'hmac', respond: 'by-node' } },
  ],
  source: (params) => ({ kind: 'webhook', ...params, answerWithin: durationMs(params.answerWithin) ?? 0 }),
});
