import type { DataRecord } from '../spec/workflow/record.ts';
import type { NodeContext } from './context.ts';
import { type ErrorReport, errorFrom, isRecordFault, reportOf } from './errors.ts';
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
class Collector {
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

/** What a call gave for one record, as plain JSON: the ledger keeps it, so that a call is never made twice for its result. */
type CallResult =
  | { readonly at: number; readonly port: string; readonly record: DataRecord }
  | { readonly at: number; readonly fault: ErrorReport };

async function emitResults<P, C>(
  io: StepIO<P, C>,
  slot: number,
  results: readonly CallResult[],
  recordAt: (position: number) => DataRecord,
): Promise<void> {
  const out = new Collector();
  for (const result of results) {
    if ('fault' in result) await io.reject(recordAt(result.at), result.at, errorFrom(result.fault));
    else out.add(result.port, result.record, origin(slot, result.at));
  }
  await out.flush(io);
}

/**
 * One outside call for each record, `parallel` at a time, emitted in order. Each call goes through the effect ledger. A record that
 * the service refuses as bad data goes to `rejected`; any other failure fails the step.
 */
export function eachCall<P, C>(
  options: { parallel?: number | ((params: P) => number) },
  act: (record: DataRecord, params: P, ctx: NodeContext<C>, key: string) => Promise<EachResult>,
): Runner<P, C> {
  return {
    run: async (io) => {
      const input = io.input();
      let width: number | undefined;
      for await (const batch of input.batches()) {
        const recordAt = (position: number) => batch.records[position - batch.start] as DataRecord;
        for (let i = 0; i < batch.records.length; ) {
          const window: Promise<CallResult[]>[] = [];
          do {
            const position = batch.start + i;
            width ??= widthOf(options.parallel, io, recordAt(position), position);
            window.push(callOne(io, recordAt(position), position, act));
            i++;
          } while (window.length < width && i < batch.records.length);
          for (const results of await settleAll(window)) await emitResults(io, input.slot, results, recordAt);
          io.ctx.progress(batch.start + i, input.count);
        }
      }
    },
  };
}

function widthOf<P, C>(
  parallel: number | ((params: P) => number) | undefined,
  io: StepIO<P, C>,
  record: DataRecord,
  position: number,
): number {
  if (typeof parallel !== 'function') return parallel ?? 1;
  try {
    return parallel(io.params(record, position));
  } catch {
    return 1;
  }
}

/** Waits for all, so that no call is left behind, then fails with the first failure. */
async function settleAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

async function callOne<P, C>(
  io: StepIO<P, C>,
  record: DataRecord,
  position: number,
  act: (record: DataRecord, params: P, ctx: NodeContext<C>, key: string) => Promise<EachResult>,
): Promise<CallResult[]> {
  try {
    const params = io.params(record, position);
    const results = await io.call({ start: position, count: 1 }, async (key) => {
      try {
        return listResults(await act(record, params, io.ctx, key), position);
      } catch (error) {
        if (!isRecordFault(error)) throw error;
        return [{ at: position, fault: reportOf(error) }];
      }
    });
    return results ?? [{ at: position, port: 'records', record }];
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    return [{ at: position, fault: reportOf(error) }];
  }
}

function listResults(result: EachResult, at: number): CallResult[] {
  if (result === undefined || result === null) return [];
  const ports = result instanceof ToPorts ? result.ports : { records: result as DataRecord | readonly DataRecord[] };
  const list: CallResult[] = [];
  for (const [port, given] of Object.entries(ports)) {
    if (!Array.isArray(given)) list.push({ at, port, record: given as DataRecord });
    else for (const record of given as readonly DataRecord[]) list.push({ at, port, record });
  }
  return list;
}

/** A record on its way through a batch call, with its own parameters. */
export interface Item<P> {
  readonly record: DataRecord;
  readonly position: number;
  readonly params: P;
}

/** The fate of one record of a batch call: an emission or a rejection. */
export type ItemResult = { readonly record: DataRecord; readonly port?: string } | { readonly error: unknown };

/**
 * Batch calls for services that take many records at once. The function gives a result for each item, in order. Parameters of
 * scope `step` are the same in all items. Each call goes through the effect ledger.
 */
export function batches<P, C>(
  size: number | ((params: P) => number),
  act: (items: readonly Item<P>[], ctx: NodeContext<C>, key: string) => Promise<readonly ItemResult[]>,
): Runner<P, C> {
  return {
    run: async (io) => {
      const input = io.input();
      const exact = typeof size === 'number' ? size : size(io.stepParams());
      for await (const batch of input.batches(exact)) {
        const recordAt = (position: number) => batch.records[position - batch.start] as DataRecord;
        const items: Item<P>[] = [];
        for (let i = 0; i < batch.records.length; i++) {
          const position = batch.start + i;
          try {
            items.push({ record: recordAt(position), position, params: io.params(recordAt(position), position) });
          } catch (error) {
            if (!isRecordFault(error)) throw error;
            await io.reject(recordAt(position), position, error);
          }
        }
        if (items.length > 0) {
          const results = await io.call({ start: batch.start, count: batch.records.length }, async (key) =>
            pairResults(items, await act(items, io.ctx, key)),
          );
          await emitResults(io, input.slot, results ?? passedOn(items), recordAt);
        }
        io.ctx.progress(batch.start + batch.records.length, input.count);
      }
    },
  };
}

/** The records of a call that is known to be done but whose result is not: they go on as they came. */
function passedOn<P>(items: readonly Item<P>[]): CallResult[] {
  return items.map(({ position, record }) => ({ at: position, port: 'records', record }));
}

function pairResults<P>(items: readonly Item<P>[], results: readonly ItemResult[]): CallResult[] {
  return items.map(({ position }, i) => {
    const result = results[i];
    if (result === undefined) throw new Error(`The batch call gave no result for record ${position}`);
    if ('error' in result) return { at: position, fault: reportOf(result.error) };
    return { at: position, port: result.port ?? 'records', record: result.record };
  });
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
