import setFields from '../../nodes/data/set-fields.ts';
import { type Batch, columnBatch, type DataRecord } from '../../sdk/index.ts';
import { compileParams } from '../../sdk/params.ts';
import { outsideScope } from '../../sdk/testing/outside-scope.ts';
import type { Scope } from '../../spec/expression/scope.ts';
import { Columns } from '../../spec/workflow/columns.ts';
import { workflow } from '../engine-world.ts';
import { benchEngine } from './bench-engine.ts';
import { alternate, type Benchmark, inMilliseconds, type Pair, ratioRow, timed } from './measure.ts';

/** Five fields as a person writes them, and as a programmer would. */
export const fiveFields = {
  total: '={{ $json.price * $json.count }}',
  label: '={{ $json.name.toUpperCase() }} no. {{ $json.id }}',
  month: '={{ $json.day.slice(0, 7) }}',
  size: "={{ $json.count > 5 ? 'large' : 'small' }}",
  known: "={{ $json.country ?? 'unknown' }}",
};

/** Records of a batch. */
const PART = 4_000;

interface Order extends DataRecord {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly count: number;
  readonly day: string;
  readonly country: string | null;
}

function byHand(record: Order): DataRecord {
  return {
    ...record,
    total: record.price * record.count,
    label: `${record.name.toUpperCase()} no. ${record.id}`,
    month: record.day.slice(0, 7),
    size: record.count > 5 ? 'large' : 'small',
    known: record.country ?? 'unknown',
  };
}

function orders(count: number): Order[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    name: `customer ${id % 10_000}`,
    price: (id % 1000) / 10,
    count: id % 9,
    day: `2026-0${(id % 9) + 1}-15`,
    country: id % 4 === 0 ? null : 'DE',
  }));
}

export const fields: Benchmark = {
  name: 'fields',
  limit: 90,
  run: async ({ quick }) => {
    const count = quick ? 100_000 : 1_000_000;
    const { run, sweep, close } = benchEngine();
    const request = workflow(
      { start: ['manual'], five: ['set-fields', { fields: fiveFields }], last: ['limit', { count: 1 }] },
      ['start -> five', 'five -> last'],
    );
    // Records come in parts and are let go, so that evaluating is measured and not the memory that holds them.
    const part = orders(PART);
    const baseline = () =>
      timed(() => {
        for (let done = 0; done < count; done += part.length) made.last = part.map(byHand).at(-1);
      });
    const rounds = quick ? 3 : 7;
    const pure = await alternate(rounds, {
      baseline,
      ours: () => timed(() => setFieldsOver({ records: part }, count)),
    });
    const columns = Columns.of(part);
    if (!columns) throw new Error('The orders are not alike');
    const whole = columnBatch(columns, 0);
    const byColumns = await alternate(rounds, { baseline, ours: () => timed(() => setFieldsOver(whole, count)) });
    const all = orders(count);
    const inRun = async () => {
      const view = await run(request, all);
      await sweep();
      const step = view.steps.find((one) => one.node === 'five');
      return (step?.finishedAt ?? Number.NaN) - (step?.startedAt ?? 0);
    };
    const asStep: Pair<number>[] = await alternate(quick ? 1 : 3, { baseline, ours: inRun });
    await close();
    const name = count.toLocaleString('en');
    return [
      ratioRow({
        work: `5 template fields over ${name} records`,
        pairs: pure,
        format: inMilliseconds,
        limit: { atMost: 3 },
      }),
      ratioRow({
        work: 'the same where they come as columns, as from the disk or from a step that gives columns',
        pairs: byColumns,
        format: inMilliseconds,
        limit: { atMost: 3 },
      }),
      ratioRow({
        work: `the same as a step, its dataset written to disk`,
        pairs: asStep,
        format: inMilliseconds,
        limit: undefined,
        note: 'the baseline keeps its records in memory and nothing on disk',
      }),
    ];
  },
};

/** Holds the last record made, so that no work can be left out as useless. */
const made: { last?: DataRecord | undefined } = {};

/** The node's own runner over records that are there already. */
async function setFieldsOver(part: Omit<Batch, 'start'>, count: number): Promise<void> {
  const params = compileParams(setFields.params, { fields: fiveFields });
  const scope: Scope = { ...outsideScope };
  const at = (record: DataRecord, position: number) => {
    scope.json = record;
    scope.itemIndex = position;
    return scope;
  };
  const batches = async function* () {
    for (let start = 0; start < count; start += PART) {
      yield part.columns ? columnBatch(part.columns, start) : { records: part.records, start };
    }
  };
  const io = {
    input: () => ({ port: 'input', slot: 0, count, batches, all: async () => [] }),
    rawParams: { fields: fiveFields },
    stepParams: () => params.resolveStep(scope),
    filler: (name: string) => {
      const fill = params.filler(name);
      return (target: DataRecord, record: DataRecord, position: number) => fill(target, at(record, position));
    },
    columnFiller: (name: string) => {
      const fill = params.columnFiller(name);
      return (columns: Columns, firstItem: number) =>
        fill?.(columns, { scope, json: columns, count: columns.count, firstItem, firstIndex: undefined });
    },
    emit: (_port: string, records: readonly DataRecord[]) => {
      made.last = records.at(-1);
    },
    emitColumns: (_port: string, columns: Columns) => {
      made.last = columns.slice(columns.count - 1, columns.count).records[0];
    },
    reject: (_record: DataRecord, _position: number, error: unknown) => {
      throw error;
    },
  };
  await setFields.runner.run(io as unknown as Parameters<typeof setFields.runner.run>[0]);
}
