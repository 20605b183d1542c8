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
import { recordKey } from './exact-key.ts';
import { type MeasurePlan, measureFunctions, planMeasure, type Tally } from './measures.ts';
import { readField } from './read-field.ts';

const BATCH = 1_000;

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

interface Group {
  readonly keys: readonly unknown[];
  readonly tallies: readonly Tally[];
  readonly origins: number[];
}

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
    const plans = measures.map(planMeasure);
    const groups = await gather(io, groupBy, plans);
    for (let start = 0; start < groups.length; start += BATCH) {
      const slice = groups.slice(start, start + BATCH);
      const records = slice.map(({ keys, tallies }) => resultOf(groupBy, keys, plans, tallies));
      await io.emit(
        'records',
        records,
        slice.map(({ origins }) => origins),
      );
    }
  }),
);

/** Groups in the order in which they first appear. Without grouping there is one group, even over no records. */
async function gather(io: StepIO<Params>, groupBy: readonly string[], plans: readonly MeasurePlan[]): Promise<Group[]> {
  const keyOf = groupBy.length === 0 ? () => '' : recordKey(groupBy);
  const reads = groupBy.map(readField);
  const groups = new Map<string, Group>();
  const open = (key: string, keys: readonly unknown[]) => {
    const group = { keys, tallies: plans.map((plan) => plan.start()), origins: [] };
    groups.set(key, group);
    return group;
  };
  if (groupBy.length === 0) open('', []);
  const input = io.input();
  const breath = new Breath();
  const values = new Array<unknown>(plans.length);
  for await (const batch of input.batches()) {
    for (let i = 0; i < batch.records.length; i++) {
      const record = batch.records[i] as DataRecord;
      try {
        for (let m = 0; m < plans.length; m++) values[m] = plans[m]?.read(record);
      } catch (error) {
        if (!isRecordFault(error)) throw error;
        await io.reject(record, batch.start + i, error);
        continue;
      }
      const key = keyOf(record);
      const group =
        groups.get(key) ??
        open(
          key,
          reads.map((read) => read(record) ?? null),
        );
      for (let m = 0; m < plans.length; m++) group.tallies[m]?.add(values[m]);
      group.origins.push(origin(input.slot, batch.start + i));
      if (breath.due()) await breath.pause();
    }
  }
  return [...groups.values()];
}

function resultOf(
  names: readonly string[],
  keys: readonly unknown[],
  plans: readonly MeasurePlan[],
  tallies: readonly Tally[],
): DataRecord {
  const record: DataRecord = {};
  names.forEach((name, i) => {
    record[name] = keys[i];
  });
  plans.forEach((plan, i) => {
    record[plan.as] = tallies[i]?.result();
  });
  return record;
}
