import { type Origin, positionOf, slotOf } from '../sdk/index.ts';
import type { NodeView, Scope } from '../spec/expression/scope.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { stepCalled } from '../spec/workflow/sql-tables.ts';
import { type Dataset, EMPTY } from './dataset.ts';
import type { Plan, PlannedEdge, PlannedNode } from './plan.ts';

/** What a step can look back on: outputs of the steps that ended before it, in its own level and in those around it. */
export interface History {
  readonly plan: Plan;
  /** What came into a round of a container. */
  readonly entry?: Entry | undefined;
  /** Output dataset of a step's port; absent if the step did not run or the port did not fire. */
  output(node: string, port: string): Dataset | undefined;
}

/** What a round of a container was given. The origins of its records speak of the container's input. */
export interface Entry {
  readonly outer: History;
  readonly container: PlannedNode;
  readonly records: Dataset;
}

/** Stands for the entry of a round in a place. */
const ENTRY = '';

/** Where one record is: in which dataset of which step, or of the entry of its round. */
export interface Place {
  readonly history: History;
  readonly node: string;
  readonly port: string;
  readonly position: number;
}

/**
 * The place in an earlier step's output that stands at a position of an input port: edges append in their order. After the slots of the inputs
 * come the steps that are read by name.
 */
export function placeOfInput(history: History, node: PlannedNode, slot: number, position: number): Place | undefined {
  const read = slot < node.inputs.length ? undefined : node.readsByName()[slot - node.inputs.length];
  if (read) return placeByName(history, read, position);
  if (history.entry && node.incoming.length === 0) return { history, node: ENTRY, port: ENTRY, position };
  const port = node.inputs[slot]?.name;
  let at = position;
  for (const edge of node.incoming) {
    if (edge.input !== port) continue;
    const count = history.output(edge.from, edge.output)?.count ?? 0;
    if (at < count) return { history, node: edge.from, port: edge.output, position: at };
    at -= count;
  }
  return undefined;
}

function placeByName(history: History, node: PlannedNode, position: number): Place | undefined {
  const port = mainPort(history, node);
  return port === undefined ? undefined : { history, node: node.id, port, position };
}

/** The port that a step is known by: the first that has records, else the first that there is. */
export function mainPort(history: History, node: PlannedNode): string | undefined {
  let found: string | undefined;
  for (const { name } of node.outputs) {
    const dataset = history.output(node.id, name);
    if (dataset && dataset.count > 0) return name;
    if (dataset) found ??= name;
  }
  return found;
}

/** The places one step back that a record came from; from the entry of a round, those outside the container. */
export function placesBehind({ history, node: name, port, position }: Place): Place[] {
  const { entry } = history;
  const isEntry = name === ENTRY && entry !== undefined;
  const dataset = isEntry ? entry.records : history.output(name, port);
  const node = isEntry ? entry.container : history.plan.nodes.get(name);
  const from = dataset?.originAt(position);
  if (!node || from === undefined) return [];
  const found: Place[] = [];
  for (const encoded of typeof from === 'number' ? [from] : from) {
    const behind = placeOfInput(isEntry ? entry.outer : history, node, slotOf(encoded), positionOf(encoded));
    if (behind) found.push(behind);
  }
  return found;
}

/** Goes back from a record to the one of `target` that it came from: the first found, the shortest way. */
export function ancestor(start: Place | undefined, target: string): Place | undefined {
  let ring = start ? [start] : [];
  while (ring.length > 0) {
    const next: Place[] = [];
    for (const place of ring) {
      if (place.node === target) return place;
      next.push(...placesBehind(place));
    }
    ring = next.length > 64 ? next.slice(0, 64) : next;
  }
  return undefined;
}

/** Goes back from a record inside a container to what came into its round, and gives its origins in the container's input. */
export function originsThrough(start: Place): Origin {
  const found = new Set<number>();
  for (let ring = [start]; ring.length > 0; ) {
    const next: Place[] = [];
    for (const place of ring) {
      if (place.node !== ENTRY) next.push(...placesBehind(place));
      else for (const from of [place.history.entry?.records.originAt(place.position) ?? []].flat()) found.add(from);
    }
    ring = next;
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : [...found];
}

/** What is the same for all steps of a run; a step has its own `now`. */
export interface ScopeFacts {
  readonly now: number;
  readonly zone: string;
  readonly run: Record<string, unknown>;
  readonly workflow: Record<string, unknown>;
  readonly vars: Record<string, unknown>;
}

/**
 * What the expressions of one step see. One object for all records: `at` moves it on. Views of other steps are made when first
 * named.
 */
export class StepScope implements Scope {
  json: unknown = {};
  itemIndex = 0;
  index?: number;
  readonly now: number;
  readonly zone: string;
  private readonly history: History;
  private readonly step: PlannedNode;
  private readonly first: Dataset | undefined;
  private readonly facts: ScopeFacts;
  private views: Map<string, NodeView> | undefined;
  private inputView: NodeView | undefined;
  private slot = 0;

  constructor(history: History, step: PlannedNode, inputs: readonly Dataset[], facts: ScopeFacts, now: number) {
    this.history = history;
    this.step = step;
    this.first = inputs[0];
    this.facts = facts;
    this.now = now;
    this.zone = facts.zone;
  }

  get run(): Record<string, unknown> {
    return this.facts.run;
  }

  get workflow(): Record<string, unknown> {
    return this.facts.workflow;
  }

  get vars(): Record<string, unknown> {
    return this.facts.vars;
  }

  get input(): NodeView {
    this.inputView ??= viewOf(this.first, () => this.json);
    return this.inputView;
  }

  at(record: DataRecord, position: number, slot = 0): this {
    this.json = record;
    this.itemIndex = position;
    this.slot = slot;
    return this;
  }

  node(name: string): NodeView | undefined {
    const known = this.views?.get(name);
    if (known) return known;
    const target = this.history.plan.byName.get(name);
    if (!target) return undefined;
    const view = viewOf(this.mainOutput(target), () => this.itemOf(target));
    this.views ??= new Map();
    this.views.set(name, view);
    return view;
  }

  /** The step that SQL calls by this name. */
  stepOf(table: string): PlannedNode | undefined {
    const { document, nodes } = this.history.plan;
    const at = stepCalled(table, document.nodes);
    return nodes.get(document.nodes[at ?? -1]?.id ?? '');
  }

  /** What a step gave; empty if it did not run. */
  outputOf(step: PlannedNode): Dataset {
    return this.mainOutput(step) ?? EMPTY;
  }

  nodeNames(): readonly string[] {
    return [...this.history.plan.byName.keys()];
  }

  private itemOf(target: PlannedNode): DataRecord | undefined {
    const start = placeOfInput(this.history, this.step, this.slot, this.itemIndex);
    const place = ancestor(start, target.id);
    if (place) return place.history.output(place.node, place.port)?.recordAt(place.position);
    const main = this.mainOutput(target);
    return main?.count === 1 ? main.recordAt(0) : undefined;
  }

  private mainOutput(target: PlannedNode): Dataset | undefined {
    const port = mainPort(this.history, target);
    return port === undefined ? undefined : this.history.output(target.id, port);
  }
}

function viewOf(dataset: Dataset | undefined, item: () => unknown): NodeView {
  return {
    item,
    first: () => dataset?.recordAt(0),
    last: () => (dataset ? dataset.recordAt(dataset.count - 1) : undefined),
    all: () => dataset?.slice(0, dataset.count) ?? [],
  };
}

/** The edges into one input port, in document order. */
export function edgesInto(node: PlannedNode, port: string): PlannedEdge[] {
  return node.incoming.filter((edge) => edge.input === port);
}
