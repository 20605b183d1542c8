import { z } from 'zod';
import {
  Breath,
  type DataRecord,
  defineNode,
  field,
  isRecordFault,
  origin,
  Pace,
  type StepIO,
  stream,
} from '../../sdk/index.ts';
import { Columns } from '../../spec/workflow/columns.ts';

const BATCH = 4_000;

const params = z.strictObject({
  count: field.number({ label: 'How many', int: true, min: 0, max: 100_000_000 }).default(10),
  fields: field.keyValues({ label: 'Fields', scope: 'own', help: '$index counts the records from 0.' }),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'generate',
    version: 1,
    title: 'Generate records',
    summary: 'Make {count} records',
    description:
      'Makes records out of nothing, for tests and for counting loops: formulas may use $index, which counts from 0.',
    connector: 'data',
    category: 'data',
    keywords: ['test data', 'sample', 'fake', 'numbers', 'sequence', 'rows', 'loop'],
    params,
    outputs: ['records', 'rejected'],
    examples: [
      {
        title: 'Three numbered customers',
        params: { count: 3, fields: { id: '={{ $index + 1 }}', name: '=Customer {{ $index + 1 }}', kind: 'test' } },
        output: {
          records: [
            { id: 1, name: 'Customer 1', kind: 'test' },
            { id: 2, name: 'Customer 2', kind: 'test' },
            { id: 3, name: 'Customer 3', kind: 'test' },
          ],
        },
      },
    ],
  },
  stream(
    async (io) => {
      const input = io.input();
      for await (const batch of input.batches()) {
        for (let i = 0; i < batch.records.length; i++) {
          const record = batch.records[i] as DataRecord;
          try {
            await generate(io, record, batch.start + i);
          } catch (error) {
            if (!isRecordFault(error)) throw error;
            await io.reject(record, batch.start + i, error);
          }
          // Where the count is fixed there is one set of records, however many came in.
          if (!io.variesByRecord) return;
        }
      }
    },
    { portable: true },
  ),
);

async function generate(io: StepIO<Params>, record: DataRecord, position: number): Promise<void> {
  const { count, fields } = io.params(record, position);
  io.willEmit(count);
  const make = io.prepare(fields);
  const maker = io.columnMaker(fields);
  const makeColumns = maker && piecewise((start, size) => maker(record, position, start, size));
  const from = origin(io.input().slot, position);
  const breath = new Breath();
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    const columns = await makeColumns?.(start, size);
    if (columns !== undefined) {
      await io.emitColumns('records', columns, { places: [new Float64Array(size).fill(from)] });
    } else {
      const records: DataRecord[] = [];
      for (let index = start; index < start + size; index++) {
        const one = make(record, position, index) as DataRecord;
        records.push(one === fields ? { ...fields } : one);
        if (breath.due()) await breath.pause();
      }
      await io.emit('records', records, new Array<number>(size).fill(from));
    }
    io.ctx.progress(start + size, count);
    if (breath.due()) await breath.pause();
  }
}

type Make = (start: number, count: number) => Columns | undefined;

/**
 * Makes a batch in pieces that do not take long. They are given as one all the same: what was given before a record failed must not depend
 * on how long it took.
 */
function piecewise(make: Make): (...batch: Parameters<Make>) => Promise<Columns | undefined> {
  const pace = new Pace();
  const breath = new Breath();
  return async (start, count) => {
    const pieces: Columns[] = [];
    for (let done = 0; done < count; ) {
      const at = start + done;
      const size = Math.min(pace.count, count - done);
      const piece = pace.piece(size, () => make(at, size));
      if (piece === undefined) return undefined;
      pieces.push(piece);
      done += size;
      if (breath.isSpent) await breath.pause();
    }
    return Columns.joined(pieces);
  };
}
