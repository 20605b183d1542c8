import { randomUUID } from 'node:crypto';
import { type DataRecord, NodeError } from '../sdk/index.ts';
import type { LogLine, RunEvent, RunSummary, RunView } from '../spec/api/run.ts';
import type { Workflow } from '../spec/workflow/document.ts';
import { isRecord } from '../spec/workflow/record.ts';
import { Connections } from './connections.ts';
import type { Dataset } from './dataset.ts';
import type { Answer, Engine, RecordPage, StartedRun } from './index.ts';
import type { JournalEntry, RunHeader } from './journal.ts';
import { type Plan, planOf } from './plan.ts';
import type { EnginePorts, RunFilter, RunListener, RunRequest } from './ports.ts';
import { restartEntries } from './restart.ts';
import { nodeOf, Run, type RunHost } from './run.ts';
import { apply, decodeState, isWoken, newRunState, type RunState, summaryOf } from './run-state.ts';
import { triggerRecords } from './trigger-records.ts';

/** Milliseconds that entries nobody waits for may stay in memory, so that many go into one commit. */
const LAZY = 20;
/** Versions whose plan is kept ready. */
const PLANS = 500;

export function createEngine(ports: EnginePorts): Engine {
  return new LiveEngine(ports);
}

class LiveEngine implements Engine, RunHost {
  readonly ports: EnginePorts;
  readonly connections: Connections;
  private readonly active = new Map<string, Run>();
  private readonly listeners = new Set<RunListener>();
  private readonly plans = new Map<string, Plan>();
  private readonly dirty = new Set<Run>();
  private readonly wakers = new Map<string, () => void>();
  /** Runs that wait for a run to finish: child -> parent run and step. */
  private readonly parents = new Map<string, { run: string; step: string }[]>();
  private readonly waiters = new Map<string, ((view: RunView) => void)[]>();
  private lazy: (() => void) | undefined;
  private closing = false;

  constructor(ports: EnginePorts) {
    this.ports = ports;
    this.connections = new Connections(ports.clock);
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

  soon(run: Run): void {
    this.dirty.add(run);
    this.lazy ??= this.ports.clock.after(LAZY, () => {
      this.lazy = undefined;
      const runs = [...this.dirty];
      this.dirty.clear();
      for (const one of runs) if (this.active.has(one.info.id)) one.journal.durable().catch(() => {});
    });
  }

  async start(request: RunRequest): Promise<StartedRun> {
    if (this.closing) throw stopping();
    const plan = this.planFor(request.version, request.document);
    const trigger = request.trigger ?? plan.triggers[0]?.id;
    if (trigger === undefined) throw noTrigger(request.document);
    const header = headerOf(request, trigger, this.ports.clock.now());
    const records = request.records ?? triggerRecords(plan, trigger, this.ports.clock.now());
    const input = Buffer.from(JSON.stringify({ records, ...(request.samples ? { samples: request.samples } : {}) }));
    let accepted = false;
    if (request.until === 'accepted' || header.key !== undefined) {
      await this.keepVersion(request);
      const { id, isNew } = await this.ports.store.acceptRun(header, input);
      if (!isNew) return this.already(id);
      accepted = true;
    } else if (!header.keepOnlyFailed) {
      await this.keepVersion(request);
    }
    const run = new Run(this, plan, newRunState(header), {
      input,
      accepted,
      ...(request.samples ? { samples: request.samples } : {}),
    });
    const finished = this.drive(run, records);
    return { id: header.id, isNew: true, response: run.response, finished };
  }

  private readonly keptVersions = new Set<string>();

  private async keepVersion(request: RunRequest): Promise<void> {
    if (this.keptVersions.has(request.version)) return;
    await this.ports.store.saveVersion(request.version, request.document);
    this.keptVersions.add(request.version);
  }

  private already(id: string): StartedRun {
    return {
      id,
      isNew: false,
      response: this.active.get(id)?.response ?? Promise.resolve(undefined),
      finished: this.finished(id),
    };
  }

  /** Puts a run among the active ones and sees it to its end. */
  private drive(run: Run, records: readonly DataRecord[]): Promise<RunView> {
    const { id } = run.info;
    const { header } = run.state;
    const { settings } = run.plan.document;
    this.active.set(id, run);
    const held = this.ports.gate?.enter(header, settings);
    if (held) {
      void held.then(() => {
        if (this.active.get(id) === run && !this.closing) void run.begin(records);
      });
    } else {
      void run.begin(records);
    }
    const finished = run.ended.then((how) => {
      this.active.delete(id);
      this.dirty.delete(run);
      if (how === 'finished') {
        this.ports.gate?.leave(header, settings);
        return this.afterFinish(run);
      }
      if (how === 'closed') throw stopping();
      this.afterPark(run);
      return this.finished(id);
    });
    finished.catch(() => {});
    return finished;
  }

  /** Arms what wakes the run; goes on at once if an answer came while it was being put away. */
  private afterPark(run: Run): void {
    if (![...run.state.steps.values()].some(isWoken)) {
      this.armWakers(run.state);
      return;
    }
    void run.journal
      .durable()
      .then(() => this.load(run.info.id))
      .then((loaded) => loaded && this.drive(loaded.run, loaded.records));
  }

  private afterFinish(run: Run): RunView {
    const { id } = run.info;
    const view = run.view();
    if (this.hasListeners) this.emit({ kind: 'run', run: summaryOf(run.state) });
    for (const tell of this.waiters.get(id) ?? []) tell(view);
    this.waiters.delete(id);
    for (const parent of this.parents.get(id) ?? []) {
      void this.wake(parent.run, parent.step, { kind: 'finished', status: view.status, output: outputOf(run) });
    }
    this.parents.delete(id);
    return view;
  }

  async startRun(request: { workflowId: string; records: readonly DataRecord[]; key: string }): Promise<string> {
    const published = await this.ports.published(request.workflowId);
    if (!published) {
      throw new NodeError({
        class: 'config',
        code: 'workflow-not-published',
        message: `The workflow "${request.workflowId}" is not published, so it cannot be run from another one.`,
        remedy: 'Publish it, or choose another workflow.',
      });
    }
    const { id } = await this.start({
      ...published,
      draft: false,
      cause: 'workflow',
      records: request.records,
      key: request.key,
      until: 'accepted',
    });
    return id;
  }

  // Waits -------------------------------------------------------------------------------------------------------------------

  waits(run: Run, step: string): void {
    this.armWaker(run.state, step);
  }

  private armWakers(state: RunState): void {
    for (const step of state.steps.keys()) this.armWaker(state, step);
  }

  private armWaker(state: RunState, step: string): void {
    const wait = state.steps.get(step)?.wait;
    if (!wait) return;
    if (wait.kind === 'run') this.awaitRun(wait.runId, state.header.id, step);
    const until = wait.kind === 'until' ? wait.at : 'until' in wait ? wait.until : undefined;
    if (until === undefined) return;
    const name = `${state.header.id}\n${step}`;
    this.wakers.get(name)?.();
    const delay = Math.max(0, until - this.ports.clock.now());
    this.wakers.set(
      name,
      this.ports.clock.after(delay, () => void this.wakeAt(state, step, until)),
    );
  }

  /** Timers reach no further than about 24 days, so a wait is looked at again when one fires. */
  private async wakeAt(state: RunState, step: string, until: number): Promise<void> {
    if (this.ports.clock.now() < until) return this.armWaker(state, step);
    await this.wake(state.header.id, step, { kind: 'elapsed' });
  }

  private awaitRun(child: string, run: string, step: string): void {
    const known = this.parents.get(child) ?? [];
    if (known.some((one) => one.run === run && one.step === step)) return;
    this.parents.set(child, [...known, { run, step }]);
    if (this.active.has(child)) return;
    void this.load(child).then((loaded) => {
      if (!loaded || loaded.run.state.finishedAt === undefined) return;
      this.parents.delete(child);
      const { status } = loaded.run.state;
      void this.wake(run, step, { kind: 'finished', status, output: outputOf(loaded.run) });
    });
  }

  private async wake(runId: string, step: string, outcome: unknown): Promise<boolean> {
    if (this.closing) return false;
    const name = `${runId}\n${step}`;
    this.wakers.get(name)?.();
    this.wakers.delete(name);
    const at = this.ports.clock.now();
    return this.tellRun(runId, ({ state }) =>
      state.steps.get(step)?.wait ? [{ at, is: 'step-woken', step, outcome }] : undefined,
    );
  }

  async answer(runId: string, node: string, answer: Answer): Promise<boolean> {
    const at = this.ports.clock.now();
    return this.tellRun(runId, (run) => {
      const step = run.keyOf(node);
      const wait = run.state.steps.get(step)?.wait;
      if (wait?.kind === 'approval' && (answer.kind === 'approved' || answer.kind === 'declined')) {
        return [{ at, is: 'step-woken', step, outcome: answer }];
      }
      if (wait?.kind === 'callback' && answer.kind === 'called') {
        return [{ at, is: 'step-woken', step, outcome: answer }];
      }
      if (
        wait?.kind === 'unknown-outcome' &&
        'by' in answer &&
        (answer.kind === 'done' || answer.kind === 'not-done' || answer.kind === 'again')
      ) {
        const outcome = answer.kind === 'done' ? 'done' : 'not-done';
        return [
          { at, is: 'effect-outcome', step, key: wait.key, outcome },
          { at, is: 'step-woken', step, outcome: answer },
        ];
      }
      return undefined;
    });
  }

  /** Writes entries into a run, live or parked, and goes on with it. */
  private async tellRun(runId: string, entriesFor: (run: Run) => JournalEntry[] | undefined): Promise<boolean> {
    const live = this.active.get(runId);
    if (live) {
      const entries = entriesFor(live);
      if (!entries) return false;
      for (const entry of entries) live.journal.write(entry);
      live.goOn();
      return true;
    }
    const loaded = await this.load(runId);
    if (!loaded || loaded.run.state.finishedAt !== undefined || this.active.has(runId)) return false;
    const entries = entriesFor(loaded.run);
    if (!entries) return false;
    for (const entry of entries) loaded.run.journal.write(entry);
    void this.drive(loaded.run, loaded.records);
    return true;
  }

  async cancel(id: string, by: string): Promise<boolean> {
    const live = this.active.get(id);
    if (live) {
      live.log('', 'info', `Cancelled by ${by}`);
      live.stop('cancelled');
      return true;
    }
    const at = this.ports.clock.now();
    return this.tellRun(id, () => [
      { at, is: 'log', line: { at, node: '', level: 'info', message: `Cancelled by ${by}` } },
      { at, is: 'cancel-requested' },
    ]);
  }

  async restart(id: string, options: { from?: string; document?: Workflow; version?: string }): Promise<StartedRun> {
    const loaded = await this.load(id);
    if (!loaded) throw notFound(id);
    const old = loaded.run;
    const document = options.document ?? old.plan.document;
    const version = options.version ?? old.state.header.version;
    const plan = this.planFor(version, document);
    const { key: _key, ...kept } = old.state.header;
    const header: RunHeader = {
      ...kept,
      id: randomUUID(),
      version,
      workflowName: document.name,
      cause: 'restart',
      createdAt: this.ports.clock.now(),
      restartOf: id,
    };
    const input = Buffer.from(JSON.stringify({ records: loaded.records }));
    await this.ports.store.saveVersion(version, document);
    await this.ports.store.acceptRun(header, input);
    const run = new Run(this, plan, newRunState(header), { input, accepted: true });
    for (const entry of await restartEntries(old, plan, options.from, this.ports, header)) run.journal.write(entry);
    const finished = this.drive(run, loaded.records);
    return { id: header.id, isNew: true, response: run.response, finished };
  }

  // Looking -----------------------------------------------------------------------------------------------------------------

  async run(id: string): Promise<RunView | undefined> {
    return (this.active.get(id) ?? (await this.load(id))?.run)?.view();
  }

  runs(filter: RunFilter): Promise<{ runs: RunSummary[]; cursor?: string }> {
    return this.ports.store.listRuns(filter);
  }

  async records(
    runId: string,
    node: string,
    options: { port?: string; offset: number; limit: number },
  ): Promise<RecordPage | undefined> {
    const run = this.active.get(runId) ?? (await this.load(runId))?.run;
    const planned = run?.plan.nodes.get(nodeOf(node));
    if (!run || !planned) return undefined;
    const datasets = new Map<string, Dataset>();
    for (const port of planned.outputs) {
      const dataset = run.output(node, port.name);
      if (dataset) datasets.set(port.name, dataset);
    }
    return page(datasets, options);
  }

  async inputRecords(
    runId: string,
    node: string,
    options: { port?: string; offset: number; limit: number },
  ): Promise<RecordPage | undefined> {
    const run = this.active.get(runId) ?? (await this.load(runId))?.run;
    return run?.plan.nodes.has(node) ? page(run.inputPorts(node), options) : undefined;
  }

  async log(runId: string): Promise<readonly LogLine[]> {
    const run = this.active.get(runId) ?? (await this.load(runId))?.run;
    return run?.state.log ?? [];
  }

  async finished(id: string): Promise<RunView> {
    const live = this.active.get(id);
    if (!live) {
      const view = (await this.load(id))?.run.view();
      if (!view) throw notFound(id);
      if (view.finishedAt !== undefined) return view;
    }
    return new Promise((resolve) => {
      this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve]);
    });
  }

  // Start and stop ----------------------------------------------------------------------------------------------------------

  async recover(): Promise<{ resumed: number }> {
    const ids = await this.ports.store.unfinishedRuns();
    let resumed = 0;
    for (const id of ids) {
      if (this.active.has(id)) continue;
      const loaded = await this.load(id);
      if (!loaded || loaded.run.state.finishedAt !== undefined) continue;
      void this.drive(loaded.run, loaded.records);
      resumed++;
    }
    return { resumed };
  }

  async close(): Promise<void> {
    this.closing = true;
    for (const stop of this.wakers.values()) stop();
    const ends = [...this.active.values()].map((run) => {
      run.stop('closing');
      return run.ended;
    });
    await Promise.all(ends);
    this.lazy?.();
    await this.connections.close();
  }

  /** A stored run, unfolded; not driven. */
  private async load(id: string): Promise<{ run: Run; records: readonly DataRecord[] } | undefined> {
    const stored = await this.ports.store.loadRun(id);
    if (!stored) return undefined;
    const { header } = stored;
    const document = await this.ports.store.loadVersion(header.version);
    if (!document) throw new Error(`The version ${header.version} of run ${id} is missing from the store`);
    const state = stored.snapshot ? decodeState(header, stored.snapshot) : newRunState(header);
    for (const entry of stored.journal) apply(state, entry);
    const { records, samples } = parseInput(stored.input);
    const run = new Run(this, this.planFor(header.version, document), state, {
      input: stored.input,
      accepted: true,
      ...(samples ? { samples } : {}),
    });
    return { run, records };
  }

  private planFor(version: string, document: Workflow): Plan {
    const known = this.plans.get(version);
    if (known) return known;
    const plan = planOf(document, this.ports.registry);
    if (this.plans.size >= PLANS) this.plans.delete(this.plans.keys().next().value as string);
    this.plans.set(version, plan);
    return plan;
  }
}

function headerOf(request: RunRequest, trigger: string, now: number): RunHeader {
  return {
    id: randomUUID(),
    workflowId: request.document.id,
    workflowName: request.document.name,
    version: request.version,
    draft: request.draft,
    trigger,
    cause: request.cause,
    createdAt: now,
    ...(request.key === undefined ? {} : { key: request.key }),
    ...(request.restartOf === undefined ? {} : { restartOf: request.restartOf }),
    ...(request.only === undefined ? {} : { only: request.only }),
    ...(request.keepOnlyFailed ? { keepOnlyFailed: true } : {}),
  };
}

function parseInput(input: Uint8Array): { records: DataRecord[]; samples?: NonNullable<RunRequest['samples']> } {
  return JSON.parse(Buffer.from(input).toString('utf8'));
}

/** What a run gives: the records of the steps that nothing follows. */
export function outputOf(run: Run, limit = 1000): DataRecord[] {
  const records: DataRecord[] = [];
  for (const planned of run.plan.top) {
    if (planned.outgoing.length > 0 || planned.trigger) continue;
    const port = planned.outputs[0];
    const dataset = port && run.output(planned.id, port.name);
    if (dataset) records.push(...dataset.slice(0, limit - records.length).filter(isRecord));
  }
  return records;
}

function page(
  datasets: ReadonlyMap<string, Dataset>,
  { port, offset, limit }: { port?: string; offset: number; limit: number },
): RecordPage {
  const ports = Object.fromEntries([...datasets].map(([name, { count }]) => [name, count]));
  const chosen =
    port ?? [...datasets].find(([, { count }]) => count > 0)?.[0] ?? datasets.keys().next().value ?? 'records';
  const dataset = datasets.get(chosen);
  return { records: dataset?.slice(offset, limit) ?? [], total: dataset?.count ?? 0, port: chosen, ports };
}

function noTrigger(document: Workflow): NodeError {
  return new NodeError({
    class: 'config',
    code: 'no-trigger',
    message: `"${document.name}" has no trigger that is switched on, so nothing can start it.`,
    remedy: 'Add a trigger, such as "Run by hand", and connect it to the first step.',
  });
}

function notFound(id: string): NodeError {
  return new NodeError({
    class: 'not-found',
    code: 'run-not-found',
    message: `There is no run ${id}.`,
    remedy: 'It may have been removed by the retention setting of its workflow.',
  });
}

function stopping(): NodeError {
  return new NodeError({
    class: 'transient',
    code: 'stopping',
    message: 'Sluice is stopping and takes no new runs.',
    remedy: 'Try again when it is up.',
  });
}
