import type { Column, Columns } from '../spec/workflow/columns.ts';
import type { Conditions } from '../spec/workflow/conditions.ts';
import { compileConditions } from '../spec/workflow/evaluate-conditions.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type Brake, both } from './brake.ts';
import { Collector } from './collector.ts';
import { eachBatch } from './each-batch.ts';
import { isRecordFault } from './errors.ts';
import { type PreparedColumn, type Runner, type StepIO, UNCHANGED } from './node.ts';
import { origin, originsOfRows } from './origins.ts';

export type RecordTest = (record: DataRecord, position: number) => boolean;

/**
 * Conditions of a parameter of scope `own`, made ready for the records of a step. Each side is evaluated only when the ones before it
 * leave the question open.
 */
export function conditionsTest<P, C>(io: StepIO<P, C>, conditions: Conditions): RecordTest {
  const at = { record: {} as DataRecord, position: 0 };
  const holds = compileConditions<typeof at>(
    conditions,
    (value) => {
      if (isFixed(value)) return () => value;
      const side = io.prepare(value);
      return ({ record, position }) => side(record, position);
    },
    { zone: io.ctx.run.zone },
  );
  return (record, position) => {
    at.record = record;
    at.position = position;
    return holds(at);
  };
}

function isFixed(value: unknown): boolean {
  return typeof value === 'string' ? !value.startsWith('=') : typeof value !== 'object' || value === null;
}

/** The same for a whole batch: 1 for each record that fits. `undefined` where that has to be asked record by record. */
export type ColumnTest = (columns: Columns, start: number) => Uint8Array | undefined;

function conditionsColumnTest<P, C>(io: StepIO<P, C>, conditions: Conditions): ColumnTest {
  const sides: { readonly build: PreparedColumn | undefined; column: Column }[] = [];
  const holds = compileConditions<number>(
    conditions,
    (value) => {
      if (isFixed(value)) return () => value;
      const side = { build: io.prepareColumn(value), column: [] as Column };
      sides.push(side);
      return (row) => side.column[row];
    },
    { zone: io.ctx.run.zone },
  );
  if (sides.some(({ build }) => build === undefined)) return () => undefined;
  return (columns, start) => {
    for (const side of sides) {
      const column = side.build?.(columns, start);
      if (column === undefined) return undefined;
      side.column = column;
    }
    return maskOf(holds, columns.count);
  };
}

function maskOf(holds: (row: number) => boolean, count: number): Uint8Array | undefined {
  const mask = new Uint8Array(count);
  try {
    for (let row = 0; row < count; row++) if (holds(row)) mask[row] = 1;
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    return undefined;
  }
  return mask;
}

/** Sends each record on, unchanged, to `yes` if the conditions in its parameters hold for it, else to `no`. */
export function splits<P extends { readonly conditions: Conditions }, C>(yes: string, no: string): Runner<P, C> {
  const [ifSo, ifNot] = [[yes], [no]];
  return routes((io) => {
    const { conditions } = io.stepParams();
    const holds = conditionsTest(io, conditions);
    let test: ColumnTest | undefined;
    return {
      choose: (record, position) => (holds(record, position) ? ifSo : ifNot),
      onColumns: (columns, start) => {
        test ??= conditionsColumnTest(io, conditions);
        const mask = test(columns, start);
        return mask && [rowsFor(yes, mask, 1), rowsFor(no, mask, 0)];
      },
    };
  });
}

function rowsFor(port: string, mask: Uint8Array, wanted: 0 | 1): RowsForPort {
  const rows = new Uint32Array(mask.length);
  let count = 0;
  for (let row = 0; row < mask.length; row++) if (mask[row] === wanted) rows[count++] = row;
  return { port, rows: rows.subarray(0, count) };
}

interface RowsForPort {
  readonly port: string;
  readonly rows: Uint32Array;
}

interface Routing {
  /** The ports for a record: several, one or none. */
  readonly choose: (record: DataRecord, position: number) => readonly string[];
  /** The same for a whole batch; `undefined` where it has to be done record by record. */
  readonly onColumns?: ((columns: Columns, start: number) => readonly RowsForPort[] | undefined) | undefined;
}

/** Sends each record on, unchanged, to the ports that are chosen for it. A record whose choice fails goes to `rejected`. */
export function routes<P, C>(plan: (io: StepIO<P, C>) => Routing): Runner<P, C> {
  return {
    readsAlong: true,
    portable: true,
    run: (io) => {
      const { choose, onColumns } = plan(io);
      const input = io.input();
      return eachBatch(input, (batch) => {
        const chosen = batch.columns && onColumns?.(batch.columns, batch.start);
        if (chosen) return emitRows(io, batch.columns as Columns, origin(input.slot, batch.start), chosen);
        let brake: Brake | undefined;
        const out = new Collector();
        for (let i = 0; i < batch.records.length; i++) {
          const record = batch.records[i] as DataRecord;
          const position = batch.start + i;
          try {
            const ports = choose(record, position);
            for (let at = 0; at < ports.length; at++)
              out.add(ports[at] as string, record, origin(input.slot, position));
          } catch (error) {
            if (!isRecordFault(error)) throw error;
            brake = both(brake, io.reject(record, position, error));
          }
        }
        return both(brake, out.flush(io, UNCHANGED));
      });
    },
  };
}

/** @param first the origin of the first row. */
function emitRows<P, C>(io: StepIO<P, C>, columns: Columns, first: number, chosen: readonly RowsForPort[]): Brake {
  let brake: Brake | undefined;
  for (const { port, rows } of chosen) {
    if (rows.length === 0) continue;
    const isAll = rows.length === columns.count;
    const origins = isAll ? { from: first } : { places: [originsOfRows(rows, first)] };
    brake = both(brake, io.emitColumns(port, isAll ? columns : columns.pick(rows), origins, UNCHANGED));
  }
  return brake;
}

/** Sends all records of the first input on to a port, unchanged. */
export function passThrough<P, C>(io: StepIO<P, C>, port = 'records'): void | Promise<void> {
  const input = io.input();
  return eachBatch(input, (batch) => {
    const origins = { from: origin(input.slot, batch.start) };
    return batch.columns
      ? io.emitColumns(port, batch.columns, origins, UNCHANGED)
      : io.emit(port, batch.records, origins, UNCHANGED);
  });
}
