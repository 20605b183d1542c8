import { z } from 'zod';
import {
  Breath,
  type DataRecord,
  defineNode,
  field,
  isRecordFault,
  onePass,
  origin,
  type StepIO,
} from '../../sdk/index.ts';
import { Gathering, type GroupShape } from './gathering.ts';
import { type MeasurePlan, measureFunctions, planMeasure } from './measures.ts';
import { OrderedOutput } from './ordered-output.ts';
import { type ReadField, readField } from './read-field.ts';

const params = z.strictObject({
  groupBy: field
    .of(z.array(z.string().min(1)), 'field-names', {
      label: 'For each',
      scope: 'step',
      help: 'One record over all if left empty.',
    })
    .default([]),
  measures: field.list(
    field.group(
      {
        as: field.text({ label: 'Name', scope: 'step', placeholder: 'total' }),
        of: field.fieldName({ label: 'Of field' }).optional(),
        fn: field.choice(measureFunctions, { label: 'Measure', scope: 'step' }),
        separator: field
          .longText({ label: 'Between the texts', scope: 'step', showWhen: { param: 'fn', is: ['join-text'] } })
          .optional(),
      },
      { label: 'Measure', scope: 'step' },
    ),
    { label: 'Measures', scope: 'step' },
  ),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'aggregate',
    version: 1,
    title: 'Aggregate',
    summary: 'Summarise for each {groupBy}',
    description:
      'Makes one record for each group: counts, sums, averages, lists. Sums are exact to the last digit; a sum too long for a number is given as text. Empty values are left out of the measures, and form a group of their own.',
    connector: 'data',
    category: 'data',
    keywords: ['group by', 'sum', 'count', 'average', 'pivot', 'summarize', 'total', 'statistics'],
    params,
    outputs: ['records', 'rejected'],
    examples: [
      {
        title: 'Orders and turnover by customer',
        params: {
          groupBy: ['customer'],
          measures: [
            { as: 'orders', fn: 'count' },
            { as: 'turnover', of: 'amount', fn: 'sum' },
          ],
        },
        input: [
          { customer: 'A', amount: 0.1 },
          { customer: 'B', amount: 5 },
          { customer: 'A', amount: 0.2 },
        ],
        output: {
          records: [
            { customer: 'A', orders: 2, turnover: 0.3 },
            { customer: 'B', orders: 1, turnover: 5 },
          ],
        },
      },
    ],
  },
  onePass(async (io) => {
    const { groupBy, measures } = io.stepParams();
    const shape: GroupShape = { names: groupBy, plans: measures.map(planMeasure) };
    const output = new OrderedOutput(io, ['records']);
    const gathering = new Gathering(io, shape, output);
    if (groupBy.length === 0) gathering.openOnly();
    await readAll(io, shape, gathering);
    await gathering.finish();
    await output.finish();
  }),
);

async function readAll(io: StepIO<Params>, { names, plans }: GroupShape, gathering: Gathering): Promise<void> {
  const reads = names.map(readField);
  const keys = new Array<unknown>(reads.length);
  const values = new Array<unknown>(plans.length);
  const input = io.input();
  const breath = new Breath();
  for await (const { records, start } of input.batches()) {
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as DataRecord;
      try {
        for (let m = 0; m < plans.length; m++) values[m] = (plans[m] as MeasurePlan).read(record);
      } catch (error) {
        if (!isRecordFault(error)) throw error;
        await io.reject(record, start + i, error);
        continue;
      }
      for (let k = 0; k < reads.length; k++) keys[k] = (reads[k] as ReadField)(record) ?? null;
      const busy = gathering.take(keys, values, origin(input.slot, start + i));
      if (busy !== undefined) await busy;
      if (breath.due()) await breath.pause();
    }
  }
}
