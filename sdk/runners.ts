import type { Columns } from '../spec/workflow/columns.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type Batch, columnsOf, mayBeColumns } from './batch.ts';
import { type Brake, both } from './brake.ts';
import { Collector } from './collector.ts';
import type { NodeContext } from './context.ts';
import { eachBatch } from './each-batch.ts';
import { isRecordFault } from './errors.ts';
import type { ColumnFiller, Runner, StepIO } from './node.ts';
import { origin } from './origins.ts';

/** What `each` may give for a record: one record, several, records by port, or nothing. */
export type EachResult = DataRecord | readonly DataRecord[] | ToPorts | undefined | null;

export class ToPorts {
  readonly ports: Readonly<Record<string, DataRecord | readonly DataRecord[]>>;
  constructor(ports: Readonly<Record<string, DataRecord | readonly DataRecord[]>>) {
    this.ports = ports;
  }
}

/** Sends records to named ports from `each`. */
export function toPorts(ports: Readonly<Record<string, DataRecord | readonly DataRecord[]>>): ToPorts {
  return new ToPorts(ports);
}

/**
 * Record by record, for pure work: the function must not wait. A record whose template or value is at fault goes to `rejected`.
 */
export function each<P, C>(
  act: (record: DataRecord, params: P, ctx: NodeContext<C>, position: number) => EachResult,
): Runner<P, C> {
  return eachPrepared((io) => ({
    act: (record, position) => act(record, io.params(record, position), io.ctx, position),
  }));
}

type Act = (record: DataRecord, position: number) => EachResult;

interface Preparation {
  readonly act: Act;
  /** The fields by which what `act` gives may differ from the record that it is given, as `emit` takes them. */
  readonly set?: readonly string[] | undefined;
  /**
   * Gives what does the same for a whole batch, each row from the one in its place; `undefined` where it has to be done record by record.
   * Asked when there are many records.
   */
  readonly forColumns?: () => ColumnFiller | undefined;
}

/** The same, for work that is made ready once for all records of the step. */
export function eachPrepared<P, C>(plan: (io: StepIO<P, C>) => Preparation): Runner<P, C> {
  return {
    readsAlong: true,
    portable: true,
    run: (io) => {
      const { act, set, forColumns } = plan(io);
      const input = io.input();
      const columnsFor = columnWork(forColumns);
      return eachBatch(input, (batch) => {
        const columns = columnsFor(batch);
        if (columns) return io.emitColumns('records', columns, { from: origin(input.slot, batch.start) }, set);
        const out = new Collector();
        let brake: Brake | undefined;
        for (let i = 0; i < batch.records.length; i++) {
          const record = batch.records[i] as DataRecord;
          const position = batch.start + i;
          try {
            addResult(out, act(record, position), origin(input.slot, position));
          } catch (error) {
            if (!isRecordFault(error)) throw error;
            brake = both(brake, io.reject(record, position, error));
          }
        }
        return both(brake, out.flush(io, set));
      });
    },
  };
}

function columnWork(forColumns: Preparation['forColumns']): (batch: Batch) => Columns | undefined {
  let work: { readonly fill: ColumnFiller | undefined } | undefined;
  return (batch) => {
    if (!forColumns || !mayBeColumns(batch)) return undefined;
    work ??= { fill: forColumns() };
    const columns = work.fill && columnsOf(batch);
    return columns && work.fill?.(columns, batch.start);
  };
}

function addResult(out: Collector, result: EachResult, from: number): void {
  if (result === undefined || result === null) return;
  if (result instanceof ToPorts) {
    for (const [port, given] of Object.entries(result.ports)) addTo(out, port, given, from);
  } else {
    addTo(out, 'records', result as DataRecord | readonly DataRecord[], from);
  }
}

function addTo(out: Collector, port: string, given: DataRecord | readonly DataRecord[], from: number): void {
  if (Array.isArray(given)) for (const record of given as readonly DataRecord[]) out.add(port, record, from);
  else out.add(port, given as DataRecord, from);
}

/**
 * Reads from outside: runs once for the step, or once for each input record when a parameter reads the record. Yields batches.
 */
export function source<P, C>(
  act: (params: P, ctx: NodeContext<C>) => AsyncIterable<readonly DataRecord[]>,
): Runner<P, C> {
  return {
    run: async (io) => {
      const input = io.input();
      let done = 0;
      for await (const batch of input.batches()) {
        for (let i = 0; i < batch.records.length; i++) {
          const position = batch.start + i;
          const record = batch.records[i] as DataRecord;
          const from = origin(input.slot, position);
          try {
            for await (const records of act(io.params(record, position), io.ctx)) {
              if (records.length === 0) continue;
              await io.emit('records', records, new Array<number>(records.length).fill(from));
              done += records.length;
              io.ctx.progress(done);
            }
          } catch (error) {
            if (!io.variesByRecord || !isRecordFault(error)) throw error;
            await io.reject(record, position, error);
          }
          if (!io.variesByRecord) return;
        }
      }
    },
  };
}

/** Full control over inputs, outputs and calls: sorts, joins, files, containers. */
export function stream<P, C>(run: Runner<P, C>['run'], more: Pick<Runner<P, C>, 'portable'> = {}): Runner<P, C> {
  return { ...more, run };
}

/** The same, for pure work that goes through its inputs as they come and asks for no count before (`Runner.readsAlong`). */
export function onePass<P, C>(run: Runner<P, C>['run']): Runner<P, C> {
  return { readsAlong: true, portable: true, run };
}
