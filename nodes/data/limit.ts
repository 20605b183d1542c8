import { z } from 'zod';
import { batchCount, defineNode, field, origin, stream } from '../../sdk/index.ts';

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
      const { count, from: side } = io.stepParams();
      const input = io.input();
      const first = side === 'start' ? 0 : Math.max(0, input.count - count);
      const end = Math.min(first + count, input.count);
      for await (const batch of input.batches()) {
        const { columns, start } = batch;
        if (start >= end) return;
        const [from, to] = [Math.max(0, first - start), Math.min(end - start, batchCount(batch))];
        if (from >= to) continue;
        const origins = { from: origin(input.slot, start + from) };
        await (columns
          ? io.emitColumns('records', columns.slice(from, to), origins)
          : io.emit('records', batch.records.slice(from, to), origins));
      }
    },
    { portable: true },
  ),
);
