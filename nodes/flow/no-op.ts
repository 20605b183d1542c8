import { z } from 'zod';
import { defineNode, passThrough, stream } from '../../sdk/index.ts';

export default defineNode(
  {
    type: 'no-op',
    version: 1,
    title: 'Do nothing',
    summary: 'Pass the records through',
    description: 'Passes every record on as it is: a place to join lines, or to look at what comes by.',
    connector: 'flow',
    category: 'flow',
    keywords: ['pass through', 'nothing', 'placeholder', 'noop'],
    params: z.strictObject({}),
    examples: [
      { title: 'Nothing changes', params: {}, input: [{ a: 1 }, { a: 2 }], output: { records: [{ a: 1 }, { a: 2 }] } },
    ],
  },
  stream((io) => passThrough(io), { portable: true }),
);
