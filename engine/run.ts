import type { DataRecord, RunInfo } from '../sdk/index.ts';
import type { RunEvent, RunView } from '../spec/api/run.ts';
import { addedBefore } from './added-lists.ts';
import type { Connections } from './connections.ts';
import { type Dataset, EMPTY } from './dataset.ts';
import { Frame, type FrameHost } from './frame.ts';
import type { Added, JournalEntry, Response } from './journal.ts';
import { keepLedger } from './made-calls.ts';
import type { Plan, PlannedNode } from './plan.ts';
import type { EnginePorts, RunRequest } from './ports.ts';
import { RunFacts } from './run-facts.ts';
import { RunJournal } from './run-journal.ts';
import { leftBy } from './run-memory.ts';
import { isOver, type RunState, stepOf } from './run-state.ts';
import { summaryOf } from './run-summary.ts';
import { blobFolder } from './step-blobs.ts';
import { isOfInner, nodeOf } from './step-key.ts';
import { innerStepView, stepsInRounds, stepView } from './step-view.ts';
import { Stop } from './stop.ts';
import { verdictOf } from './verdict.ts';
import { perform, type Work } from './work.ts';
import type { Workshop } from './workshop.ts';

export interface SubRunRequest {
  readonly workflowId: string;
  readonly records: readonly DataRecord[];
  readonly key: string;
  readonly calledBy: string;
  readonly depth: number;
}

/** What a run needs of the engine around it. */
export interface RunHost {
  readonly ports: EnginePorts;
  readonly connections: Connections;
  readonly workshop: Workshop | undefined;
  readonly hasListeners: boolean;
  emit(event: RunEvent): void;
  /** A run has entries that the next lazy hand-over takes along. */
  soon(): void;
  /** A step has begun to wait. */
  waits(run: Run, step: string): void;
  startRun(request: SubRunRequest): Promise<string>;
  /** Cancels the runs that a run has called and that have not ended. */
  cancelCalled(runId: string): Promise<void>;
}

export type RunEnd = 'finished' | 'parked' | 'closed';

/** Characters of an answer to the caller, as JSON, that are kept with the run; one that is longer is told once. */
const KEPT_ANSWER = 1_000_000;

/** Milliseconds between two progress events of one step. */
const PROGRESS_EVERY = 200;

/**
 * One run: its journal, its facts and its way from the start to the end. What is in it is interpreted by its root frame. It ends
 * finished, or parked when nothing is left but waits: a parked run is only rows in the store until it is woken.
 */
export class Run implements FrameHost {
  readonly state: RunState;
  readonly plan: Plan;
  readonly journal: RunJournal;
  readonly ports: EnginePorts;
  readonly connections: Connections;
  readonly workshop: Workshop | undefined;
  info: RunInfo;
  readonly ended: Promise<RunEnd>;
  /** What a `respond` node said; undefined when the run ends or parks without. Durable when it settles. */
  readonly response: Promise<Response | undefined>;
  private readonly root: Frame;
  private readonly host: RunHost;
  private readonly samples: RunRequest['samples'];
  private progressOf: Map<string, { done: number; total?: number; toldAt: number }> | undefined;
  private toldAt: Map<string, number> | undefined;
  private answer: Response | undefined;
  private watermark: unknown;
  private given: readonly DataRecord[] = [];
  private knownFacts: RunFacts | undefined;
  private stopTimeout: (() => void) | undefined;
  private readonly resolveEnded: (how: RunEnd) => void;
  private readonly resolveResponse: (response: Response | undefined) => void;

  constructor(
    host: RunHost,
    plan: Plan,
    state: RunState,
    options: { input: () => string; accepted: boolean; samples?: RunRequest['samples'] },
  ) {
    this.host = host;
    this.ports = host.ports;
    this.connections = host.connections;
    this.workshop = host.workshop;
    this.plan = plan;
    this.state = state;
    this.answer = state.response;
    this.samples = options.samples;
    this.journal = new RunJournal(host.ports, state, options.input, options.accepted, (entry, statusChanged) =>
      this.tell(entry, statusChanged),
    );
    const { header } = state;
    const startedAt = state.startedAt ?? host.ports.clock.now();
    const zone = plan.document.settings.timezone ?? 'UTC';
    this.info = { id: header.id, workflowId: header.workflowId, workflowName: header.workflowName, startedAt, zone };
    this.root = new Frame(this, '', plan.top, () => this.rested());
    const ended = Promise.withResolvers<RunEnd>();
    this.ended = ended.promise;
    this.resolveEnded = ended.resolve;
    const response = Promise.withResolvers<Response | undefined>();
    this.response = response.promise;
    this.resolveResponse = response.resolve;
  }

  /** Starts, or goes on after a crash or a wait. `records` are the trigger's. */
  begin(records: readonly DataRecord[]): void {
    this.given = records;
    void perform(this.entering(records));
  }

  private *entering(records: readonly DataRecord[]): Work<void> {
    try {
      if (this.state.cancelRequested) return this.stop('cancelled');
      if (this.state.status === 'queued') this.started();
      if (this.plan.usesWatermark) {
        this.watermark = yield this.ports.store.readMemory(this.state.header.workflowId, '', 'watermark');
      }
      this.armTimeout();
      this.settleGiven(records);
      this.root.goOn();
    } catch (error) {
      this.broken(error);
    }
  }

  /** What is there without a step that works: what the trigger and samples give. */
  private settleGiven(records: readonly DataRecord[]): void {
    const { trigger, only } = this.state.header;
    const wanted = only === undefined ? undefined : neededFor(this.plan, only, this.samples);
    for (const planned of this.plan.top) {
      if (this.root.stateOf(planned.id).status !== 'pending') continue;
      const sample = planned.id === only ? undefined : this.samples?.[planned.id];
      if (sample) this.root.settleWith(planned, sample);
      else if (planned.id === trigger) this.root.settleWith(planned, records);
      else if (planned.trigger) this.root.skip(planned.id, 'not-started');
      else if (wanted && !wanted.has(planned.id)) this.root.skip(planned.id, 'not-asked');
    }
  }

  get facts(): RunFacts {
    this.knownFacts ??= new RunFacts(this.state.header, this.info, this.ports.vars(), this.watermark);
    return this.knownFacts;
  }

  /** Time in the queue is none of the run's. */
  private started(): void {
    const startedAt = this.journal.now();
    this.journal.write({ at: startedAt, is: 'run-started' });
    if (startedAt !== this.info.startedAt) this.info = { ...this.info, startedAt };
  }

  /** When its time is up, waiting or not. */
  get deadline(): number | undefined {
    return this.plan.timeout === undefined ? undefined : this.info.startedAt + this.plan.timeout;
  }

  private armTimeout(): void {
    if (this.deadline === undefined) return;
    const left = this.deadline - this.journal.now();
    if (left <= 0) this.root.stopped ??= new Stop('run-timeout');
    else this.stopTimeout = this.ports.clock.after(left, () => this.stop('run-timeout'));
  }

  /** Tells running steps to stop; the run then ends, or is left for the next start when Sluice is closing. */
  stop(why: Stop['why']): void {
    if (this.state.finishedAt === undefined) this.root.stop(new Stop(why));
  }

  /** Something was written into the run from outside: what it frees is started, or all is stopped. */
  goOn(): void {
    if (this.state.cancelRequested) this.stop('cancelled');
    else this.root.wake();
  }

  goesOn(): void {
    if (!this.answer) return;
    void this.journal.durable().then(
      () => this.resolveResponse(this.answer),
      () => {},
    );
  }

  private rested(): void {
    this.root.close();
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
    const { stopped } = this.root;
    if (stopped?.why === 'closing' || (!stopped && steps.some((step) => step.wait))) {
      await this.journal.durable();
      return stopped ? 'closed' : 'parked';
    }
    if (stopped) await this.endWaits();
    // Before its end: a crash in between does it again.
    if (this.state.cancelRequested) await this.host.cancelCalled(this.info.id);
    const verdict = verdictOf(this.root, this.state.header.only !== undefined);
    this.journal.write({ at: this.journal.now(), is: 'run-finished', ...verdict });
    await this.journal.finish(verdict.status === 'succeeded' ? leftBy(this.root, this.facts) : [], this.given);
    return 'finished';
  }

  /** What still waits when the run is stopped ends with it; inner steps first, then their containers. */
  private async endWaits(): Promise<void> {
    for (const [key, step] of [...this.state.steps].reverse()) {
      const planned = this.plan.nodes.get(nodeOf(key));
      if (!planned || isOver(step) || step.status === 'pending') continue;
      const folder = `${blobFolder(this.info.id, key)}/${step.attempts}`;
      const kept = await keepLedger(step, planned.effect, this.ports.blobs, folder);
      this.journal.write({
        at: this.journal.now(),
        is: 'step-finished',
        step: key,
        status: 'cancelled',
        out: {},
        ...kept,
      });
    }
  }

  /** The store has failed (disk full, say): nothing more is done, and the next start goes on from what is durable. */
  broken(error: unknown): void {
    this.root.close();
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

  /** What a step gave, by its key or by its node. */
  output(step: string, port: string): Dataset | undefined {
    return this.root.output(this.keyOf(step), port);
  }

  /** The step of a node: of those in rounds one that waits, else the last one that is there. */
  keyOf(node: string): string {
    if (this.plan.nodes.get(node)?.node.parent === undefined) return node;
    const keys = [...this.state.steps.keys()].filter((key) => isOfInner(key, node));
    return keys.find((key) => this.state.steps.get(key)?.wait) ?? keys.at(-1) ?? node;
  }

  log(node: string, level: 'info' | 'warn' | 'error', message: string, data?: unknown): void {
    const at = this.journal.now();
    const line = { at, node, level, message, ...(data === undefined ? {} : { data }) };
    this.journal.write({ at, is: 'log', line });
  }

  progress(step: string, done: number, total?: number): void {
    const now = this.journal.now();
    this.progressOf ??= new Map();
    const toldAt = this.progressOf.get(step)?.toldAt ?? 0;
    const due = this.host.hasListeners && now - toldAt >= PROGRESS_EVERY;
    this.progressOf.set(step, { done, ...(total === undefined ? {} : { total }), toldAt: due ? now : toldAt });
    if (due) this.tellStep(step);
  }

  /** The first one counts. It is kept where somebody may still ask for it: who repeats the call, or waits for a run that has been parked. */
  respond(response: Response): void {
    if (this.answer) return;
    this.answer = response;
    const { header, hasWaited } = this.state;
    if (header.key === undefined && !hasWaited) return;
    if (JSON.stringify(response).length > KEPT_ANSWER) return;
    this.journal.write({ at: this.journal.now(), is: 'responded', response });
  }

  get answered(): Response | undefined {
    return this.answer;
  }

  async startRun(workflowId: string, records: readonly DataRecord[], key: string): Promise<string> {
    const { id: calledBy, depth = 0 } = this.state.header;
    const id = await this.host.startRun({ workflowId, records, key, calledBy, depth: depth + 1 });
    // One that is there only when the others have been told.
    if (this.state.cancelRequested) await this.host.cancelCalled(calledBy);
    return id;
  }

  outcomes(step: string): readonly unknown[] {
    return stepOf(this.state, step).outcomes;
  }

  addedBefore(step: string, list: string): readonly Added[] {
    return addedBefore(this.state, step, list);
  }

  private tell(entry: JournalEntry, statusChanged: boolean): void {
    this.host.soon();
    if (entry.is === 'step-waiting') this.host.waits(this, entry.step);
    if (!this.host.hasListeners) return;
    if ('step' in entry && !entry.is.startsWith('effect-')) this.tellSoon(entry);
    if (entry.is === 'log') {
      this.host.emit({ kind: 'log', runId: this.info.id, workflowId: this.info.workflowId, line: entry.line });
    }
    if (statusChanged) this.host.emit({ kind: 'run', run: summaryOf(this.state) });
  }

  /** Steps of a run are told at once; those in rounds, and the rounds, come in such numbers that they are told now and then. */
  private tellSoon({ is, step, at }: Extract<JournalEntry, { step: string }>): void {
    const node = nodeOf(step);
    const oftenTold = step !== node || !is.startsWith('step-');
    const isAboutWait = is === 'step-waiting' || is === 'step-woken';
    if (oftenTold && !isAboutWait && at - (this.toldAt?.get(node) ?? 0) < PROGRESS_EVERY) return;
    if (oftenTold) {
      this.toldAt ??= new Map();
      this.toldAt.set(node, at);
    }
    this.tellStep(step);
    if (is === 'step-finished') this.tellInside(step);
  }

  /** How what stands in a container ended is known only once the container has. */
  private tellInside(container: string): void {
    for (const inner of this.plan.nodes.get(container)?.inside ?? []) {
      this.tellStep(inner.id);
      this.tellInside(inner.id);
    }
  }

  private tellStep(step: string): void {
    const planned = this.plan.nodes.get(nodeOf(step));
    if (!planned) return;
    const { id: runId, workflowId } = this.info;
    this.host.emit({ kind: 'step', runId, workflowId, step: this.stepViewOf(planned) });
  }

  private stepViewOf(planned: PlannedNode) {
    const { id, name, node } = planned;
    if (node.parent !== undefined) return innerStepView(this.state, this.plan, planned);
    return stepView(this.state, { id, name, type: node.type }, this.progressOf?.get(id));
  }

  view(): RunView {
    const inRounds = stepsInRounds(this.state);
    const steps = [...this.plan.nodes.values()].map((planned) => {
      const listed = inRounds.get(planned.id);
      return { ...this.stepViewOf(planned), ...(listed ? { inRounds: listed } : {}) };
    });
    return { ...summaryOf(this.state), steps };
  }

  /** Datasets at the inputs of a step, by port. */
  inputPorts(node: string): Map<string, Dataset> {
    const planned = this.plan.nodes.get(node);
    if (!planned) return new Map();
    const datasets = planned.node.parent === undefined ? this.root.inputsOf(planned) : [];
    return new Map(planned.inputs.map((port, slot) => [port.name, datasets[slot] ?? EMPTY]));
  }
}

/** The node of a step: the last part of its key. */
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
