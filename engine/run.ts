import type { DataRecord, ErrorReport, RunInfo } from '../sdk/index.ts';
import type { RunEvent, RunView } from '../spec/api/run.ts';
import type { Connections } from './connections.ts';
import type { StepHost } from './context.ts';
import { concatenated, type Dataset, EMPTY, MemoryDataset, openDataset } from './dataset.ts';
import type { JournalEntry } from './journal.ts';
import type { Plan, PlannedEdge, PlannedNode } from './plan.ts';
import type { EnginePorts, RunRequest } from './ports.ts';
import { RunJournal } from './run-journal.ts';
import { type RunState, type SkipReason, type StepState, stepOf, stepView, summaryOf } from './run-state.ts';
import { edgesInto, type ScopeFacts } from './scope.ts';
import { type EdgeFate, fateOf, startDecision } from './start-rules.ts';
import { type StepOwner, StepRunner } from './step-runner.ts';
import { verdictOf } from './verdict.ts';

/** Why running work is told to stop. */
export class Stop extends Error {
  override readonly name = 'AbortError';
  readonly why: 'cancelled' | 'closing' | 'run-timeout';
  constructor(why: Stop['why']) {
    super(
      why === 'cancelled'
        ? 'The run was cancelled'
        : why === 'closing'
          ? 'Sluice is stopping'
          : 'The run took too long',
    );
    this.why = why;
  }
}

/** What a run needs of the engine around it. */
export interface RunHost {
  readonly ports: EnginePorts;
  readonly connections: Connections;
  readonly hasListeners: boolean;
  emit(event: RunEvent): void;
  /** The run has entries that the next lazy hand-over takes along. */
  soon(run: Run): void;
  startRun(request: { workflowId: string; records: readonly DataRecord[]; key: string }): Promise<string>;
}

export type Response = { status: number; headers: Record<string, string>; body: unknown };
export type RunEnd = 'finished' | 'parked' | 'closed';

/** Milliseconds between two progress events of one step. */
const PROGRESS_EVERY = 200;

/**
 * One run being interpreted. It starts each node when everything that leads into it has settled, and ends finished, or parked when
 * nothing is left but waits: a parked run is only rows in the store until it is woken.
 */
export class Run implements StepHost, StepOwner {
  readonly state: RunState;
  readonly plan: Plan;
  readonly journal: RunJournal;
  readonly ports: EnginePorts;
  readonly connections: Connections;
  readonly info: RunInfo;
  readonly ended: Promise<RunEnd>;
  /** What a `respond` node said; undefined when the run ends or parks without. Durable when it settles. */
  readonly response: Promise<Response | undefined>;
  facts: ScopeFacts;
  stopped: Stop | undefined;
  private readonly host: RunHost;
  private readonly samples: RunRequest['samples'];
  private readonly outputs = new Map<string, Map<string, Dataset>>();
  private readonly running = new Map<string, AbortController>();
  private readonly progressOf = new Map<string, { done: number; total?: number; toldAt: number }>();
  private readonly memory: { workflowId: string; nodeId: string; key: string; value: unknown }[] = [];
  private ending = false;
  private answer: Response | undefined;
  private stopTimeout: (() => void) | undefined;
  private readonly resolveEnded: (how: RunEnd) => void;
  private readonly resolveResponse: (response: Response | undefined) => void;

  constructor(
    host: RunHost,
    plan: Plan,
    state: RunState,
    options: { input: Uint8Array; accepted: boolean; samples?: RunRequest['samples'] },
  ) {
    this.host = host;
    this.ports = host.ports;
    this.connections = host.connections;
    this.plan = plan;
    this.state = state;
    this.samples = options.samples;
    this.journal = new RunJournal(host.ports, state, options.input, options.accepted, (entry, statusChanged) =>
      this.tell(entry, statusChanged),
    );
    const { header } = state;
    const startedAt = state.startedAt ?? host.ports.clock.now();
    const zone = plan.document.settings.timezone ?? 'UTC';
    this.info = { id: header.id, workflowId: header.workflowId, workflowName: header.workflowName, startedAt, zone };
    this.facts = {
      now: startedAt,
      zone,
      run: {},
      workflow: { id: header.workflowId, name: header.workflowName },
      vars: host.ports.vars(),
    };
    const ended = Promise.withResolvers<RunEnd>();
    this.ended = ended.promise;
    this.resolveEnded = ended.resolve;
    const response = Promise.withResolvers<Response | undefined>();
    this.response = response.promise;
    this.resolveResponse = response.resolve;
  }

  /** Starts, or goes on after a crash or a wait. `records` are the trigger's. */
  async begin(records: readonly DataRecord[]): Promise<void> {
    if (this.state.status === 'queued') this.journal.write({ at: this.journal.now(), is: 'run-started' });
    if (this.state.cancelRequested) this.stopped = new Stop('cancelled');
    this.facts = { ...this.facts, run: await this.runFacts() };
    this.armTimeout();
    const { trigger, only } = this.state.header;
    const wanted = only === undefined ? undefined : neededFor(this.plan, only, this.samples);
    for (const planned of this.plan.nodes.values()) {
      if (stepOf(this.state, planned.id).status !== 'pending') continue;
      const sample = planned.id === only ? undefined : this.samples?.[planned.id];
      if (sample) this.settleWith(planned, sample);
      else if (planned.id === trigger) this.settleWith(planned, records);
      else if (planned.trigger) this.skip(planned.id, 'not-started');
      else if (wanted && !wanted.has(planned.id)) this.skip(planned.id, 'not-asked');
    }
    this.pump();
  }

  private async runFacts(): Promise<Record<string, unknown>> {
    const { header } = this.state;
    const watermark = this.plan.usesWatermark
      ? await this.ports.store.readMemory(header.workflowId, '', 'watermark')
      : undefined;
    return {
      id: header.id,
      startedAt: new Date(this.info.startedAt).toISOString(),
      cause: header.cause,
      draft: header.draft,
      watermark: watermark ?? '1970-01-01T00:00:00.000Z',
    };
  }

  private armTimeout(): void {
    if (this.plan.timeout === undefined) return;
    const left = this.info.startedAt + this.plan.timeout - this.journal.now();
    this.stopTimeout = this.ports.clock.after(Math.max(0, left), () => this.stop('run-timeout'));
  }

  private settleWith(planned: PlannedNode, records: readonly DataRecord[]): void {
    const dataset = new MemoryDataset(records, undefined);
    const port = planned.outputs[0]?.name ?? 'records';
    this.keep(planned.id, port, dataset);
    const out = { [port]: { count: records.length, inline: dataset.content } };
    this.journal.write({ at: this.journal.now(), is: 'step-finished', step: planned.id, status: 'succeeded', out });
  }

  /** Tells running steps to stop; the run then ends, or is left for the next start when Sluice is closing. */
  stop(why: Stop['why']): void {
    if (this.stopped || this.state.finishedAt !== undefined) return;
    this.stopped = new Stop(why);
    if (why === 'cancelled') this.journal.write({ at: this.journal.now(), is: 'cancel-requested' });
    for (const controller of this.running.values()) controller.abort(this.stopped);
    if (this.running.size === 0) this.pump();
  }

  /** Something was written into the run from outside: what it frees is started. */
  goOn(): void {
    this.pump();
  }

  private skip(step: string, why: SkipReason): void {
    this.journal.write({ at: this.journal.now(), is: 'step-skipped', step, why });
  }

  /** Starts whatever can start, and ends the run when nothing is left to. */
  private pump(): void {
    if (this.ending) return;
    if (!this.stopped) this.startReady();
    if (this.running.size > 0) {
      if (this.answer)
        void this.journal.durable().then(
          () => this.resolveResponse(this.answer),
          () => {},
        );
      return;
    }
    this.ending = true;
    this.stopTimeout?.();
    void this.end().then(
      (how) => {
        this.resolveResponse(this.answer);
        this.resolveEnded(how);
      },
      (error: unknown) => this.broken(error),
    );
  }

  private async end(): Promise<RunEnd> {
    const steps = [...this.state.steps.values()];
    if (this.stopped?.why === 'closing' || (!this.stopped && steps.some((step) => step.wait))) {
      await this.journal.durable();
      return this.stopped ? 'closed' : 'parked';
    }
    const verdict = verdictOf(this.plan, this.state, this, this.stopped?.why);
    this.journal.write({ at: this.journal.now(), is: 'run-finished', ...verdict });
    await this.journal.finish();
    if (verdict.status === 'succeeded') await this.saveMemory();
    return 'finished';
  }

  private async saveMemory(): Promise<void> {
    const { header } = this.state;
    if (this.plan.usesWatermark && header.only === undefined) {
      const value = new Date(this.info.startedAt).toISOString();
      this.memory.push({ workflowId: header.workflowId, nodeId: '', key: 'watermark', value });
    }
    if (this.memory.length > 0) await this.ports.store.writeMemory(this.memory);
  }

  /** The store has failed (disk full, say): nothing more is done, and the next start goes on from what is durable. */
  private broken(error: unknown): void {
    const at = this.journal.now();
    const message = `The run stopped because its journal cannot be written: ${error instanceof Error ? error.message : error}`;
    this.host.emit({
      kind: 'log',
      runId: this.info.id,
      workflowId: this.info.workflowId,
      line: { at, node: '', level: 'error', message },
    });
    this.resolveResponse(undefined);
    this.resolveEnded('closed');
  }

  private startReady(): void {
    for (let settled = true; settled; ) {
      settled = false;
      for (const planned of this.plan.nodes.values()) {
        const state = stepOf(this.state, planned.id);
        if (this.running.has(planned.id) || isOver(state)) continue;
        if (state.status !== 'pending') {
          if (!state.wait || state.wait.kind === 'retry') void this.launch(planned);
          continue;
        }
        const decision = startDecision(
          planned.node.start ?? 'all-succeeded',
          planned.incoming.map((edge) => this.fate(edge)),
        );
        if (decision === 'wait') continue;
        if (decision === 'start') void this.launch(planned);
        else {
          this.skip(planned.id, decision);
          settled = true;
        }
      }
    }
  }

  private fate(edge: PlannedEdge): EdgeFate {
    const source = this.plan.nodes.get(edge.from);
    const state = this.state.steps.get(edge.from);
    return source && state ? fateOf(source, state, edge.output) : 'open';
  }

  private async launch(planned: PlannedNode): Promise<void> {
    const controller = new AbortController();
    this.running.set(planned.id, controller);
    try {
      await new StepRunner(this, planned, this.inputsOf(planned), controller).toItsEnd();
    } catch (error) {
      this.stopped ??= new Stop('closing');
      this.running.delete(planned.id);
      this.ending = true;
      return this.broken(error);
    }
    this.running.delete(planned.id);
    this.pump();
  }

  private inputsOf(planned: PlannedNode): Dataset[] {
    return planned.inputs.map((port) => {
      const parts: Dataset[] = [];
      const failures: DataRecord[] = [];
      for (const edge of edgesInto(planned, port.name)) {
        const fate = this.fate(edge);
        const dataset = fate === 'arrived' ? this.output(edge.from, edge.output) : undefined;
        if (dataset) parts.push(dataset);
        else if (fate === 'failed') failures.push(this.failureRecord(edge));
      }
      if (failures.length > 0) parts.push(new MemoryDataset(failures, undefined));
      return concatenated(parts);
    });
  }

  /** What a step that starts on failures is told of one. */
  private failureRecord(edge: PlannedEdge): DataRecord {
    const source = this.plan.nodes.get(edge.from);
    const error: ErrorReport | undefined = this.state.steps.get(edge.from)?.error;
    return {
      step: source?.name ?? edge.from,
      message: error?.message ?? 'A step before it failed.',
      remedy: error?.remedy ?? '',
      code: error?.code ?? 'upstream-failed',
      run: this.info.id,
      workflow: this.info.workflowName,
    };
  }

  output(node: string, port: string): Dataset | undefined {
    const known = this.outputs.get(node)?.get(port);
    if (known) return known;
    const ref = this.state.steps.get(node)?.out[port];
    if (!ref) return undefined;
    const dataset = openDataset(this.ports.blobs, ref);
    this.keep(node, port, dataset);
    return dataset;
  }

  keep(node: string, port: string, dataset: Dataset): void {
    const ports = this.outputs.get(node) ?? new Map<string, Dataset>();
    this.outputs.set(node, ports.set(port, dataset));
  }

  log(node: string, level: 'info' | 'warn' | 'error', message: string, data?: unknown): void {
    const at = this.journal.now();
    const line = { at, node, level, message, ...(data === undefined ? {} : { data }) };
    this.journal.write({ at, is: 'log', line });
  }

  progress(node: string, done: number, total?: number): void {
    const now = this.journal.now();
    const toldAt = this.progressOf.get(node)?.toldAt ?? 0;
    const due = this.host.hasListeners && now - toldAt >= PROGRESS_EVERY;
    this.progressOf.set(node, { done, ...(total === undefined ? {} : { total }), toldAt: due ? now : toldAt });
    if (due) this.tellStep(node);
  }

  remember(node: string, key: string, value: unknown): void {
    this.memory.push({ workflowId: this.info.workflowId, nodeId: node, key, value });
  }

  respond(response: Response): void {
    this.answer ??= response;
  }

  startRun(workflowId: string, records: readonly DataRecord[], key: string): Promise<string> {
    return this.host.startRun({ workflowId, records, key });
  }

  outcomes(node: string): readonly unknown[] {
    return stepOf(this.state, node).outcomes;
  }

  private tell(entry: JournalEntry, statusChanged: boolean): void {
    this.host.soon(this);
    if (!this.host.hasListeners) return;
    if ('step' in entry && entry.is.startsWith('step-')) this.tellStep(entry.step);
    if (entry.is === 'log') {
      this.host.emit({ kind: 'log', runId: this.info.id, workflowId: this.info.workflowId, line: entry.line });
    }
    if (statusChanged) this.host.emit({ kind: 'run', run: summaryOf(this.state) });
  }

  private tellStep(step: string): void {
    const planned = this.plan.nodes.get(step);
    if (!planned) return;
    const { id: runId, workflowId } = this.info;
    this.host.emit({ kind: 'step', runId, workflowId, step: this.stepViewOf(planned) });
  }

  private stepViewOf({ id, name, node }: PlannedNode) {
    return stepView(this.state, { id, name, type: node.type }, this.progressOf.get(id));
  }

  view(): RunView {
    return {
      ...summaryOf(this.state),
      steps: [...this.plan.nodes.values()].map((planned) => this.stepViewOf(planned)),
    };
  }

  /** Datasets at the inputs of a step, by port. */
  inputPorts(node: string): Map<string, Dataset> {
    const planned = this.plan.nodes.get(node);
    if (!planned) return new Map();
    const datasets = this.inputsOf(planned);
    return new Map(planned.inputs.map((port, slot) => [port.name, datasets[slot] ?? EMPTY]));
  }
}

function isOver(step: StepState): boolean {
  return (
    step.status === 'succeeded' || step.status === 'failed' || step.status === 'skipped' || step.status === 'cancelled'
  );
}

/** The node and everything that leads to it, but not beyond nodes whose samples stand in for them. */
function neededFor(plan: Plan, node: string, samples: RunRequest['samples']): Set<string> {
  const needed = new Set<string>();
  const open = [node];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    if (id !== node && samples?.[id]) continue;
    for (const edge of plan.nodes.get(id)?.incoming ?? []) open.push(edge.from);
  }
  return needed;
}
