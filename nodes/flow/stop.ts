import { z } from 'zod';
import { type DataRecord, defineNode, field, NodeError, stream } from '../../sdk/index.ts';

export default defineNode(
  {
    type: 'stop',
    version: 1,
    title: 'Stop with an error',
    summary: 'Fail with "{message}"',
    description: 'Fails its branch with a message as soon as a record comes in. Without records nothing happens.',
    connector: 'flow',
    category: 'flow',
    keywords: ['fail', 'error', 'abort', 'throw', 'end'],
    params: z.strictObject({
      message: field.text({ label: 'Message', help: 'What went wrong, in words for the person who reads it.' }),
    }),
    outputs: [],
    examples: [
      {
        title: 'Orders without a customer',
        params: { message: '=There are {{ $json.missing }} orders without a customer' },
        input: [],
      },
    ],
  },
  stream(async (io) => {
    for await (const batch of io.input().batches(1)) {
      const { message } = io.params(batch.records[0] as DataRecord, batch.start);
      throw new NodeError({
        class: 'bad-data',
        code: 'stopped',
        message,
        remedy: 'The workflow stops here on purpose: look at the records that came in.',
      });
    }
  }),
);
