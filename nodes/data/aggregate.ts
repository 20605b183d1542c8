import { z } from 'zod';
import {
  type Batch,
  type Brake,
  batchCount,
  both,
  type DataRecord,
  defineNode,
  eachBatch,
  field,
  onePass,
  origin,
  originsOfRows,
  type StepIO,
} from '../../sdk/index.ts';
import type { Column } from '../../spec/workflow/columns.ts';
import { Gathering, type GroupShape } from './gathering.ts';
import { type MeasurePlan, measureFunctions, planMeasure } from './measures.ts';
import { OrderedOutput } from './ordered-output.ts';
import { readField } from './read-field.ts';

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

function readAll(io: StepIO<Params>, { names, plans }: GroupShape, gathering: Gathering): Brake {
  const input = io.input();
  return eachBatch(input, (batch) => {
    const keys = names.map((name) => readColumn(batch, name));
    const values = plans.map(({ of }) => (of === undefined ? records(batch) : readColumn(batch, of)));
    const { faulty, brake } = rejectFaulty(io, batch, plans, values);
    const rows = rowsWithout(faulty, batchCount(batch));
    const origins = originsOfRows(rows, origin(input.slot, batch.start));
    const some = (column: Column) => (faulty.size === 0 ? column : Array.from(rows, (row) => column[row]));
    return both(brake, gathering.takeAll(keys.map(some), values.map(some), origins));
  });
}

function readColumn(batch: Batch, name: string): Column {
  const read = readField(name);
  return batch.columns?.column(name) ?? batch.records.map((record) => read(record) ?? null);
}

/** What is counted where records are. */
function records(batch: Batch): Column {
  return new Array<unknown>(batchCount(batch)).fill(true);
}

/** Rows with a value that a measure cannot take. */
function rejectFaulty(
  io: StepIO<Params>,
  batch: Batch,
  plans: readonly MeasurePlan[],
  values: readonly Column[],
): { readonly faulty: ReadonlySet<number>; readonly brake: Brake } {
  const faulty = new Set<number>();
  let brake: Brake | undefined;
  const checks = plans.flatMap(({ refuse }, m) => {
    const column = values[m];
    return refuse === undefined || column === undefined || column instanceof Float64Array ? [] : [{ refuse, column }];
  });
  for (let row = 0; checks.length > 0 && row < batchCount(batch); row++) {
    for (const { refuse, column } of checks) {
      const error = refuse(column[row]);
      if (error === undefined) continue;
      faulty.add(row);
      brake = both(brake, io.reject(batch.records[row] as DataRecord, batch.start + row, error));
      break;
    }
  }
  return { faulty, brake };
}

function rowsWithout(left: ReadonlySet<number>, count: number): Uint32Array {
  const rows = new Uint32Array(count);
  let kept = 0;
  for (let row = 0; row < count; row++) if (!left.has(row)) rows[kept++] = row;
  return rows.subarray(0, kept);
}
