// Over 400 lines: which runs are live, parked, woken and recovered is one table, and every way into it is here.
import { type DataRecord, reportOf } from '../sdk/index.ts';
import type { Profile } from '../spec/api/profile.ts';
import type { RestartPreview } from '../spec/api/restart.ts';
import type { LogLine, RunEvent, RunSummary, RunView, StepView } from '../spec/api/run.ts';
import type { Trace } from '../spec/api/trace.ts';
import type { WorkflowSettings } from '../spec/workflow/document.ts';
import { entriesForAnswer } from './answers.ts';
import { Connections } from './connections.ts';
import { blobsOf } from './dataset.ts';
import { noTrigger, notPublished, runNotFound, stopping, tooDeep } from './engine-faults.ts';
import type { Answer, Engine, RecordPage, StartedRun } from './index.ts';
import type { JournalEntry, Response, RunHeader } from './journal.ts';
import { Plans } from './plans.ts';
import type { EnginePorts, JournalPage, RunFilter, RunListener, RunRequest, StoredRun } from './ports.ts';
import { outputOf, type PageRequest, profileAt, recordPage, type Side } from './record-pages.ts';
import { type RestartHost, type RestartOptions, Restarts } from './restarts.ts';
import { Run, type RunHost, type SubRunRequest } from './run.ts';
import { newRunId } from './run-id.ts';
import { decodeState } from './run-snapshot.ts';
import { apply, isWoken, newRunState, type RunState } from './run-state.ts';
import { summaryOf } from './run-summary.ts';
import { Repeated, Started } from './started-run.ts';
import { type Line, lineOf } from './starting-line.ts';
import { runFolder } from './step-blobs.ts';
import { questionsOf } from './step-view.ts';
import { type TraceRequest, traceOf } from './trace.ts';
import { TransientMap } from './transient-map.ts';
import { triggerRecords } from './trigger-records.ts';
import { Turns } from './turns.ts';
import { type CalledEnd, Wakers } from './wakers.ts';
import { Workshop } from './workshop.ts';

/** Milliseconds that entries nobody waits for may stay in memory, so that many go into one commit. */
const LAZY = 20;
/** Milliseconds that runs may take to be put away when Sluice stops. */
const PATIENCE = 10_000;
/** Workflows that may call one another in a row. */
const DEPTH = 20;
export function createEngine(ports: EnginePorts): Engine {
  return new LiveEngine(ports);
}

/**
 * Where the runs are that something is done with; what they are is in the store.
 *
 *   start, restart -> active         the gate lets it begin at once; one that is cancelled needs no turn
 *                  -> held           it is queued: only its id is here, the rest is rows
 *   held           -> active         its turn has come, or it is cancelled
 *   active         -> parked         nothing is left but waits: it is rows, and what wakes it is armed (`wakers.ts`)
 *   parked         -> active, held   a wait is over, somebody answers or cancels, its time is up
 *   active         -> finished       its snapshot is written, and whoever waits for it is told
 *   active, held   -> closed         Sluice stops, or the journal cannot be written: `recover` goes on with it after the next start
 */
class LiveEngine implements Engine, RunHost, RestartHost {
  readonly ports: EnginePorts;
  readonly connections: Connections;
  readonly workshop: Workshop | undefined;
  private readonly active = new TransientMap<string, Run>();
  /** Runs that wait for their turn. They are only rows until then. */
  private readonly held = new Map<string, Held>();
  private readonly listeners = new Set<RunListener>();
  readonly plans: Plans;
  private readonly wakers: Wakers;
  /** One at a time takes a run up, writes into it from outside, or puts it away. */
  private readonly turns = new Turns();
  private readonly restarts: Restarts;
  private readonly waiters = new Map<string, ((view: RunView) => void)[]>();
  private line: Line | undefined;
  private lazy: (() => void) | undefined;
  private closing = false;

  constructor(ports: EnginePorts) {
    this.ports = ports;
    this.connections = new Connections(ports.clock);
    this.plans = new Plans(ports);
    this.workshop = ports.stepThreads && new Workshop(ports.stepThreads, ports.clock);
    this.restarts = new Restarts(this);
    this.wakers = new Wakers({
      clock: ports.clock,
      wake: (run, step, outcome) => this.wake(run, step, outcome),
      timeUp: (run) => this.tellRun(run, () => []),
      endOf: (run) => this.endOf(run),
    });
  }

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  on(listener: RunListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  forget(credential: string): Promise<void> {
    return this.connections.disconnect(credential);
  }

  emit(event: RunEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  soon(): void {
    this.lazy ??= this.ports.clock.after(LAZY, () => {
      this.lazy = undefined;
      for (const run of this.active.values()) run.journal.handOver();
    });
  }

  async start(request: RunRequest): Promise<StartedRun> {
    if (this.closing) throw stopping();
    const plan = this.plans.of(request.version, request.document);
    const trigger = request.trigger ?? plan.triggers[0]?.id;
    if (trigger === undefined) throw noTrigger(request.document);
    const header = headerOf(request, trigger, this.ports.clock.now());
    const records = request.records ?? triggerRecords(plan, trigger, this.ports.clock.now());
    // Made when it is needed: a short run that is not kept never writes it down.
    let text: string | undefined;
    const input = () => (text ??= JSON.stringify({ records, samples: request.samples }));
    let accepted = false;
    if (request.until === 'accepted' || header.key !== undefined) {
      await this.keepVersion(request);
      const { id, isNew } = await this.ports.store.acceptRun(header, input());
      if (!isNew) return this.already(id);
      accepted = true;
    } else if (!header.keepOnlyFailed && !this.keptVersions.has(request.version)) {
      await this.keepVersion(request);
    }
    const run = new Run(this, plan, newRunState(header), {
      input,
      accepted,
      ...(request.samples ? { samples: request.samples } : {}),
    });
    this.drive(run, records);
    const held = this.held.get(header.id);
    if (held && !accepted) await this.acceptHeld(request, header, input());
    return this.started(run, held);
  }

  private async acceptHeld(request: RunRequest, header: RunHeader, input: string): Promise<void> {
    try {
      await Promise.all([this.keepVersion(request), this.ports.store.acceptRun(header, input)]);
    } catch (error) {
      this.held.delete(header.id);
      this.ports.gate?.leave(header, request.document.settings);
      throw error;
    }
  }

  private started(run: Run, held: Held | undefined): StartedRun {
    const { id } = run.info;
    return new Started(id, held?.response ?? run.response, () => (held ? this.finished(id) : this.endOfRun(run)));
  }

  private async endOfRun(run: Run): Promise<RunView> {
    const how = await run.ended;
    if (how === 'closed') throw stopping();
    return how === 'finished' ? run.view() : this.finished(run.info.id);
  }

  private readonly keptVersions = new Set<string>();

  private async keepVersion(request: RunRequest): Promise<void> {
    if (this.keptVersions.has(request.version)) return;
    await this.ports.store.saveVersion(request.version, request.document);
    this.keptVersions.add(request.version);
  }

  private already(id: string): StartedRun {
    return new Repeated(
      id,
      () => (this.active.get(id) ?? this.held.get(id))?.response ?? this.response(id),
      () => this.finished(id),
    );
  }

  /** Goes on with a run, or lets go of it until its turn comes. To be cancelled it needs none. */
  private drive(run: Run, records: readonly DataRecord[]): void {
    const { header, cancelRequested } = run.state;
    const { settings } = run.plan.document;
    const turn = cancelRequested ? undefined : this.ports.gate?.enter(header, settings);
    if (turn) this.hold(header, settings, turn);
    else this.activate(run, records);
  }

  private hold({ id, workflowId }: RunHeader, settings: WorkflowSettings, turn: Promise<void>): void {
    const { promise: response, resolve: respond } = Promise.withResolvers<Response | undefined>();
    this.held.set(id, { response, respond });
    turn
      .then(() => this.turns.take(id, () => this.takeUp(id, { hasTurn: true })))
      .catch((error: unknown) => {
        this.held.delete(id);
        respond(undefined);
        this.ports.gate?.leave({ id, workflowId }, settings);
        const message = `The run could not begin: ${reportOf(error).message}`;
        const line: LogLine = { at: this.ports.clock.now(), node: '', level: 'error', message };
        this.emit({ kind: 'log', runId: id, workflowId, line });
      });
  }

  /** Puts a run among the active ones and sees it to its end. */
  private activate(run: Run, records: readonly DataRecord[]): void {
    const { id } = run.info;
    const { header } = run.state;
    const { settings } = run.plan.document;
    this.active.set(id, run);
    const held = this.held.get(id);
    this.held.delete(id);
    if (held) void run.response.then(held.respond);
    run.begin(records);
    void run.ended.then((how) => {
      this.active.delete(id);
      if (how !== 'finished') this.ports.gate?.rest(header);
      if (how === 'parked') this.afterPark(run);
      if (how !== 'finished') return;
      this.ports.gate?.leave(header, settings);
      this.afterFinish(run);
    });
  }

  /** Arms what wakes the run; goes on at once if an answer or a cancel came while it was being put away. */
  private afterPark(run: Run): void {
    if (!run.state.cancelRequested && ![...run.state.steps.values()].some(isWoken)) {
      this.wakers.armAll(run.state, run.deadline);
      return;
    }
    const { id } = run.info;
    this.turns
      .take(id, async () => {
        await run.journal.durable();
        return this.takeUp(id);
      })
      .catch((error: unknown) => run.broken(error));
  }

  private afterFinish(run: Run): void {
    const { id } = run.info;
    if (this.hasListeners) this.emit({ kind: 'run', run: summaryOf(run.state) });
    for (const tell of this.waiters.get(id) ?? []) tell(run.view());
    this.waiters.delete(id);
    this.wakers.finished(id, () => endedAs(run));
    if (isForgotten(run.state)) void this.ports.blobs.delete(runFolder(id)).catch(() => {});
  }

  async startRun(request: SubRunRequest): Promise<string> {
    if (request.depth > DEPTH) throw tooDeep(request.workflowId);
    const published = await this.ports.published(request.workflowId);
    if (!published) throw notPublished(request.workflowId);
    const { id } = await this.start({
      ...published,
      draft: false,
      cause: 'workflow',
      records: request.records,
      key: request.key,
      calledBy: request.calledBy,
      depth: request.depth,
      until: 'accepted',
    });
    return id;
  }

  // Waits -------------------------------------------------------------------------------------------------------------------

  waits(run: Run, step: string): void {
    this.wakers.arm(run.state, step);
  }

  private async endOf(id: string): Promise<CalledEnd | undefined> {
    if (this.active.has(id)) return undefined;
    const loaded = await this.load(id);
    if (!loaded || loaded.run.state.finishedAt === undefined) return undefined;
    return endedAs(loaded.run);
  }

  private async wake(runId: string, step: string, outcome: unknown): Promise<boolean> {
    if (this.closing) return false;
    this.wakers.disarm(runId, step);
    const at = this.ports.clock.now();
    return this.tellRun(runId, ({ state }) =>
      state.steps.get(step)?.wait ? [{ at, is: 'step-woken', step, outcome }] : undefined,
    );
  }

  async answer(runId: string, node: string, answer: Answer): Promise<boolean> {
    const at = this.ports.clock.now();
    return this.tellRun(runId, (run) => entriesForAnswer(run, node, answer, at));
  }

  /** Writes entries into a run, live or parked, and goes on with it. Resolves once they are durable: whoever told it may rely on that. */
  private tellRun(runId: string, entriesFor: (run: Run) => JournalEntry[] | undefined): Promise<boolean> {
    return this.turns.take(runId, async () => {
      const live = this.active.get(runId);
      const loaded = live ? undefined : await this.load(runId);
      const run = live ?? loaded?.run;
      const entries = run?.state.finishedAt === undefined && run && entriesFor(run);
      if (!entries) return false;
      const durable = run.journal.writeAll(entries);
      if (!loaded) run.goOn();
      else if (run.state.cancelRequested || !this.held.has(runId)) this.drive(run, loaded.records);
      await durable;
      return true;
    });
  }

  /** Goes on with a stored run, unless it has ended or is live already. Only at the run's turn, or it may come to live twice. */
  private async takeUp(id: string, { hasTurn } = { hasTurn: false }): Promise<boolean> {
    if (this.active.has(id) || this.closing) return false;
    const loaded = await this.load(id);
    if (!loaded || loaded.run.state.finishedAt !== undefined) return false;
    if (hasTurn) this.activate(loaded.run, loaded.records);
    else this.drive(loaded.run, loaded.records);
    return true;
  }

  async cancel(id: string, by: string): Promise<boolean> {
    const at = this.ports.clock.now();
    return this.tellRun(id, ({ state }) => {
      if (state.cancelRequested) return [];
      const line: LogLine = { at, node: '', level: 'info', message: `Cancelled by ${by}` };
      return [
        { at, is: 'log', line },
        { at, is: 'cancel-requested' },
      ];
    });
  }

  async cancelCalled(id: string): Promise<void> {
    for (const called of await this.ports.store.calledRuns(id)) await this.cancel(called, 'the run that called it');
  }

  previewRestart(id: string, options: RestartOptions): Promise<RestartPreview> {
    return this.restarts.preview(id, options);
  }

  async restart(id: string, options: RestartOptions): Promise<StartedRun> {
    if (this.closing) throw stopping();
    const made = await this.restarts.accept(id, options);
    const loaded = await this.load(made);
    if (!loaded) throw runNotFound(made);
    const { run, records } = loaded;
    this.drive(run, records);
    return this.started(run, this.held.get(made));
  }

  // Looking -----------------------------------------------------------------------------------------------------------------

  async run(id: string): Promise<RunView | undefined> {
    return (await this.find(id))?.view();
  }

  async knows(key: string): Promise<boolean> {
    return (await this.ports.store.runOfKey(key)) !== undefined;
  }

  async response(id: string): Promise<Response | undefined> {
    return (await this.find(id))?.answered;
  }

  isActive(id: string): boolean {
    return this.active.has(id);
  }

  runs(filter: RunFilter): Promise<{ runs: RunSummary[]; cursor?: string }> {
    return this.ports.store.listRuns(filter);
  }

  async records(runId: string, node: string, request: PageRequest): Promise<RecordPage | undefined> {
    const run = await this.find(runId);
    return run && recordPage(run, node, 'out', request);
  }

  async inputRecords(runId: string, node: string, request: PageRequest): Promise<RecordPage | undefined> {
    const run = await this.find(runId);
    return run && recordPage(run, node, 'in', request);
  }

  async profile(
    runId: string,
    node: string,
    side: Side,
    options: { port?: string; sample: number },
  ): Promise<Profile | undefined> {
    const run = await this.find(runId);
    return run && profileAt(run, node, side, options);
  }

  async trace(runId: string, node: string, request: TraceRequest): Promise<Trace | undefined> {
    const run = await this.find(runId);
    return run && traceOf(run, node, request);
  }

  async questions(runId: string): Promise<StepView[]> {
    const run = await this.find(runId);
    return run ? questionsOf(run.state, run.plan) : [];
  }

  /** A run as it stands, live or stored. */
  private async find(id: string): Promise<Run | undefined> {
    return this.active.get(id) ?? (await this.load(id))?.run;
  }

  async log(runId: string): Promise<readonly LogLine[]> {
    return (await this.find(runId))?.state.log ?? [];
  }

  async finished(id: string): Promise<RunView> {
    const { promise, resolve } = Promise.withResolvers<RunView>();
    this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve]);
    if (this.active.has(id)) return promise;
    const view = (await this.load(id))?.run.view();
    if (view && view.finishedAt === undefined) return promise;
    this.waiters.delete(id);
    if (!view) throw runNotFound(id);
    resolve(view);
    return view;
  }

  // Start and stop ----------------------------------------------------------------------------------------------------------

  async lineUp(): Promise<void> {
    this.line = await this.formLine();
  }

  private formLine(): Promise<Line> {
    return lineOf(this.ports, this.plans, (header, settings, turn) => this.hold(header, settings, turn));
  }

  async recover(): Promise<{ resumed: number; left: { id: string; why: string }[] }> {
    const { runs, left } = this.line ?? (await this.formLine());
    this.line = undefined;
    let resumed = 0;
    for (const { header, settings } of runs) {
      try {
        if (await this.turns.take(header.id, () => this.takeUp(header.id))) resumed++;
      } catch (error) {
        this.ports.gate?.leave(header, settings);
        left.push({ id: header.id, why: reportOf(error).message });
      }
    }
    return { resumed, left };
  }

  async close(): Promise<void> {
    this.closing = true;
    this.wakers.close();
    for (const { respond } of this.held.values()) respond(undefined);
    this.held.clear();
    const ends = [...this.active.values()].map((run) => {
      run.stop('closing');
      return run.ended;
    });
    // A run whose journal cannot be written now is left as it is on disk.
    const patience = Promise.withResolvers<void>();
    const giveUp = this.ports.clock.after(PATIENCE, patience.resolve);
    await Promise.race([Promise.all(ends), patience.promise]);
    giveUp();
    this.lazy?.();
    this.workshop?.close();
    await this.connections.close();
  }

  /** A stored run, unfolded; not driven. */
  async load(id: string): Promise<{ run: Run; records: readonly DataRecord[]; stored: StoredRun } | undefined> {
    const { store } = this.ports;
    const stored = await store.loadRun(id);
    if (!stored) return undefined;
    const { header, input } = stored;
    const plan = await this.plans.ofRun(header);
    const { records, samples } = parseInput(input);
    const state = stored.snapshot ? decodeState(header, stored.snapshot, records) : newRunState(header);
    for (let page: JournalPage = stored; ; ) {
      for (const entry of page.journal) apply(state, entry);
      if (page.more === undefined) break;
      const next = await store.loadJournal(id, page.more);
      // It has ended meanwhile.
      if (!next) return this.load(id);
      page = next;
    }
    const run = new Run(this, plan, state, {
      input: () => input,
      accepted: true,
      ...(samples ? { samples } : {}),
    });
    return { run, records, stored };
  }
}

interface Held {
  readonly response: Promise<Response | undefined>;
  readonly respond: (response: Response | undefined) => void;
}

function endedAs(run: Run): CalledEnd {
  const { status, error } = run.state;
  return { status, output: outputOf(run), ...(error ? { why: error.message } : {}) };
}

/** It is not kept, and has left blobs behind. What is missed here, such as after a crash, a sweep finds. */
function isForgotten({ header, status, steps }: RunState): boolean {
  if (!header.keepOnlyFailed || status !== 'succeeded') return false;
  return [...steps.values()].some(({ out }) => Object.values(out).some((ref) => blobsOf(ref).length > 0));
}

function headerOf(request: RunRequest, trigger: string, now: number): RunHeader {
  return {
    id: newRunId(now),
    workflowId: request.document.id,
    workflowName: request.document.name,
    version: request.version,
    draft: request.draft,
    trigger,
    cause: request.cause,
    createdAt: now,
    ...(request.key === undefined ? {} : { key: request.key }),
    ...(request.restartOf === undefined ? {} : { restartOf: request.restartOf }),
    ...(request.calledBy === undefined ? {} : { calledBy: request.calledBy }),
    ...(request.depth === undefined ? {} : { depth: request.depth }),
    ...(request.only === undefined ? {} : { only: request.only }),
    ...(request.keepOnlyFailed ? { keepOnlyFailed: true } : {}),
  };
}

function parseInput(input: string): { records: DataRecord[]; samples?: NonNullable<RunRequest['samples']> } {
  return JSON.parse(input);
}
