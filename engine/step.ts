import {
  Breath,
  type DataRecord,
  type EarlierRecords,
  type Effect,
  type InputStream,
  isRecordFault,
  NodeError,
  type Origins,
  type Scratch,
  type StepIO,
} from '../sdk/index.ts';
import type {
  CallInDoubt,
  ColumnFiller,
  ColumnMaker,
  EffectCall,
  Filler,
  Prepared,
  PreparedColumn,
} from '../sdk/node.ts';
import { origin } from '../sdk/origins.ts';
import type { CompiledParams } from '../sdk/params.ts';
import { rejectedRecord } from '../sdk/rejected.ts';
import type { Rows } from '../spec/expression/column-code.ts';
import type { Columns } from '../spec/workflow/columns.ts';
import { durationWords } from '../spec/workflow/duration.ts';
import { canAsk } from '../spec/workflow/effect.ts';
import {
  type Attempt,
  type AttemptHost,
  type AttemptOptions,
  type FinishedOutput,
  type FinishedOutputs,
  Outgrown,
} from './attempt.ts';
import type { StepContext } from './context.ts';
import { type Dataset, startIn } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import { Flow, LiveFlow } from './flow.ts';
import type { Inquiry, Ledger } from './ledger.ts';
import type { PlannedNode } from './plan.ts';
import type { BlobStore } from './ports.ts';
import type { StepScope } from './scope.ts';
import { ScratchSpace } from './scratch.ts';
import { sentCall } from './sent-call.ts';
import { StepInput } from './step-input.ts';
import type { Halt } from './stop.ts';
import { WorkingMemory } from './working-memory.ts';

/** Records of a call in doubt that a person is shown. */
const SHOWN = 3;

/** The `StepIO` of one attempt of a step: its inputs, its parameters record by record, its outputs and its calls. */
export class StepAttempt implements StepIO<DataRecord>, Attempt {
  readonly ctx: StepContext;
  readonly rawParams: DataRecord;
  readonly effect: Effect;
  private readonly planned: PlannedNode;
  private readonly inputs: readonly Dataset[];
  private readonly scope: StepScope;
  private readonly compiled: CompiledParams<DataRecord>;
  private readonly host: AttemptHost;
  private readonly halt: Halt;
  private knownLedger: Ledger | undefined;
  private flows: Map<string, Flow> | undefined;
  protected readonly blobs: BlobStore;
  protected readonly blobPrefix: string;
  protected readonly writers = new Map<string, DatasetWriter>();
  private readonly breath = new Breath();
  /** Made when a node asks for a list: few do. */
  private space: ScratchSpace | undefined;
  private readonly memory = new WorkingMemory();

  constructor(options: AttemptOptions) {
    this.ctx = options.ctx;
    this.planned = options.planned;
    this.inputs = options.inputs;
    this.scope = options.scope;
    this.host = options.host;
    this.halt = options.host.halt;
    this.blobs = options.blobs;
    this.blobPrefix = options.blobPrefix;
    this.rawParams = options.planned.params;
    this.effect = options.planned.effect;
    this.compiled = options.planned.compiled();
  }

  get workingMemory(): number {
    return this.memory.bytes;
  }

  get variesByRecord(): boolean {
    return this.compiled.variesByRecord;
  }

  run(): void | Promise<void> {
    const { definition, name } = this.planned;
    if (!definition) throw new Error(`"${name}" has no runner`);
    return definition.runner.run(this);
  }

  input(port?: string): InputStream {
    const slot = port === undefined ? 0 : this.planned.inputs.findIndex((one) => one.name === port);
    const dataset = this.inputs[slot];
    const name = this.planned.inputs[slot]?.name;
    if (!dataset || name === undefined) throw new Error(`"${this.planned.name}" has no input named ${port ?? 'input'}`);
    return new StepInput({ port: name, slot }, dataset, (of, size) => this.batches(of, size));
  }

  earlier(name: string): EarlierRecords | undefined {
    const step = this.scope.stepOf(name);
    if (!step) return undefined;
    const dataset = this.scope.outputOf(step);
    const from = this.originOf(dataset) ?? this.originByName(step);
    return { count: dataset.count, ...(from !== undefined && { from }), batches: () => this.batches(dataset) };
  }

  /** Of the first record of what came in through an input. */
  private originOf(dataset: Dataset): number | undefined {
    for (const [slot, input] of this.inputs.entries()) {
      const start = startIn(input, dataset);
      if (start !== undefined) return origin(slot, start);
    }
    return undefined;
  }

  private originByName(step: PlannedNode): number | undefined {
    const at = this.planned.readsByName().indexOf(step);
    return at < 0 ? undefined : origin(this.planned.inputs.length + at, 0);
  }

  private async *batches(dataset: Dataset, size?: number) {
    if (dataset instanceof LiveFlow) return yield* this.readingAlong(dataset, size);
    // Without `for await`, which waits several times for a batch that is there.
    for (const batch of dataset.batches(size)) {
      this.halt.throwIfTold();
      yield batch;
      if (this.breath.isSpent) await this.breath.pause();
    }
  }

  private async *readingAlong(flow: LiveFlow, size?: number) {
    for await (const batch of flow.read(size)) {
      this.halt.throwIfTold();
      // How much is still to come is not known.
      this.ctx.progress(batch.start);
      yield batch;
      if (this.breath.isSpent) await this.breath.pause();
    }
  }

  params(record: DataRecord, position: number): DataRecord {
    return this.compiled.resolve(this.scope.at(record, position));
  }

  stepParams(): DataRecord {
    return this.compiled.resolveStep(this.scope);
  }

  filler(name: string): Filler {
    const fill = this.compiled.filler(name);
    const { scope } = this;
    return (target, record, position) => fill(target, scope.at(record, position));
  }

  prepare(value: unknown): Prepared {
    const build = this.compiled.prepare(value);
    const { scope } = this;
    return (record, position, index) => {
      scope.at(record, position);
      if (index !== undefined) scope.index = index;
      return build(scope);
    };
  }

  columnFiller(name: string): ColumnFiller | undefined {
    const fill = this.compiled.columnFiller(name);
    return fill && ((columns, start) => fill(columns, this.rows(columns, start)));
  }

  prepareColumn(value: unknown): PreparedColumn | undefined {
    const build = this.compiled.prepareColumn(value);
    return build && ((columns, start) => build(this.rows(columns, start)));
  }

  private rows(json: Columns, firstItem: number): Rows {
    return { scope: this.scope, json, count: json.count, firstItem, firstIndex: undefined };
  }

  columnMaker(fields: DataRecord): ColumnMaker | undefined {
    const make = this.compiled.columnMaker(fields);
    const { scope } = this;
    return (
      make &&
      ((record, position, firstIndex, count) =>
        make({ scope: scope.at(record, position), json: undefined, count, firstItem: position, firstIndex }))
    );
  }

  emit(port: string, records: readonly DataRecord[], origins?: Origins, set?: readonly string[]): void | Promise<void> {
    const writer = this.writerOf(port);
    this.halt.throwIfTold();
    return this.brake(writer.write(records, origins, set), this.flow(port, writer));
  }

  willEmit(count: number): void {
    if (count >= this.host.flowsFrom) this.moveIfPossible();
  }

  private moveIfPossible(): void {
    if (this.host.canMove && !this.ctx.hasLogged) throw new Outgrown();
  }

  emitColumns(port: string, columns: Columns, origins: Origins, set?: readonly string[]): void | Promise<void> {
    const writer = this.writerOf(port);
    this.halt.throwIfTold();
    return this.brake(writer.writeColumns(columns, origins, set), this.flow(port, writer));
  }

  /** Mostly there is nothing to wait for, and waiting all the same would show in a short step. */
  private brake(written: void | Promise<void>, read: void | Promise<void>): void | Promise<void> {
    if (written || read || this.breath.isSpent) return this.slowDown(written, read);
  }

  private async slowDown(written: void | Promise<void>, read: void | Promise<void>): Promise<void> {
    await written;
    await read;
    if (this.breath.isSpent) await this.breath.pause();
  }

  private writerOf(port: string): DatasetWriter {
    let writer = this.writers.get(port);
    if (writer) return writer;
    if (!this.planned.outputs.some((one) => one.name === port)) {
      throw new Error(`"${this.planned.name}" gave records to an output "${port}" that it does not have`);
    }
    writer = this.writerFor(port);
    this.writers.set(port, writer);
    return writer;
  }

  /** Lets others read along, at their pace. */
  private flow(port: string, writer: DatasetWriter): void | Promise<void> {
    const flow = this.flows?.get(port);
    if (flow) return flow.wrote();
    if (writer.count < this.host.flowsFrom) return;
    this.moveIfPossible();
    if (!this.host.isReadAlong) return;
    const opened = new Flow(writer);
    this.flows ??= new Map();
    this.flows.set(port, opened);
    this.host.flowing(port, opened);
  }

  endFlows(): void {
    for (const flow of this.flows?.values() ?? []) flow.end();
  }

  reject(record: DataRecord, position: number, error: unknown): void | Promise<void> {
    if (!isRecordFault(error)) throw error;
    if (this.planned.outputs.some((one) => one.name === 'rejected')) {
      return this.emit('rejected', [rejectedRecord(record, error)], [origin(0, position)]);
    }
    if (this.planned.node.onError === 'branch') {
      return this.emit('error', [failedRecord(record, error)], [origin(0, position)]);
    }
    if (this.planned.node.onError === 'continue') {
      this.ctx.log('warn', `Record ${position + 1} was left out: ${(error as Error).message}`);
      return;
    }
    throw error;
  }

  private get ledger(): Ledger {
    this.knownLedger ??= this.host.ledgerFor(this.ctx);
    return this.knownLedger;
  }

  call<T>(
    call: EffectCall,
    act: (key: string, found: unknown) => Promise<T>,
    resultOf: (result: unknown) => T = (result) => result as T,
  ): Promise<T | undefined> {
    return this.ledger.call(call, act, this.inquiry(call), resultOf);
  }

  /** Finds out what came of a call that an earlier attempt began. What it gave is the runner's to read, and stays unknown. */
  async settle(call: EffectCall, ended: string): Promise<void> {
    await this.ledger.settle(call, ended, this.inquiry(call), () => undefined);
  }

  private inquiry(call: EffectCall): Inquiry {
    const { verify } = this.planned.definition ?? {};
    const asks = verify && canAsk({ verify: { needs: verify.needs ?? [] } }, this.rawParams);
    return {
      ask: asks ? (key, since) => verify.ask(this.inDoubt(call, key, since), this.ctx) : undefined,
      sent: () => sentCall(this.planned, this.ctx, this.itemsOf(call, SHOWN)),
    };
  }

  private inDoubt(call: EffectCall, key: string, since: number): CallInDoubt<DataRecord> {
    return { key, since, items: () => this.itemsOf(call), stepParams: () => this.stepParams() };
  }

  /** Records of a call with their parameters, as the runner made the call from them. */
  private itemsOf({ start, count }: EffectCall, most = count) {
    const records = this.inputs[0]?.slice(start, Math.min(count, most)) ?? [];
    return records.flatMap((record, i) => {
      try {
        return [{ record, position: start + i, params: this.params(record, start + i) }];
      } catch (error) {
        if (!isRecordFault(error)) throw error;
        return [];
      }
    });
  }

  scratch(): Scratch {
    this.space ??= new ScratchSpace(this.blobs, this.blobPrefix, this.ctx.signal);
    return this.space.list();
  }

  finish(): FinishedOutputs | Promise<FinishedOutputs> {
    this.memory.giveBack();
    if (this.space) return this.finishSpilled();
    const finished: [string, FinishedOutput][] = [];
    for (const { name, fires } of this.planned.outputs) {
      const writer = fires === 'always' ? this.writerOf(name) : this.writers.get(name);
      if (writer?.hasSpilled) return this.finishSpilled();
      if (writer) finished.push([name, writer.kept()]);
    }
    return finished;
  }

  private async finishSpilled(): Promise<FinishedOutputs> {
    const finished: [string, FinishedOutput][] = [];
    for (const { name, fires } of this.planned.outputs) {
      const writer = fires === 'always' ? this.writerOf(name) : this.writers.get(name);
      if (writer) finished.push([name, await writer.finish()]);
    }
    await this.space?.clear();
    return finished;
  }

  protected writerFor(port: string): DatasetWriter {
    return new DatasetWriter(this.blobs, `${this.blobPrefix}/${port}`, { base: this.inputs[0]?.asBase });
  }

  async salvage(): Promise<FinishedOutputs> {
    const rejected = this.writers.get('rejected');
    this.writers.delete('rejected');
    await this.abandon();
    return rejected ? [['rejected', await rejected.finish()]] : [];
  }

  async abandon(): Promise<void> {
    this.memory.giveBack();
    for (const flow of this.flows?.values() ?? []) flow.break();
    for (const writer of this.writers.values()) await writer.abandon();
    await this.space?.clear();
  }
}

/** The record with the failure that it met, as it goes out of an `error` port. */
export function failedRecord(record: DataRecord, error: unknown): DataRecord {
  const { _rejected, ...rest } = rejectedRecord(record, error);
  return { ...rest, _error: _rejected };
}

export function timedOut(planned: PlannedNode, ms: number): NodeError {
  return new NodeError({
    class: 'transient',
    code: 'step-timed-out',
    message: `"${planned.name}" took longer than ${durationWords(ms)}.`,
    remedy: 'Give it more time in its settings, or let it work on fewer records at once.',
  });
}
