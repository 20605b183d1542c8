import { Breath, type Origin, positionOf, slotOf } from '../sdk/index.ts';
import type { Trace, TraceStep } from '../spec/api/trace.ts';
import type { Dataset } from './dataset.ts';
import { type InputPart, Level } from './level.ts';
import type { PlannedNode } from './plan.ts';
import { PositionSet } from './position-set.ts';
import type { Run } from './run.ts';
import { mainPort } from './scope.ts';
import { nodeOf } from './step-key.ts';

export interface TraceRequest {
  readonly side: 'in' | 'out';
  /** Default: the first port that has records. */
  readonly port?: string;
  readonly index: number;
  /** Records told of each port. */
  readonly limit: number;
}

/** Characters of records in one trace, about; of each port at least one record is told. */
const MOST = 4_000_000;
/** Origins of one record that are looked through in one go. */
const MANY = 500;

/**
 * Follows one record through a run: backwards by its origins, which are direct, and forwards by looking through the origins of what the
 * next steps gave. `undefined` when the step or the record is not there.
 */
export async function traceOf(run: Run, node: string, request: TraceRequest): Promise<Trace | undefined> {
  const root = new Level(run.plan, run.state, run.ports.blobs);
  const key = run.keyOf(node);
  const level = Level.of(root, key);
  const planned = level.nodes.find(({ id }) => id === nodeOf(key));
  const start = planned && startOf(level, planned, request);
  if (!start) return undefined;
  const before = new Marks();
  const after = new Marks();
  const breath = new Breath();
  await new Backwards(before, breath).from(start);
  await new Forwards(after, before, breath).from(start);
  const told = new Telling(run.plan.top, request.limit, breath);
  const { port, dataset } = start;
  return {
    here: {
      node: start.node.id,
      step: level.prefix + start.node.id,
      name: start.node.name,
      type: start.node.node.type,
      side: request.side,
      port,
      total: dataset.count,
      index: request.index,
      record: start.record,
    },
    before: await told.steps(before, (mark) => mark.outputs.size > 0),
    after: await told.steps(after, (mark) => mark !== after.known(level, start.node) || request.side === 'in'),
  };
}

interface Start extends TraceRequest {
  readonly level: Level;
  readonly node: PlannedNode;
  readonly port: string;
  readonly dataset: Dataset;
  readonly record: Trace['here']['record'];
}

function startOf(level: Level, node: PlannedNode, request: TraceRequest): Start | undefined {
  const { side, index } = request;
  const ports = (side === 'in' ? node.inputs : node.outputs).map(({ name }) => name);
  const datasetOf = (name: string) => (side === 'in' ? level.input(node, name) : level.output(node.id, name));
  const port = request.port ?? ports.find((name) => (datasetOf(name)?.count ?? 0) > 0);
  const dataset = port !== undefined && ports.includes(port) ? datasetOf(port) : undefined;
  const record = dataset?.recordAt(index);
  return port !== undefined && dataset && record ? { ...request, level, node, port, dataset, record } : undefined;
}

/** What of one step belongs to the trace. */
interface Mark {
  readonly level: Level;
  readonly node: PlannedNode;
  /** Positions of what came in, by slot. */
  readonly inputs: Map<number, PositionSet>;
  /** Positions of what went out, by port. */
  readonly outputs: Map<string, PositionSet>;
}

/** What belongs to the trace, step by step in the order in which the steps were first reached. */
class Marks {
  private readonly byKey = new Map<string, Mark>();

  known(level: Level, node: PlannedNode): Mark | undefined {
    return this.byKey.get(level.prefix + node.id);
  }

  of(level: Level, node: PlannedNode): Mark {
    const known = this.known(level, node);
    if (known) return known;
    const mark: Mark = { level, node, inputs: new Map(), outputs: new Map() };
    this.byKey.set(level.prefix + node.id, mark);
    return mark;
  }

  input(level: Level, node: PlannedNode, slot: number): PositionSet {
    const { inputs } = this.of(level, node);
    return setIn(inputs, slot, () => level.input(node, node.inputs[slot]?.name ?? '').count);
  }

  output(level: Level, node: PlannedNode, port: string): PositionSet {
    const { outputs } = this.of(level, node);
    return setIn(outputs, port, () => level.output(node.id, port)?.count ?? 0);
  }

  all(): Mark[] {
    return [...this.byKey.values()];
  }
}

function setIn<K>(sets: Map<K, PositionSet>, key: K, size: () => number): PositionSet {
  let set = sets.get(key);
  if (!set) {
    set = new PositionSet(size());
    sets.set(key, set);
  }
  return set;
}

/** Marks the inputs of steps, then what went out of the steps before them, then their inputs, and so on to the sources. */
class Backwards {
  private readonly marks: Marks;
  private readonly breath: Breath;

  constructor(marks: Marks, breath: Breath) {
    this.marks = marks;
    this.breath = breath;
  }

  async from({ level, node, side, port, index }: Start): Promise<void> {
    if (side === 'out') this.marks.output(level, node, port).add(index);
    else this.marks.input(level, node, slotNamed(node, port)).add(index);
    await this.through(level);
    if (side === 'out') this.marks.known(level, node)?.outputs.clear();
  }

  private async through(level: Level): Promise<void> {
    for (const node of inOrder(level.nodes).reverse()) {
      const mark = this.marks.known(level, node);
      if (!mark) continue;
      for (const [port, positions] of mark.outputs) await this.overOrigins(level, node, port, positions);
      for (const [slot, positions] of mark.inputs) await this.overEdges(level, node, slot, positions);
    }
    if (level.entry) await this.through(level.entry.outer);
  }

  private async overOrigins(level: Level, node: PlannedNode, port: string, positions: PositionSet): Promise<void> {
    const dataset = level.output(node.id, port);
    for (const position of positions) {
      const from = dataset?.originAt(position);
      if (from === undefined) continue;
      for (const one of typeof from === 'number' ? [from] : from) {
        this.marked(level, node, slotOf(one))?.add(positionOf(one));
        if (this.breath.due()) await this.breath.pause();
      }
    }
  }

  /** Where the origins of a slot are marked: what came in, or what a step gave that is read by name. */
  private marked(level: Level, node: PlannedNode, slot: number): PositionSet | undefined {
    const read = slot < node.inputs.length ? undefined : node.readsByName()[slot - node.inputs.length];
    if (!read) return this.marks.input(level, node, slot);
    const port = mainPort(level, read);
    return port === undefined ? undefined : this.marks.output(level, read, port);
  }

  private async overEdges(level: Level, node: PlannedNode, slot: number, positions: PositionSet): Promise<void> {
    const { entry } = level;
    const isGiven = entry !== undefined && node.incoming.length === 0;
    const parts = isGiven ? [] : level.partsInto(node, node.inputs[slot]?.name ?? '');
    for (const position of positions) {
      if (isGiven) this.marks.input(entry.outer, entry.container, 0).add(entry.start + position);
      const part = partAt(parts, position);
      const source = part && level.plan.nodes.get(part.edge.from);
      if (source) this.marks.output(level, source, part.edge.output).add(position - part.start);
      if (this.breath.due()) await this.breath.pause();
    }
  }
}

/** Marks what came into steps, what they gave of it, what that brought into the next steps, and so on to the last ones. */
class Forwards {
  private readonly marks: Marks;
  private readonly before: Marks;
  private readonly breath: Breath;

  /** `before`: how the record came about, which says what a round of a container was given of it. */
  constructor(marks: Marks, before: Marks, breath: Breath) {
    this.marks = marks;
    this.before = before;
    this.breath = breath;
  }

  async from({ level, node, side, port, index }: Start): Promise<void> {
    if (side === 'out') this.marks.output(level, node, port).add(index);
    else this.marks.input(level, node, slotNamed(node, port)).add(index);
    await this.through(level);
    for (let inner = level; inner.entry; inner = inner.entry.outer) {
      const { outer, container } = inner.entry;
      const given = this.before.known(outer, container)?.inputs.get(0);
      if (!given) return;
      this.marks.of(outer, container).inputs.set(0, given);
      await this.through(outer, container);
    }
  }

  /** `left`: a container whose rounds have been gone through already. */
  private async through(level: Level, left?: PlannedNode): Promise<void> {
    for (const node of inOrder(level.nodes)) {
      const mark = this.marks.known(level, node);
      if (!mark) continue;
      if (node !== left && mark.inputs.size > 0) await this.intoRounds(level, node, mark.inputs.get(0));
      if (mark.inputs.size > 0) for (const { name } of node.outputs) await this.overOrigins(level, node, name, mark);
      for (const edge of node.outgoing) {
        const target = level.plan.nodes.get(edge.to);
        const positions = mark.outputs.get(edge.output);
        if (target && positions)
          await this.overEdge(level, target, edge.input, positions, (part) => part.edge === edge);
      }
      const read = mark.outputs.get(mainPort(level, node) ?? '');
      if (read) this.intoReaders(level, node, read);
    }
  }

  private async overOrigins(level: Level, node: PlannedNode, port: string, { inputs }: Mark): Promise<void> {
    const dataset = level.output(node.id, port);
    if (!dataset) return;
    let found: PositionSet | undefined;
    for (let position = 0; position < dataset.count; position++) {
      if (this.breath.due()) await this.breath.pause();
      const from = dataset.originAt(position);
      if (from === undefined) continue;
      const isOfTrace =
        typeof from === 'number' || from.length <= MANY ? isAnyIn(from, inputs) : await this.isOneOfMany(from, inputs);
      if (!isOfTrace) continue;
      found ??= this.marks.output(level, node, port);
      found.add(position);
    }
  }

  private async isOneOfMany(origins: readonly number[], inputs: Mark['inputs']): Promise<boolean> {
    for (let at = 0; at < origins.length; at += MANY) {
      if (isAnyIn(origins.slice(at, at + MANY), inputs)) return true;
      if (this.breath.due()) await this.breath.pause();
    }
    return false;
  }

  private async overEdge(
    level: Level,
    target: PlannedNode,
    port: string,
    positions: PositionSet,
    isIt: (part: InputPart) => boolean,
  ): Promise<void> {
    const part = level.partsInto(target, port).find(isIt);
    if (!part) return;
    const into = this.marks.input(level, target, slotNamed(target, port));
    for (const position of positions) {
      into.add(part.start + position);
      if (this.breath.due()) await this.breath.pause();
    }
  }

  /** Steps that no edge brings the records of a step to, and that read it by name. */
  private intoReaders(level: Level, node: PlannedNode, positions: PositionSet): void {
    for (const reader of level.nodes) {
      const at = reader.readsByName().indexOf(node);
      if (at >= 0) this.marks.of(level, reader).inputs.set(reader.inputs.length + at, positions);
    }
  }

  private async intoRounds(level: Level, container: PlannedNode, given: PositionSet | undefined): Promise<void> {
    if (!given || container.inside.length === 0) return;
    for (const round of level.roundsOf(container)) {
      const { entry } = round;
      if (!entry) continue;
      const firsts = container.inside.filter(({ incoming }) => incoming.length === 0);
      for (let position = 0; position < entry.records.count; position++) {
        if (this.breath.due()) await this.breath.pause();
        if (!given.has(entry.start + position)) continue;
        for (const first of firsts) this.marks.input(round, first, 0).add(position);
      }
      await this.through(round);
    }
  }
}

/** Makes of what is marked what is told. */
class Telling {
  private readonly rank: ReadonlyMap<PlannedNode, number>;
  private readonly limit: number;
  private readonly breath: Breath;
  private left = MOST;

  constructor(nodes: readonly PlannedNode[], limit: number, breath: Breath) {
    this.rank = new Map(inFlow(nodes).map((node, place) => [node, place]));
    this.limit = limit;
    this.breath = breath;
  }

  async steps(marks: Marks, isTold: (mark: Mark) => boolean): Promise<TraceStep[]> {
    const steps: TraceStep[] = [];
    const rankOf = ({ node }: Mark) => this.rank.get(node) ?? 0;
    const told = marks.all().filter(isTold);
    for (const mark of told.sort((a, b) => rankOf(a) - rankOf(b))) steps.push(await this.step(mark));
    return steps;
  }

  private async step({ level, node, inputs, outputs }: Mark): Promise<TraceStep> {
    const ports: TraceStep['ports'] = [];
    for (const [port, positions] of outputs) {
      const dataset = level.output(node.id, port);
      if (dataset) ports.push({ port, total: dataset.count, ...(await this.records(dataset, positions)) });
    }
    const came = [...inputs].reduce((sum, [slot, { count }]) => sum + (slot < node.inputs.length ? count : 0), 0);
    return {
      node: node.id,
      step: level.prefix + node.id,
      name: node.name,
      type: node.node.type,
      status: level.stateOf(node.id)?.status ?? 'pending',
      ...(came > 0 ? { in: came } : {}),
      ports,
    };
  }

  private async records(dataset: Dataset, positions: PositionSet) {
    const records: { index: number; record: Trace['here']['record'] }[] = [];
    for (const index of positions) {
      if (records.length === this.limit || (this.left <= 0 && records.length > 0)) break;
      const record = dataset.recordAt(index);
      if (!record) continue;
      this.left -= JSON.stringify(record).length;
      records.push({ index, record });
      await this.breath.pause();
    }
    return { count: positions.count, records };
  }
}

function isAnyIn(origins: Origin, inputs: Mark['inputs']): boolean {
  const isIn = (one: number) => inputs.get(slotOf(one))?.has(positionOf(one)) === true;
  return typeof origins === 'number' ? isIn(origins) : origins.some(isIn);
}

function slotNamed(node: PlannedNode, port: string): number {
  return Math.max(
    0,
    node.inputs.findIndex(({ name }) => name === port),
  );
}

function partAt(parts: readonly InputPart[], position: number): InputPart | undefined {
  return parts.find(({ start, dataset }) => position < start + dataset.count);
}

/** Nodes of a level, each after those that lead to it. */
function inOrder(nodes: readonly PlannedNode[]): PlannedNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const open = new Map(nodes.map((node) => [node, node.incoming.length]));
  const found = nodes.filter(({ incoming }) => incoming.length === 0);
  for (const { outgoing } of found) {
    for (const { to } of outgoing) {
      const target = byId.get(to);
      if (!target) continue;
      const left = (open.get(target) ?? 0) - 1;
      open.set(target, left);
      if (left === 0) found.push(target);
    }
  }
  return found;
}

/** All nodes, each after those that lead to it, and a container after what is inside. */
function inFlow(nodes: readonly PlannedNode[]): PlannedNode[] {
  return inOrder(nodes).flatMap((node) => [...inFlow(node.inside), node]);
}
