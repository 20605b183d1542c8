import type { DataRecord } from '../spec/workflow/record.ts';
import type { Batch } from './batch.ts';
import { Breath } from './breath.ts';
import { type Called, type Differing, differenceOf, emitCall } from './call-results.ts';
import type { NodeContext } from './context.ts';
import { isRecordFault, reportOf } from './errors.ts';
import { inOrder } from './in-order.ts';
import type { InputStream, Item, Runner, StepIO } from './node.ts';
import { type EachResult, ToPorts } from './runners.ts';

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
      const calls = inOrder(callsOf(io, input, act), {
        width: await widthOf(options.parallel, io, input),
        eager: io.effect !== 'once',
      });
      for await (const { called, differing } of calls) {
        await emitCall(io, input.slot, [called], differing);
        io.ctx.progress(called.position + 1, input.count);
      }
    },
  };
}

async function widthOf<P, C>(
  parallel: number | ((params: P) => number) | undefined,
  io: StepIO<P, C>,
  input: InputStream,
): Promise<number> {
  if (typeof parallel !== 'function') return parallel ?? 1;
  for await (const { records, start } of input.batches()) {
    try {
      return parallel(io.params(records[0] as DataRecord, start));
    } catch {
      return 1;
    }
  }
  return 1;
}

interface RecordCall {
  readonly called: Called;
  readonly differing: readonly Differing[];
}

async function* callsOf<P, C>(
  io: StepIO<P, C>,
  input: InputStream,
  act: (record: DataRecord, params: P, ctx: NodeContext<C>, key: string) => Promise<EachResult>,
): AsyncGenerator<() => Promise<RecordCall>> {
  for await (const { records, start } of input.batches()) {
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as DataRecord;
      const called = { position: start + i, record, expected: record };
      yield () => callOne(io, called, act);
    }
  }
}

async function callOne<P, C>(
  io: StepIO<P, C>,
  called: Called,
  act: (record: DataRecord, params: P, ctx: NodeContext<C>, key: string) => Promise<EachResult>,
): Promise<RecordCall> {
  const { record, position } = called;
  try {
    const params = io.params(record, position);
    const differing = await io.call<readonly Differing[] | undefined>(
      { start: position, count: 1 },
      async (key) => {
        try {
          return kept(differingOf(called, await act(record, params, io.ctx, key)));
        } catch (error) {
          if (!isRecordFault(error)) throw error;
          return [{ at: position, fault: reportOf(error) }];
        }
      },
      (result) => kept(differingOf(called, result as EachResult)),
    );
    return { called, differing: differing ?? [] };
  } catch (error) {
    if (!isRecordFault(error)) throw error;
    return { called, differing: [{ at: position, fault: reportOf(error) }] };
  }
}

function differingOf(called: Called, result: EachResult): Differing[] {
  const at = called.position;
  const ports =
    result instanceof ToPorts ? result.ports : { records: (result ?? []) as DataRecord | readonly DataRecord[] };
  const list = Object.entries(ports).flatMap(([port, given]) =>
    (Array.isArray(given) ? (given as readonly DataRecord[]) : [given as DataRecord]).map((record) => ({
      at,
      port,
      record,
    })),
  );
  const [only] = list;
  if (only === undefined) return [{ at, none: true }];
  if (list.length > 1 || only.port !== 'records') return list;
  const one = differenceOf(called, only.record);
  return one === undefined ? [] : [one];
}

/** Nothing is kept of a call in which everything went as expected. */
function kept(differing: readonly Differing[]): readonly Differing[] | undefined {
  return differing.length === 0 ? undefined : differing;
}

/**
 * The fate of one record of a batch call: `done`, so that it goes on as it was expected to (as it came, unless the runner says
 * otherwise), another record in its place, or a rejection.
 */
export type ItemResult = 'done' | { readonly record: DataRecord; readonly port?: string } | { readonly error: unknown };

/** Makes one batch call; gives a result for each item, in order. */
export type BatchAct<P, C> = (
  items: readonly Item<P>[],
  ctx: NodeContext<C>,
  call: BatchCall,
) => Promise<readonly ItemResult[]>;

export interface BatchCall {
  /** Stable over crashes and retries. */
  readonly key: string;
  /** Settles once the call before this one has ended, and rejects if it failed: what must happen in order waits for it. */
  readonly turn: Promise<unknown>;
  /** What `verify` has found of an earlier try of this very call. */
  readonly found: unknown;
}

export interface BatchOptions<P> {
  /** Records a call. */
  readonly size: number;
  /** Fewer where their content has more bytes than this. */
  readonly bytes?: number;
  /** Calls under way at once, where the step's effect allows it; the later ones keep to their `turn`. Default 1. */
  readonly parallel?: number;
  /** What goes on when a record is `done`. Default: the record as it came. */
  readonly expected?: (record: DataRecord, params: P) => DataRecord;
}

/**
 * Batch calls for services that take many records at once. The function gives a result for each item, in order. Parameters of
 * scope `step` are the same in all items. Each call goes through the effect ledger. While a call is under way, the next one is made
 * ready, and what the one before gave is emitted.
 */
export function batches<P, C>(
  options: number | BatchOptions<P> | ((params: P) => number),
  act: BatchAct<P, C>,
): Runner<P, C> {
  return {
    run: async (io) => {
      const input = io.input();
      const given = typeof options === 'function' ? options(io.stepParams()) : options;
      const { parallel = 1, ...sizes } = typeof given === 'number' ? { size: given } : given;
      const eager = io.effect !== 'once';
      const calls = inOrder(batchCalls(io, input, sizes, act), { width: eager ? parallel : 1, eager });
      for await (const { batch, faults, called, differing } of calls) {
        for (const { record, position, error } of faults) await io.reject(record, position, error);
        if (called.length > 0) await emitCall(io, input.slot, called, differing);
        io.ctx.progress(batch.start + batch.records.length, input.count);
      }
    },
  };
}

interface Prepared<P> {
  readonly batch: Batch;
  readonly items: Item<P>[];
  readonly called: Called[];
  /** Records whose parameters are at fault; they take no part in the call. */
  readonly faults: { readonly record: DataRecord; readonly position: number; readonly error: unknown }[];
}

async function* batchCalls<P, C>(
  io: StepIO<P, C>,
  input: InputStream,
  options: Omit<BatchOptions<P>, 'parallel'>,
  act: BatchAct<P, C>,
): AsyncGenerator<() => Promise<Prepared<P> & { readonly differing: readonly Differing[] }>> {
  let before: Promise<unknown> = Promise.resolve();
  const breath = new Breath();
  for await (const batch of sized(input, options)) {
    const prepared = await prepare(io, batch, options.expected, breath);
    yield async () => {
      const { items, called } = prepared;
      const turn = before;
      const call =
        items.length === 0
          ? turn.then(() => undefined)
          : io.call(
              { start: batch.start, count: batch.records.length },
              async (key, found) => kept(pairResults(called, await act(items, io.ctx, { key, turn, found }))),
              (result) => kept(pairResults(called, result as readonly ItemResult[])),
            );
      before = call;
      return { ...prepared, differing: (await call) ?? [] };
    };
  }
}

async function prepare<P, C>(
  io: StepIO<P, C>,
  batch: Batch,
  expected: BatchOptions<P>['expected'],
  breath: Breath,
): Promise<Prepared<P>> {
  const prepared: Prepared<P> = { batch, items: [], called: [], faults: [] };
  for (let i = 0; i < batch.records.length; i++) {
    const record = batch.records[i] as DataRecord;
    const position = batch.start + i;
    if (breath.due()) await breath.pause();
    try {
      const params = io.params(record, position);
      prepared.items.push({ record, position, params });
      prepared.called.push({ record, position, expected: expected === undefined ? record : expected(record, params) });
    } catch (error) {
      if (!isRecordFault(error)) throw error;
      prepared.faults.push({ record, position, error });
    }
  }
  return prepared;
}

/** Where a batch ends depends on the records alone, so that after a crash the same records are in the same call. */
async function* sized(
  input: InputStream,
  { size, bytes }: { readonly size: number; readonly bytes?: number },
): AsyncIterable<Batch> {
  if (bytes === undefined) {
    yield* input.batches(size);
    return;
  }
  let records: DataRecord[] = [];
  let start = 0;
  let weight = 0;
  for await (const batch of input.batches()) {
    for (let i = 0; i < batch.records.length; i++) {
      const record = batch.records[i] as DataRecord;
      records.push(record);
      weight += weightOf(record);
      if (records.length < size && weight < bytes) continue;
      yield { records, start };
      start += records.length;
      records = [];
      weight = 0;
    }
  }
  if (records.length > 0) yield { records, start };
}

/** Bytes of a record's values, about. */
function weightOf(record: DataRecord): number {
  let weight = 0;
  for (const name in record) {
    const value = record[name];
    if (typeof value === 'string') weight += value.length;
    else weight += typeof value === 'object' && value !== null ? JSON.stringify(value).length : 8;
  }
  return weight;
}

function pairResults(called: readonly Called[], results: readonly ItemResult[]): Differing[] {
  const differing: Differing[] = [];
  for (let i = 0; i < called.length; i++) {
    const result = results[i];
    const one = called[i] as Called;
    if (result === undefined) throw new Error(`The batch call gave no result for record ${one.position}`);
    if (result === 'done') continue;
    const differs = differingFrom(one, result);
    if (differs !== undefined) differing.push(differs);
  }
  return differing;
}

function differingFrom(called: Called, result: Exclude<ItemResult, 'done'>): Differing | undefined {
  if ('error' in result) return { at: called.position, fault: reportOf(result.error) };
  const { port = 'records', record } = result;
  return port === 'records' ? differenceOf(called, record) : { at: called.position, port, record };
}
