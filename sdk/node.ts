import type { z } from 'zod';
import type { Column, Columns } from '../spec/workflow/columns.ts';
import type { Effect, EffectRule, InputPort, NodeExample, OutputPort } from '../spec/workflow/node-type.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import type { Batch } from './batch.ts';
import type { NodeContext } from './context.ts';
import type { CredentialDefinition } from './credential.ts';
import type { Origins } from './origins.ts';
import type { Scratch } from './scratch.ts';

export interface InputStream {
  readonly port: string;
  /** Index of the port among the node's inputs, for `origin(slot, position)`. */
  readonly slot: number;
  /** While the step before still works (only for runners that read along), the records so far. */
  readonly count: number;
  /**
   * Batches in order, of about 1,000 records, or some thousands where they come as columns, unless a size is asked for (then exact, but for
   * the last). May be called again.
   */
  batches(size?: number): AsyncIterable<Batch>;
  /** All records, where they are few and there already. */
  readonly whole: Batch | undefined;
  /** All records at once: only for nodes whose input is small by nature. */
  all(): Promise<DataRecord[]>;
}

/** What an earlier step gave: of its outputs the first that has records. */
export interface EarlierRecords {
  readonly count: number;
  /** Origin of its first record: where they came in through an input too, there, else as those of a step that is read by name. */
  readonly from?: number;
  /** In order. May be called again. */
  batches(): AsyncIterable<{ readonly records: readonly DataRecord[] }>;
}

/** One outside call, as the effect ledger sees it. */
export interface EffectCall {
  /** First input position and number of records that the call covers. */
  readonly start: number;
  readonly count: number;
}

/** @param target takes the fields; when one fails, some may have been set. */
export type Filler = (target: DataRecord, record: DataRecord, position: number) => void;

/** @param index what `$index` is. */
export type Prepared = (record: DataRecord, position: number, index?: number) => unknown;

/** Sets the fields of a whole batch; `undefined` where that has to be done record by record. */
export type ColumnFiller = (columns: Columns, start: number) => Columns | undefined;

/** A value for each record of a batch; `undefined` where they have to be made record by record. */
export type PreparedColumn = (columns: Columns, start: number) => Column | undefined;

/** Records made for consecutive values of `$index`; `undefined` where they have to be made one by one. */
export type ColumnMaker = (record: DataRecord, position: number, index: number, count: number) => Columns | undefined;

/** A record on its way through a call, with its own parameters. */
export interface Item<P> {
  readonly record: DataRecord;
  readonly position: number;
  readonly params: P;
}

/** A `once` call of which nobody knows whether it took effect. */
export interface CallInDoubt<P> {
  /** The key that the call was made with. */
  readonly key: string;
  /** When it was begun, epoch milliseconds. */
  readonly since: number;
  /** What it was about. Records whose parameters are at fault were never sent, and are left out. */
  items(): readonly Item<P>[];
  /** Parameters that need no record. */
  stepParams(): P;
}

/**
 * What the service says about a call in doubt; `said` is that in one sentence, for the log and for whoever has to decide.
 *
 * - `done`: it took effect and is not made again. `result` is what the runner's function would have given; without it the records go
 *   on as they came.
 * - `not-done`: it did not, or not wholly, and is made again. `found` (plain JSON) is what is there of it all the same: the function is
 *   given it, and does the rest.
 */
export type Verdict =
  | { readonly outcome: 'done'; readonly said: string; readonly result?: unknown }
  | { readonly outcome: 'not-done'; readonly said: string; readonly found?: unknown }
  | { readonly outcome: 'unknown'; readonly said: string };

/** How a node asks its service about a call in doubt. */
export interface Verify<P, C> {
  /** Parameters of which one must be filled in for it; none if absent. */
  readonly needs?: readonly string[];
  /**
   * Throws as any call does; what can pass by itself is tried again. A `not-done` is believed when it is said twice, some seconds apart,
   * since a request may still be on its way.
   */
  readonly ask: (call: CallInDoubt<P>, ctx: NodeContext<C>) => Promise<Verdict>;
}

/** What `emit` is told of records that go on as they came. */
export const UNCHANGED: readonly string[] = [];

/** What the engine hands a step; `P` is the type of its resolved parameters. */
export interface StepIO<P, C = unknown> {
  readonly ctx: NodeContext<C>;
  input(port?: string): InputStream;
  /** The records of an earlier step by its id or name, as SQL may write it; none if it did not run. `undefined` when there is no such step. */
  earlier(name: string): EarlierRecords | undefined;
  /** Parameters for one input record, parsed; the very same object for every record when nothing in them varies. */
  params(record: DataRecord, position: number): P;
  /** Parameters that need no record. Throws `config` if one reads `$json`. */
  stepParams(): P;
  /** Parameters as they stand in the document, templates unevaluated. */
  readonly rawParams: DataRecord;
  /** Sets the fields of one parameter in a record that is being made: cheaper than `params` for objects with a field for each value. */
  filler(name: keyof P & string): Filler;
  /** A template (or any value holding some) made ready for many records: for parameters of scope `own`. */
  prepare(value: unknown): Prepared;
  /**
   * The same three for batches that come as columns, each a shortcut: `undefined` where it is none, and what it gives is what would be made
   * record by record, or `undefined` again.
   */
  columnFiller(name: keyof P & string): ColumnFiller | undefined;
  prepareColumn(value: unknown): PreparedColumn | undefined;
  columnMaker(fields: DataRecord): ColumnMaker | undefined;
  /** Whether any parameter reads the record, so that it can differ from one to the next. */
  readonly variesByRecord: boolean;
  readonly effect: Effect;
  /**
   * Await the result when it is a promise: it is the brake when what follows is slower.
   * @param set the very same list each time, where each record is the one of the first input that it (first) comes from with just
   * these fields set, none missing: then only these are kept of many records.
   */
  emit(port: string, records: readonly DataRecord[], origins?: Origins, set?: readonly string[]): void | Promise<void>;
  /** Says how many records are to come, by a runner that makes them from few: many are better made elsewhere from the start. */
  willEmit(count: number): void;
  /** The same of records that come as columns. */
  emitColumns(port: string, columns: Columns, origins: Origins, set?: readonly string[]): void | Promise<void>;
  /** Sends a record to `rejected` with the reason; rethrows where the node has no such port or the fault is not the record's. */
  reject(record: DataRecord, position: number, error: unknown): void | Promise<void>;
  /**
   * Makes an outside call through the effect ledger: its intent is durable before `act`, its outcome and result after. `key` is
   * stable over crashes and retries. A call that was already made gives its kept result again without `act`, or `undefined` when only
   * the fact that it was made is known (a person said so). `T` is plain JSON. `found` is what `verify` has found of an earlier try.
   * `resultOf` makes what the call gives from the `result` of a verdict; as it is if absent.
   */
  call<T>(
    call: EffectCall,
    act: (key: string, found: unknown) => Promise<T>,
    resultOf?: (result: unknown) => T,
  ): Promise<T | undefined>;
  /**
   * Bytes of records that the node may hold now, about; what goes beyond belongs into a scratch list. To be asked again and again: it becomes
   * less while other steps need memory too.
   */
  readonly workingMemory: number;
  /** A new, empty list to put records away; it is gone when the attempt ends. */
  scratch(): Scratch;
}

export interface Runner<P, C = unknown> {
  /** Work that has nothing to wait for may be done when it returns. */
  readonly run: (io: StepIO<P, C>) => void | Promise<void>;
  /**
   * The runner goes through its inputs in order as they come and asks for no count before it has been through: a step of no effect may
   * then begin while the step before it still works.
   */
  readonly readsAlong?: boolean;
  /**
   * Of its context the runner uses nothing but `log`, `progress`, `memory`, `signal`, `run`, `step` and `now`: a step of no effect may then be
   * worked on in another thread.
   */
  readonly portable?: boolean;
}

/** A row of *Preview changes*: what writing this record would do. */
export interface Change {
  readonly action: 'create' | 'update' | 'unchanged' | 'delete' | 'reject';
  readonly key: string;
  readonly before?: DataRecord;
  readonly after?: DataRecord;
  readonly reason?: string;
}

/** An entry of a dropdown or of a column mapper. */
export interface LoadedOption {
  readonly value: string;
  readonly label: string;
  readonly help?: string;
  /** For columns: the target's type in plain words. */
  readonly type?: string;
  readonly required?: boolean;
  readonly key?: boolean;
}

/** A loader: options from the service, given what is filled in so far. */
export type Loader<C> = (
  ctx: NodeContext<C>,
  params: DataRecord,
  search: string,
) => Promise<readonly LoadedOption[]> | readonly LoadedOption[];

export interface NodeDefinition<S extends z.ZodObject = z.ZodObject, C = unknown> {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
  readonly connector: string;
  readonly category: 'flow' | 'data' | 'connector';
  readonly keywords: readonly string[];
  /** One credential type, or several that the node can connect with. */
  readonly credential?: CredentialDefinition | readonly CredentialDefinition[];
  readonly credentialOptional?: boolean;
  readonly params: S;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  readonly effect: Effect | readonly EffectRule[];
  /** `upgrades[n]` turns params of version n into version n + 1. */
  readonly upgrades: Readonly<Record<number, (params: DataRecord) => DataRecord>>;
  readonly examples: readonly NodeExample[];
  readonly load: Readonly<Record<string, Loader<C>>>;
  readonly preview?: (
    records: readonly DataRecord[],
    params: readonly z.output<S>[],
    ctx: NodeContext<C>,
  ) => Promise<readonly Change[]>;
  readonly verify?: Verify<z.output<S>, C>;
  /** Holds other nodes and does them in rounds; made by `defineContainer`. */
  readonly container?: { readonly cutBy: readonly string[] };
  readonly runner: Runner<z.output<S>, C>;
}

type Port = string | (Partial<OutputPort> & { readonly name: string });

export interface NodeDeclaration<S extends z.ZodObject, C>
  extends Omit<
    NodeDefinition<S, C>,
    | 'inputs'
    | 'outputs'
    | 'upgrades'
    | 'examples'
    | 'load'
    | 'runner'
    | 'keywords'
    | 'effect'
    | 'credential'
    | 'container'
  > {
  readonly keywords?: readonly string[];
  readonly credential?: CredentialDefinition<C> | readonly CredentialDefinition<C>[];
  /** Default: one port `input` that takes several edges. A plain name makes a port that takes one edge. */
  readonly inputs?: readonly (string | InputPort)[];
  /** A plain name fires always, except `rejected`, whose records must be taken up by an edge. Default: `records`. */
  readonly outputs?: readonly Port[];
  readonly effect?: NodeDefinition['effect'];
  readonly upgrades?: NodeDefinition['upgrades'];
  readonly examples?: readonly NodeExample[];
  readonly load?: NodeDefinition<S, C>['load'];
}

/**
 * Declares a node; everything that is not said gets the house's default. The runner is an argument of its own so that
 * its parameters are typed from the declaration.
 */
export function defineNode<S extends z.ZodObject, C = unknown>(
  rest: NodeDeclaration<S, C>,
  runner: Runner<z.output<S>, C>,
): NodeDefinition<S, C> {
  return {
    ...rest,
    keywords: rest.keywords ?? [],
    inputs: (rest.inputs ?? [{ name: 'input', many: true }]).map((port) =>
      typeof port === 'string' ? { name: port, many: false } : port,
    ),
    outputs: (rest.outputs ?? ['records']).map(outputPort),
    effect: rest.effect ?? 'none',
    upgrades: rest.upgrades ?? {},
    examples: rest.examples ?? [],
    load: rest.load ?? {},
    runner,
  } as NodeDefinition<S, C>;
}

function outputPort(port: Port): OutputPort {
  const given = typeof port === 'string' ? { name: port } : port;
  if (given.name === 'rejected') return { fires: 'with-records', mustBeTaken: true, ...given };
  return { fires: 'always', ...given };
}

/** An output that starts what hangs on it only when it has records. */
export function route(name: string, more: Partial<OutputPort> = {}): OutputPort {
  return { name, fires: 'with-records', ...more };
}
