import { z } from 'zod';
import { defineNode, field, origin, stream } from '../../sdk/index.ts';

export default defineNode(
  {
    type: 'limit',
    version: 1,
    title: 'Limit',
    summary: 'Keep {count} records',
    description: 'Keeps so many records, from the start or from the end.',
    connector: 'data',
    category: 'data',
    keywords: ['first', 'last', 'top', 'take', 'head', 'sample'],
    params: z.strictObject({
      count: field.number({ label: 'How many', int: true, min: 0, scope: 'step' }).default(1),
      from: field
        .choice(['start', 'end'], {
          label: 'Counted from',
          scope: 'step',
          options: [
            { value: 'start', label: 'the start' },
            { value: 'end', label: 'the end' },
          ],
        })
        .default('start'),
    }),
    examples: [
      {
        title: 'The first two',
        params: { count: 2 },
        input: [{ n: 1 }, { n: 2 }, { n: 3 }],
        output: { records: [{ n: 1 }, { n: 2 }] },
      },
      {
        title: 'The last one',
        params: { count: 1, from: 'end' },
        input: [{ n: 1 }, { n: 2 }],
        output: { records: [{ n: 2 }] },
      },
    ],
  },
  stream(
    async (io) => {
      const { count, from } = io.stepParams();
      const input = io.input();
      const first = from === 'start' ? 0 : Math.max(0, input.count - count);
      const end = Math.min(first + count, input.count);
      for await (const { records, start } of input.batches()) {
        if (start >= end) return;
        const kept = records.slice(Math.max(0, first - start), end - start);
        if (kept.length > 0) await io.emit('records', kept, { from: origin(input.slot, Math.max(first, start)) });
      }
    },
    { portable: true },
  ),
);
