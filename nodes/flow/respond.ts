import { z } from 'zod';
import {
  type DataRecord,
  defineNode,
  eachBatch,
  field,
  type NodeContext,
  NodeError,
  origin,
  stream,
  UNCHANGED,
} from '../../sdk/index.ts';
import { http } from '../../sdk/node-http.ts';

export default defineNode(
  {
    type: 'respond',
    version: 1,
    title: 'Respond to webhook',
    summary: 'Answer the webhook with {status}',
    description:
      'Answers the webhook that started the run, once, with values of the first record; without a record it does not answer. The records pass through unchanged.',
    connector: 'flow',
    category: 'flow',
    keywords: ['answer', 'reply', 'return', 'webhook response', 'http response'],
    params: z.strictObject({
      status: field.number({ label: 'Status', int: true, min: 200, max: 599 }).default(200),
      headers: field.texts({ label: 'Headers', advanced: true }).default({}),
      body: field.json({ label: 'Body', help: 'The first record, if left empty.' }).optional(),
    }),
    effect: 'idempotent',
    examples: [
      {
        title: 'Say that the order was taken',
        params: { status: 201, body: { id: '={{ $json.id }}' } },
        input: [{ id: 7 }],
        output: { records: [{ id: 7 }] },
      },
    ],
  },
  stream((io) => {
    const input = io.input();
    return eachBatch(input, ({ records, start }) => {
      const [first] = records;
      if (start === 0 && first !== undefined) answer(io.ctx, io.params(first, 0), first);
      return io.emit('records', records, { from: origin(input.slot, start) }, UNCHANGED);
    });
  }),
);

interface AnswerParams {
  status: number;
  headers: Record<string, string | number | boolean | null>;
  body?: unknown;
}

/** Not through the ledger: the engine answers the caller once, when the run is durable, and after a crash nobody waits any more. */
function answer(ctx: NodeContext, { status, headers, body }: AnswerParams, first: DataRecord): void {
  const texts = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, String(value)]],
  );
  for (const [name, value] of texts) checkHeader(name, value);
  ctx.respond({ status, headers: Object.fromEntries(texts), body: body === undefined ? first : body });
}

/** What HTTP cannot carry would break the answer after the run has been recorded. */
function checkHeader(name: string, value: string): void {
  try {
    http.validateHeaderName(name);
    http.validateHeaderValue(name, value);
  } catch (cause) {
    throw new NodeError({
      class: 'bad-data',
      code: 'respond-bad-header',
      message: `The header ${JSON.stringify(name)} cannot be sent with the value ${JSON.stringify(value.slice(0, 100))}.`,
      remedy: 'Use letters, digits and dashes in its name, and plain characters without line breaks in its value.',
      field: 'Headers',
      cause,
    });
  }
}
