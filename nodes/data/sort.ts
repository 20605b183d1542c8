import { z } from 'zod';
import {
  Breath,
  type DataRecord,
  defineNode,
  field,
  onePass,
  origin,
  type Scratch,
  type ScratchBatch,
  type StepIO,
} from '../../sdk/index.ts';
import { mergeLists, type Order } from './merge-lists.ts';
import { compareByKey, type KeyOrder, keyOrder } from './sort-order.ts';
import { SortedRun } from './sorted-run.ts';

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
      'Puts records in order. Records that are equal keep their order. Different types sort as: false, true, numbers, texts, lists, objects; texts by their characters, capitals first. Empty values come last unless asked for. More records than fit in memory are sorted on disk, with the same result.',
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
  onePass(async (io) => {
    const keys = io.stepParams().by.map(keyOrder);
    const input = io.input();
    const breath = new Breath();
    const putAway: Scratch[] = [];
    let run = new SortedRun(keys);
    for await (const { records, start } of input.batches()) {
      for (let i = 0; i < records.length; i++) {
        run.add(records[i] as DataRecord, origin(input.slot, start + i));
        if (run.bytes > io.workingMemory) {
          putAway.push(await listOf(io, run));
          run = new SortedRun(keys);
        }
        if (breath.due()) await breath.pause();
      }
    }
    if (putAway.length === 0) return emitAll(io, run.batches());
    putAway.push(await listOf(io, run));
    await emitAll(io, mergeLists(io, putAway, recordOrder(keys)));
  }),
);

async function listOf(io: StepIO<Params>, run: SortedRun): Promise<Scratch> {
  const list = io.scratch();
  for await (const { records, origins } of run.batches()) await list.write(records, origins);
  return list;
}

async function emitAll(io: StepIO<Params>, batches: AsyncIterable<ScratchBatch>): Promise<void> {
  for await (const { records, origins } of batches) await io.emit('records', records, origins);
}

function recordOrder(keys: readonly KeyOrder[]): Order {
  return (a, _aFrom, b) => {
    for (const key of keys) {
      const found = compareByKey(key.read(a), key.read(b), key);
      if (found !== 0) return found;
    }
    return 0;
  };
}
