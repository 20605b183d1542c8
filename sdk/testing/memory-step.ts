import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Rows } from '../../spec/expression/column-code.ts';
import type { NodeView, Scope } from '../../spec/expression/scope.ts';
import { Columns } from '../../spec/workflow/columns.ts';
import { effectOf } from '../../spec/workflow/effect.ts';
import { outputsOf } from '../../spec/workflow/node-type.ts';
import { type DataRecord, isRecord } from '../../spec/workflow/record.ts';
import { stepCalled } from '../../spec/workflow/sql-tables.ts';
import { type Batch, columnBatch } from '../batch.ts';
import type { NodeContext } from '../context.ts';
import { describeNode } from '../describe.ts';
import { isRecordFault } from '../errors.ts';
import type { EarlierRecords, EffectCall, InputStream, NodeDefinition, StepIO } from '../node.ts';
import { type Origin, type Origins, origin, originAt, positionOf, slotOf } from '../origins.ts';
import { type CompiledParams, compileParams } from '../params.ts';
import { rejectedRecord } from '../rejected.ts';
import type { Scratch, ScratchBatch } from '../scratch.ts';
import { setOwnField } from '../set-own-field.ts';
import type { RunOptions, TestCall } from './run-node.ts';

/** `StepIO` over memory. */
export class MemoryStep<P, C> {
  readonly ports: Record<string, DataRecord[]> = {};
  readonly origins: Record<string, (Origin | undefined)[]> = {};
  readonly calls: TestCall[] = [];
  readonly #definition: NodeDefinition;
  readonly #raw: DataRecord;
  readonly #ctx: NodeContext<C>;
  readonly #options: RunOptions<C>;
  readonly #inputs: Readonly<Record<string, readonly DataRecord[]>>;
  readonly #outputs: ReadonlySet<string>;
  readonly #scope: Scope;

  constructor(definition: unknown, raw: DataRecord, ctx: NodeContext<C>, options: RunOptions<C>) {
    this.#definition = definition as NodeDefinition;
    this.#raw = raw;
    this.#ctx = ctx;
    this.#options = options;
    this.#inputs = this.#inputsByPort();
    this.#outputs = new Set(outputsOf(describeNode(this.#definition), { params: raw }).map((port) => port.name));
    this.#scope = this.#newScope();
  }

  /** Compiles the parameters, so that it throws what is wrong with them. */
  start(): StepIO<P, C> {
    const params = compileParams(this.#definition.params as z.ZodObject, this.#raw) as CompiledParams<P>;
    return {
      ctx: this.#ctx,
      input: (port) => this.#input(port),
      earlier: (name) => this.#earlier(name),
      params: (record, position) => params.resolve(this.#at(record, position)),
      stepParams: () => params.resolveStep(this.#at({}, 0)),
      rawParams: this.#raw,
      filler: (name) => {
        const fill = params.filler(name);
        return (target, record, position) => fill(target, this.#at(record, position));
      },
      prepare: (value) => {
        const build = params.prepare(value);
        return (record, position, index) => build(this.#at(record, position, index));
      },
      columnFiller: (name) => {
        const fill = params.columnFiller(name);
        return fill && ((columns, start) => fill(columns, this.#rows(columns, start)));
      },
      prepareColumn: (value) => {
        const build = params.prepareColumn(value);
        return build && ((columns, start) => build(this.#rows(columns, start)));
      },
      columnMaker: (fields) => {
        const make = params.columnMaker(fields);
        return (
          make &&
          ((record, position, firstIndex, count) =>
            make({ scope: this.#at(record, position), json: undefined, count, firstItem: position, firstIndex }))
        );
      },
      variesByRecord: params.variesByRecord,
      effect: effectOf(this.#definition.effect, this.#raw),
      emit: (port, records, origins, set) => {
        if (set) this.#expectSet(records, origins, set);
        this.#emit(port, records, origins);
      },
      willEmit: () => {},
      emitColumns: (port, columns, origins, set) => {
        if (set) this.#expectSet(columns.records, origins, set);
        this.#emit(port, columns.records, origins);
      },
      reject: (record, position, error) => this.#reject(record, position, error),
      call: (call, act) => this.#call(call, (key) => act(key, this.#options.foundCalls?.[key])),
      workingMemory: this.#options.workingMemory ?? Number.POSITIVE_INFINITY,
      scratch: () => new MemoryScratch(this.#ctx.signal, this.#options.batchSize ?? 1_000),
    };
  }

  #inputsByPort(): Readonly<Record<string, readonly DataRecord[]>> {
    const { inputs } = this.#options;
    const first = this.#definition.inputs[0]?.name ?? 'input';
    if (inputs === undefined) return { [first]: [{}] };
    return Array.isArray(inputs)
      ? { [first]: inputs as readonly DataRecord[] }
      : (inputs as Record<string, DataRecord[]>);
  }

  #input(name?: string): InputStream {
    const { inputs } = this.#definition;
    const slot = name === undefined ? 0 : inputs.findIndex((port) => port.name === name);
    const port = inputs[slot]?.name;
    if (port === undefined) throw new Error(`The node declares no input port "${name ?? ''}"`);
    const records = this.#inputs[port] ?? [];
    const { signal } = this.#ctx;
    const { batchSize: usual = 1_000, asColumns = false } = this.#options;
    return {
      port,
      slot,
      count: records.length,
      whole: records.length > usual || asColumns ? undefined : { records, start: 0 },
      batches: (size) => batchesOf(records, size ?? usual, signal, asColumns && size === undefined),
      all: async () => [...records],
    };
  }

  #earlier(name: string): EarlierRecords | undefined {
    const steps = Object.entries(this.#options.nodes ?? {});
    const at = stepCalled(
      name,
      steps.map(([id]) => ({ id, name: id })),
    );
    const records = at === undefined ? undefined : steps[at]?.[1];
    if (records === undefined) return undefined;
    const slot = this.#definition.inputs.findIndex(({ name: port }) => this.#inputs[port] === records);
    return {
      count: records.length,
      ...(slot >= 0 && { from: origin(slot, 0) }),
      batches: () => batchesOf(records, this.#options.batchSize ?? 1_000, this.#ctx.signal),
    };
  }

  #emit(port: string, records: readonly DataRecord[], origins?: Origins): void {
    this.#ctx.signal.throwIfAborted();
    if (!this.#outputs.has(port)) throw new Error(`The node emitted to "${port}", a port that it does not declare`);
    if (Array.isArray(origins) && origins.length !== records.length) {
      throw new Error(`${records.length} records went to "${port}" with ${origins.length} origins`);
    }
    this.ports[port] ??= [];
    this.origins[port] ??= [];
    for (let i = 0; i < records.length; i++) {
      if (!isRecord(records[i])) throw new Error(`What went to "${port}" is not a record: ${String(records[i])}`);
      this.ports[port].push(records[i] as DataRecord);
      this.origins[port].push(originAt(origins, i));
    }
  }

  /** What `emit` is told of fields that were set has to be true. */
  #expectSet(records: readonly DataRecord[], origins: Origins, set: readonly string[]): void {
    const port = this.#definition.inputs[0]?.name ?? 'input';
    records.forEach((record, i) => {
      const [from] = [originAt(origins, i)].flat();
      const base = from === undefined || slotOf(from) !== 0 ? undefined : this.#inputs[port]?.[positionOf(from)];
      if (!base || set.some((name) => record[name] === undefined)) return;
      const made: DataRecord = { ...base };
      for (const name of set) setOwnField(made, name, record[name]);
      if (isDeepStrictEqual(made, record)) return;
      throw new Error(`A record differs from its input by more than ${set.join(', ')}: ${JSON.stringify(record)}`);
    });
  }

  #reject(record: DataRecord, position: number, error: unknown): void {
    if (!this.#outputs.has('rejected') || !isRecordFault(error)) throw error;
    this.#emit('rejected', [rejectedRecord(record, error)], [position]);
  }

  async #call<T>({ start, count }: EffectCall, act: (key: string) => Promise<T>): Promise<T> {
    const key = `${this.#ctx.run.id}/${this.#ctx.step.nodeId}/${start}-${count}`;
    const { keptCalls = {} } = this.#options;
    if (Object.hasOwn(keptCalls, key)) {
      this.calls.push({ key, start, count, outcome: 'kept', result: keptCalls[key] });
      return keptCalls[key] as T;
    }
    try {
      const result = throughJson(await act(key));
      this.calls.push({ key, start, count, outcome: 'done', result });
      return result;
    } catch (error) {
      this.calls.push({ key, start, count, outcome: 'failed' });
      throw error;
    }
  }

  #rows(columns: Columns, start: number): Rows {
    return { scope: this.#scope, json: columns, count: columns.count, firstItem: start, firstIndex: undefined };
  }

  #at(record: DataRecord, position: number, index?: number): Scope {
    this.#scope.json = record;
    this.#scope.itemIndex = position;
    if (index === undefined) delete this.#scope.index;
    else this.#scope.index = index;
    return this.#scope;
  }

  #newScope(): Scope {
    const { nodes = {}, vars = {} } = this.#options;
    const { run } = this.#ctx;
    const view = (records: readonly DataRecord[]): NodeView => ({
      item: () => records[this.#scope.itemIndex],
      first: () => records[0],
      last: () => records.at(-1),
      all: () => records,
    });
    return {
      json: {},
      itemIndex: 0,
      node: (name) => (Object.hasOwn(nodes, name) ? view(nodes[name] ?? []) : undefined),
      nodeNames: () => Object.keys(nodes),
      input: view(Object.values(this.#inputs)[0] ?? []),
      now: this.#ctx.now(),
      zone: run.zone,
      run: { id: run.id, startedAt: run.startedAt },
      workflow: { id: run.workflowId, name: run.workflowName },
      vars: { ...vars },
    };
  }
}

/** Gives back what a file would. */
class MemoryScratch implements Scratch {
  readonly #signal: AbortSignal;
  readonly #size: number;
  #records: DataRecord[] = [];
  #origins: Origin[] = [];
  #state: 'written' | 'read' | 'removed' = 'written';

  constructor(signal: AbortSignal, batchSize: number) {
    this.#signal = signal;
    this.#size = batchSize;
  }

  get count(): number {
    return this.#records.length;
  }

  write(records: readonly DataRecord[], origins: readonly Origin[]): void {
    this.#signal.throwIfAborted();
    if (this.#state !== 'written') throw new Error('The node wrote to a scratch list that it has read');
    if (records.length !== origins.length) throw new Error(`${records.length} records with ${origins.length} origins`);
    for (const record of records) this.#records.push(throughJson(record));
    for (const origin of origins) this.#origins.push(origin);
  }

  async *batches(): AsyncIterable<ScratchBatch> {
    if (this.#state === 'removed') throw new Error('The node read a scratch list that it has removed');
    this.#state = 'read';
    for await (const { records, start } of batchesOf(this.#records, this.#size, this.#signal)) {
      yield { records, origins: this.#origins.slice(start, start + records.length) };
    }
  }

  async remove(): Promise<void> {
    this.#state = 'removed';
    this.#records = [];
    this.#origins = [];
  }
}

/** The ledger keeps results as JSON. */
function throughJson<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

async function* batchesOf(
  records: readonly DataRecord[],
  size: number,
  signal: AbortSignal,
  asColumns = false,
): AsyncIterable<Batch> {
  for (let start = 0; start < records.length; start += size) {
    signal.throwIfAborted();
    const some = records.slice(start, start + size);
    const columns = asColumns ? Columns.of(some) : undefined;
    yield columns ? columnBatch(columns, start) : { records: some, start };
    await new Promise((resume) => setImmediate(resume));
  }
}
