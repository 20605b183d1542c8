import { Breath, type DataRecord } from '../sdk/index.ts';
import type { StepHost } from './context.ts';
import { concatenated, type Dataset, EMPTY, MemoryDataset, openDataset } from './dataset.ts';
import type { Flowing } from './flow.ts';
import type { Journal } from './ledger.ts';
import type { Plan, PlannedEdge, PlannedNode } from './plan.ts';
import type { EnginePorts } from './ports.ts';
import { isAwakeInside, isOver, type RunState, type SkipReason, type StepState, stepOf } from './run-state.ts';
import { type Entry, edgesInto, type History, type ScopeFacts } from './scope.ts';
import { type EdgeFate, fateOf, startDecision } from './start-rules.ts';
import { StepRunner } from './step-runner.ts';
import type { Stop } from './stop.ts';
import { RemoteFlow, type Workshop } from './workshop.ts';

/** What the levels of a run share. */
export interface FrameHost extends StepHost {
  readonly ports: EnginePorts;
  readonly plan: Plan;
  readonly state: RunState;
  readonly journal: Journal;
  readonly facts: ScopeFacts;
  readonly workshop: Workshop | undefined;
  /** A step has come to its end, and others go on. */
  goesOn(): void;
  /** The journal cannot be written: nothing more is done. */
  broken(error: unknown): void;
}

/** What is particular about a round of a container. */
interface RoundEntry extends Entry {
  readonly outer: Frame;
}

/**
 * One level of a workflow being interpreted: the workflow itself, or one round of a container. It starts each of its nodes when everything
 * that leads into it has settled; a node of pure work that can read along already when one step before it is still giving records.
 *
 *   working  -> resting     nothing runs and nothing can start: all is settled, or what is left waits, or a stop was told
 *   resting  -> working     `goOn`, after a wait has ended
 *   any      -> closed      its owner has taken its outcome, or the journal is broken
 *
 * Steps are known by their key in the journal: the frame's prefix and the node's id, such as `loop/3/read`. In a round, the nodes that
 * no edge leads into start with what the round was given.
 */
export class Frame implements History {
  readonly run: FrameHost;
  readonly prefix: string;
  readonly nodes: readonly PlannedNode[];
  readonly entry: RoundEntry | undefined;
  stopped: Stop | undefined;
  private readonly rested: (frame: Frame) => void;
  private readonly outputs = new Map<string, { readonly port: string; dataset: Dataset }[]>();
  private readonly running: StepRunner[] = [];
  /** What running steps let others read along with, by node and port. */
  private flows: Map<string, Map<string, Flowing>> | undefined;
  /** Live rounds of the containers here. */
  private rounds: Set<Frame> | undefined;
  private closed = false;
  /** Short steps have followed one another for so long that others get their turn. */
  private pausing = false;
  /** Nodes whose turn may have come since they were last looked at. */
  private readonly changed: PlannedNode[];

  constructor(
    run: FrameHost,
    prefix: string,
    nodes: readonly PlannedNode[],
    rested: (frame: Frame) => void,
    entry?: RoundEntry,
  ) {
    this.run = run;
    this.prefix = prefix;
    this.nodes = nodes;
    this.rested = rested;
    this.entry = entry;
    this.changed = [...nodes];
  }

  /** Opens the level inside a container for one round; `goOn` starts it, `leave` ends its care for it. */
  round(container: PlannedNode, round: number, records: Dataset, rested: (frame: Frame) => void): Frame {
    const prefix = `${this.prefix}${container.id}/${round}/`;
    const frame = new Frame(this.run, prefix, container.inside, rested, { outer: this, container, records });
    this.rounds ??= new Set();
    this.rounds.add(frame);
    return frame;
  }

  leave(round: Frame): void {
    round.close();
    this.rounds?.delete(round);
  }

  /** Nothing runs, and something waits. */
  get isWaiting(): boolean {
    return !this.isBusy && !this.closed && this.nodes.some(({ id }) => this.stateOf(id).wait !== undefined);
  }

  private get isBusy(): boolean {
    return this.running.length > 0 || this.pausing;
  }

  get plan(): Plan {
    return this.run.plan;
  }

  stateOf(node: string): StepState {
    return stepOf(this.run.state, this.prefix + node);
  }

  /** Starts whatever can start, and tells the owner when nothing is left to. */
  goOn(): void {
    if (this.closed) return;
    if (!this.stopped) this.startReady();
    if (this.isBusy) this.run.goesOn();
    else this.rested(this);
  }

  /** Something was written from outside, here or inside: what it frees is started. */
  wake(): void {
    for (const round of [...(this.rounds ?? [])]) round.wake();
    this.changed.push(...this.nodes);
    this.goOn();
  }

  /** Tells running steps to stop, and starts no other. */
  stop(reason: Stop): void {
    if (this.stopped || this.closed) return;
    this.stopped = reason;
    for (const step of [...this.running]) step.stop(reason);
    if (!this.isBusy) this.goOn();
  }

  close(): void {
    this.closed = true;
  }

  skip(node: string, why: SkipReason): void {
    const { journal } = this.run;
    journal.write({ at: journal.now(), is: 'step-skipped', step: this.prefix + node, why });
  }

  /** Ends a step with records that are there already. */
  settleWith(planned: PlannedNode, records: readonly DataRecord[]): void {
    const { journal } = this.run;
    const dataset = new MemoryDataset(records, undefined);
    const port = planned.outputs[0]?.name ?? 'records';
    this.keep(planned.id, port, dataset);
    const out = { [port]: { count: records.length, inline: dataset.content } };
    journal.write({
      at: journal.now(),
      is: 'step-finished',
      step: this.prefix + planned.id,
      status: 'succeeded',
      out,
    });
  }

  output(node: string, port: string): Dataset | undefined {
    const known = this.outputs.get(node)?.find((one) => one.port === port);
    if (known) return known.dataset;
    const ref = this.run.state.steps.get(this.prefix + node)?.out[port];
    if (!ref) return this.entry?.outer.output(node, port);
    const dataset = openDataset(this.run.ports.blobs, ref);
    this.keep(node, port, dataset);
    return dataset;
  }

  keep(node: string, port: string, dataset: Dataset): void {
    const ports = this.outputs.get(node);
    const known = ports?.find((one) => one.port === port);
    if (known) known.dataset = dataset;
    else if (ports) ports.push({ port, dataset });
    else this.outputs.set(node, [{ port, dataset }]);
  }

  /** What all steps gave that lead to this one, by node and port. */
  givenBefore(planned: PlannedNode): Record<string, StepState['out']> {
    const given: Record<string, StepState['out']> = {};
    const open = planned.incoming.map(({ from }) => from);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (given[id]) continue;
      given[id] = this.stateOf(id).out;
      for (const { from } of this.plan.nodes.get(id)?.incoming ?? []) open.push(from);
    }
    return given;
  }

  /** One dataset for each input port of a step. */
  inputsOf(planned: PlannedNode): Dataset[] {
    const given = this.entry && planned.incoming.length === 0 ? this.entry.records : undefined;
    return planned.inputs.map((port, slot) => {
      if (given) return slot === 0 ? given : EMPTY;
      const flow = this.flowInto(planned, port.name);
      if (flow) return flow;
      const parts: Dataset[] = [];
      const failures: DataRecord[] = [];
      for (const edge of planned.into[slot] ?? []) {
        const fate = this.fate(edge);
        const dataset = fate === 'arrived' ? this.output(edge.from, edge.output) : undefined;
        if (dataset) parts.push(dataset);
        else if (fate === 'failed') failures.push(this.failureRecord(edge));
      }
      if (failures.length > 0) parts.push(new MemoryDataset(failures, undefined));
      return concatenated(parts);
    });
  }

  /** What a step's end changes: itself, if it has not come to its end yet, and what hangs on it. */
  private touch(planned: PlannedNode): void {
    this.changed.push(planned);
    for (const edge of planned.outgoing) {
      const target = this.plan.nodes.get(edge.to);
      if (target) this.changed.push(target);
    }
  }

  private startReady(): void {
    const breath = new Breath();
    while (!this.pausing) {
      const planned = this.changed.shift();
      if (!planned) return;
      const state = this.stateOf(planned.id);
      if (isOver(state) || this.isRunning(planned)) continue;
      if (state.status !== 'pending' && !this.isAwake(planned, state)) continue;
      const decision = this.decisionOn(planned);
      if (decision === 'start') {
        if (breath.isSpent) this.pause(breath, planned);
        else this.launch(planned);
      } else if (decision !== 'wait') {
        this.skip(planned.id, decision);
        this.touch(planned);
      }
    }
  }

  private pause(breath: Breath, next: PlannedNode): void {
    this.changed.unshift(next);
    this.pausing = true;
    void breath.pause().then(() => {
      this.pausing = false;
      this.goOn();
    });
  }

  /** A step that has begun can go on: after a crash, a wait or the time before a retry. */
  private isAwake(planned: PlannedNode, { wait }: StepState): boolean {
    if (!wait || wait.kind === 'retry') return true;
    return wait.kind === 'rounds' && isAwakeInside(this.run.state, this.prefix + planned.id);
  }

  private decisionOn(planned: PlannedNode): 'start' | 'wait' | SkipReason {
    if (this.entry && planned.incoming.length === 0) return 'start';
    const fates = planned.incoming.map((edge) => this.fate(edge));
    const decision = startDecision(planned.node.start ?? 'all-succeeded', fates);
    return decision === 'wait' && this.canReadAlong(planned, fates) ? 'start' : decision;
  }

  /** All has arrived but one input, which is on its way. One only: two could wait for each other. */
  private canReadAlong(planned: PlannedNode, fates: readonly EdgeFate[]): boolean {
    if (!fates.every((fate) => fate === 'arrived' || fate === 'open')) return false;
    const open = planned.incoming.filter((_, i) => fates[i] === 'open');
    const [edge] = open;
    const flow = open.length === 1 && edge ? this.flowInto(planned, edge.input) : undefined;
    // From another thread nothing comes here before it is whole.
    return flow !== undefined && planned.readsAlong() && (planned.portable || !(flow instanceof RemoteFlow));
  }

  /** What is on its way into a port with one edge. */
  private flowInto(planned: PlannedNode, port: string): Flowing | undefined {
    if (!this.flows) return undefined;
    const [edge, another] = edgesInto(planned, port);
    const flow = edge && !another ? this.flows.get(edge.from)?.get(edge.output) : undefined;
    return flow?.isOpen ? flow : undefined;
  }

  /** A running step lets others read along with a port. */
  flowing(planned: PlannedNode, port: string, flow: Flowing): void {
    this.flows ??= new Map();
    const ports = this.flows.get(planned.id) ?? new Map<string, Flowing>();
    this.flows.set(planned.id, ports.set(port, flow));
    this.touch(planned);
    if (!this.closed && !this.stopped) this.startReady();
  }

  private fate(edge: PlannedEdge): EdgeFate {
    const source = this.plan.nodes.get(edge.from);
    const state = this.run.state.steps.get(this.prefix + edge.from);
    return source && state ? fateOf(source, state, edge.output) : 'open';
  }

  private launch(planned: PlannedNode): void {
    const step = new StepRunner(this, planned, this.inputsOf(planned));
    this.running.push(step);
    try {
      const ending = step.toItsEnd();
      if (!ending) this.ended(step);
      else
        void ending
          .then(() => this.ended(step))
          .then(
            () => this.goOn(),
            (error) => this.broken(error),
          );
    } catch (error) {
      this.broken(error);
    }
  }

  private isRunning(planned: PlannedNode): boolean {
    for (const step of this.running) if (step.planned === planned) return true;
    return false;
  }

  private ended(step: StepRunner): void {
    const { planned } = step;
    this.running.splice(this.running.indexOf(step), 1);
    this.flows?.delete(planned.id);
    this.touch(planned);
  }

  private broken(error: unknown): void {
    this.close();
    this.run.broken(error);
  }

  /** What a step that starts on failures is told of one. */
  private failureRecord(edge: PlannedEdge): DataRecord {
    const source = this.plan.nodes.get(edge.from);
    const { error } = this.stateOf(edge.from);
    return {
      step: source?.name ?? edge.from,
      message: error?.message ?? 'A step before it failed.',
      remedy: error?.remedy ?? '',
      code: error?.code ?? 'upstream-failed',
      run: this.run.info.id,
      workflow: this.run.info.workflowName,
    };
  }
}
