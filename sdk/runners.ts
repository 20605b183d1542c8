import type { DataRecord } from '../spec/workflow/record.ts';
import type { NodeContext } from './context.ts';
import { isRecordFault } from './errors.ts';
import type { Runner, StepIO } from './node.ts';
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

/** Collects what a batch gives port by port, so that a batch of a thousand records is one emission. */
export class Collector {
  private readonly ports = new Map<string, { records: DataRecord[]; origins: number[] }>();

  add(port: string, record: DataRecord, from: number): void {
    let entry = this.ports.get(port);
    if (entry === undefined) {
      entry = { records: [], origins: [] };
      this.ports.set(port, entry);
    }
    entry.records.push(record);
    entry.origins.push(from);
  }

  addResult(result: EachResult, from: number): void {
    if (result === undefined || result === null) return;
    if (result instanceof ToPorts) {
      for (const [port, given] of Object.entries(result.ports)) this.addTo(port, given, from);
    } else {
      this.addTo('records', result as DataRecord | readonly DataRecord[], from);
    }
  }

  private addTo(port: string, given: DataRecord | readonly DataRecord[], from: number): void {
    if (Array.isArray(given)) for (const record of given as readonly DataRecord[]) this.add(port, record, from);
    else this.add(port, given as DataRecord, from);
  }

  async flush<P, C>(io: StepIO<P, C>): Promise<void> {
    for (const [port, { records, origins }] of this.ports) {
      if (records.length > 0) await io.emit(port, records, origins);
    }
    this.ports.clear();
  }
}

/**
 * Record by record, for pure work: the function must not wait. A record whose template or value is at fault goes to `rejected`.
 */
export function each<P, C>(
  act: (record: DataRecord, params: P, ctx: NodeContext<C>, position: number) => EachResult,
): Runner<P, C> {
  return {
    run: async (io) => {
      const input = io.input();
      for await (const batch of input.batches()) {
        const out = new Collector();
        for (let i = 0; i < batch.records.length; i++) {
          const record = batch.records[i] as DataRecord;
          const position = batch.start + i;
          try {
            out.addResult(act(record, io.params(record, position), io.ctx, position), origin(input.slot, position));
          } catch (error) {
            if (!isRecordFault(error)) throw error;
            await io.reject(record, position, error);
          }
        }
        await out.flush(io);
      }
    },
  };
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
export function stream<P, C>(run: (io: StepIO<P, C>) => Promise<void>): Runner<P, C> {
  return { run };
}
