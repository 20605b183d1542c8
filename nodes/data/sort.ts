import { z } from 'zod';
import { Breath, type DataRecord, defineNode, field, origin, type StepIO, stream } from '../../sdk/index.ts';
import { readField } from './read-field.ts';
import { sortedPositions } from './sorted-positions.ts';
import { compareValues } from './value-order.ts';

const BATCH = 1_000;

const params = z.strictObject({
  by: field.list(
    field.group(
      {
        field: field.fieldName({ label: 'Field' }),
        order: field.choice(['ascending', 'descending'], { label: 'Order', scope: 'step' }).default('ascending'),
        nulls: field
          .choice(['first', 'last'], { label: 'Empty values', scope: 'step', advanced: true })
          .default('last'),
      },
      { label: 'Key', scope: 'step' },
    ),
    { label: 'Sort by', scope: 'step' },
  ),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'sort',
    version: 1,
    title: 'Sort',
    summary: 'Sort by {by}',
    description:
      'Puts records in order. Records that are equal keep their order. Different types sort as: false, true, numbers, texts, lists, objects; texts by their characters, capitals first. Empty values come last unless asked for.',
    connector: 'data',
    category: 'data',
    keywords: ['order', 'rank', 'arrange', 'ascending', 'descending', 'order by'],
    params,
    examples: [
      {
        title: 'Highest amount first, then by name',
        params: { by: [{ field: 'amount', order: 'descending' }, { field: 'name' }] },
        input: [
          { name: 'Bo', amount: 5 },
          { name: 'Cy', amount: 9 },
          { name: 'Al', amount: 5 },
        ],
        output: {
          records: [
            { name: 'Cy', amount: 9 },
            { name: 'Al', amount: 5 },
            { name: 'Bo', amount: 5 },
          ],
        },
      },
    ],
  },
  stream(async (io) => {
    const { by } = io.stepParams();
    const { records, keys } = await gather(io, by);
    const directions = by.map(({ order, nulls }) => ({
      sign: order === 'ascending' ? 1 : -1,
      nulls: nulls === 'last' ? 1 : -1,
    }));
    const order = await sortedPositions(records.length, (a, b) => {
      for (let k = 0; k < keys.length; k++) {
        const { sign, nulls } = directions[k] as (typeof directions)[number];
        const column = keys[k] as unknown[];
        const x = column[a];
        const y = column[b];
        if (x === y) continue;
        if (x === null) return nulls;
        if (y === null) return -nulls;
        const found = compareValues(x, y);
        if (found !== 0) return found * sign;
      }
      return 0;
    });
    const { slot } = io.input();
    for (let start = 0; start < order.length; start += BATCH) {
      const positions = order.subarray(start, start + BATCH);
      const sorted = Array.from(positions, (position) => records[position] as DataRecord);
      await io.emit(
        'records',
        sorted,
        Array.from(positions, (position) => origin(slot, position)),
      );
    }
  }),
);

/** All records, and the values to sort by as one column for each key; what is missing is null. */
async function gather(io: StepIO<Params>, by: Params['by']): Promise<{ records: DataRecord[]; keys: unknown[][] }> {
  const reads = by.map((key) => readField(key.field));
  const keys: unknown[][] = by.map(() => []);
  const records: DataRecord[] = [];
  const breath = new Breath();
  for await (const batch of io.input().batches()) {
    for (const record of batch.records) {
      records.push(record);
      for (let k = 0; k < reads.length; k++) keys[k]?.push(reads[k]?.(record) ?? null);
      if (breath.due()) await breath.pause();
    }
  }
  return { records, keys };
}
