import { z } from 'zod';
import { defineNode, passThrough, stream } from '../../sdk/index.ts';

export default defineNode(
  {
    type: 'merge',
    version: 1,
    title: 'Merge',
    summary: 'Append the records of all inputs',
    description:
      'Puts the records of several branches one after the other, in the order of the edges. To match records by a key, use Join.',
    connector: 'flow',
    category: 'flow',
    keywords: ['append', 'union', 'bring together', 'concatenate', 'wait for all'],
    params: z.strictObject({}),
    examples: [
      {
        title: 'All records, one after the other',
        params: {},
        input: [{ from: 'shop' }, { from: 'web' }],
        output: { records: [{ from: 'shop' }, { from: 'web' }] },
      },
    ],
  },
  stream((io) => passThrough(io), { portable: true }),
);
