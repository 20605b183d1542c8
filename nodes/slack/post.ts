import type { Block, KnownBlock } from '@slack/web-api';
import { z } from 'zod';
import {
  type CallInDoubt,
  type DataRecord,
  defineNode,
  eachCall,
  field,
  type NodeContext,
  NodeError,
  origin,
  type StepIO,
  stream,
  type Verdict,
} from '../../sdk/index.ts';
import { findMessage } from './ask-channel.ts';
import { channels } from './channels.ts';
import credential, { type SlackValues } from './credential-slack.ts';
import { digestMessage, plainColumns } from './digest.ts';
import { callSlack } from './slack-call.ts';

const params = z.strictObject({
  channel: field.pick({
    label: 'Channel',
    load: 'channels',
    scope: 'record',
    placeholder: '#sales-ops',
    help: 'A channel’s name or id. The app must be in the channel.',
  }),
  mode: field
    .choice(['each', 'digest'], {
      label: 'Post',
      scope: 'step',
      options: [
        { value: 'each', label: 'a message for each record' },
        {
          value: 'digest',
          label: 'one message with a table of the records',
          help: 'Nothing is posted when none came.',
        },
      ],
    })
    .default('each'),
  text: field
    .longText({ label: 'Text', help: 'In a digest, the heading above the table. *bold*, _italic_, `code`.' })
    .optional(),
  columns: field
    .fieldNames({
      label: 'Columns of the table',
      help: 'The first plain ones if none is chosen. A path such as _rejected.message reaches into a value.',
      showWhen: { param: 'mode', is: ['digest'] },
    })
    .optional(),
  rows: field
    .number({
      label: 'Rows of the table',
      scope: 'step',
      min: 1,
      max: 200,
      int: true,
      help: 'The rest is counted below the table.',
      showWhen: { param: 'mode', is: ['digest'] },
    })
    .default(20),
  blocks: field
    .json({
      label: 'Blocks',
      help: 'A Block Kit list for a richer message; the text then serves notifications.',
      advanced: true,
      showWhen: { param: 'mode', is: ['each'] },
    })
    .optional(),
  thread: field
    .text({
      label: 'Answer in thread',
      placeholder: '1712345678.000100',
      help: 'The "ts" of the first message.',
      advanced: true,
    })
    .optional(),
});

type Params = z.output<typeof params>;
type SlackContext = NodeContext<SlackValues>;

export default defineNode(
  {
    type: 'slack.post',
    version: 1,
    title: 'Post a message',
    connector: 'slack',
    category: 'connector',
    keywords: ['chat', 'message', 'notify', 'tell', 'alert', 'send', 'digest'],
    summary: 'Post to {channel}',
    description: 'Posts a message for each record, or one digest with a table of all of them.',
    credential,
    params,
    outputs: ['records', 'rejected'],
    effect: 'once',
    verify: { ask: askSlack },
    load: { channels },
    examples: [
      {
        title: 'Tell about each deal that was won',
        params: { channel: '#general', text: '=:tada: {{ $json.name }} was won: {{ $json.amount }}' },
        input: [{ name: 'Northwind renewal', amount: 12000 }],
      },
      {
        title: 'A digest of the rows that were held back',
        params: {
          channel: '#general',
          mode: 'digest',
          text: '*Held back in tonight’s import*',
          columns: ['email', '_rejected.message'],
        },
        input: [{ email: 'a@example.com', _rejected: { message: 'No last name' } }],
      },
    ],
  },
  stream((io: StepIO<Params, SlackValues>) => (io.stepParams().mode === 'digest' ? postDigest(io) : postEach.run(io))),
);

const postEach = eachCall(
  { parallel: 1 },
  async (record: DataRecord, given: Params, ctx: SlackContext, key: string) => {
    const blocks = given.blocks === undefined ? undefined : blocksIn(given.blocks);
    if (blocks === undefined && (given.text ?? '').trim() === '') {
      throw new NodeError({
        class: 'bad-data',
        code: 'slack-no-text',
        message: 'The message for this record is empty.',
        remedy: 'Write a text that is never empty, or filter these records out before.',
        field: 'text',
      });
    }
    return { ...record, ...(await post(ctx, given, { text: given.text ?? '', blocks }, key)) };
  },
);

async function postDigest(io: StepIO<Params, SlackValues>): Promise<void> {
  const input = io.input();
  if (input.count === 0) return;
  const given = io.stepParams();
  const shown: DataRecord[] = [];
  for await (const batch of input.batches()) {
    shown.push(...batch.records.slice(0, given.rows - shown.length));
    if (shown.length >= given.rows) break;
  }
  const columns = given.columns ?? plainColumns(shown);
  const message = digestMessage(given.text ?? '', { records: shown, count: input.count, columns });
  const posted = await io.call({ start: 0, count: input.count }, (key) => post(io.ctx, given, message, key));
  const from = shown.map((_, position) => origin(input.slot, position));
  await io.emit('records', [{ ...posted, count: input.count }], [from]);
}

interface Message {
  readonly text: string;
  readonly blocks: readonly (Block | KnownBlock)[] | undefined;
}

/** The key goes along as metadata, by which `askSlack` finds the message. */
async function post(ctx: SlackContext, { channel, thread }: Params, { text, blocks }: Message, key: string) {
  const posted = await callSlack(ctx, 'once', (client) =>
    client.chat.postMessage({
      channel,
      text,
      ...(blocks ? { blocks: [...blocks] } : {}),
      ...(thread ? { thread_ts: thread } : {}),
      metadata: { event_type: 'sluice_step', event_payload: { key } },
    }),
  );
  return { channel: posted.channel ?? channel, ts: posted.ts ?? '' };
}

async function askSlack({ key, since, items, stepParams }: CallInDoubt<Params>, ctx: SlackContext): Promise<Verdict> {
  const each = stepParams().mode === 'digest' ? undefined : items()[0];
  const { channel, thread } = each?.params ?? stepParams();
  const { verdict, at } = await findMessage(ctx, { channel, thread, key, since });
  return verdict.outcome !== 'done' ? verdict : { ...verdict, result: { ...each?.record, ...at } };
}

function blocksIn(given: unknown): (Block | KnownBlock)[] {
  try {
    const blocks: unknown = typeof given === 'string' ? JSON.parse(given) : given;
    if (Array.isArray(blocks)) return blocks as (Block | KnownBlock)[];
  } catch {
    // Falls through to the one refusal below.
  }
  throw new NodeError({
    class: 'bad-data',
    code: 'slack-blocks',
    message: 'The blocks are not a JSON list.',
    remedy: 'Copy the list from Slack’s Block Kit Builder, with its square brackets.',
    field: 'blocks',
  });
}
