import { positionOf, slotOf } from '../sdk/index.ts';
import type { NodeView, Scope } from '../spec/expression/scope.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import type { Dataset } from './dataset.ts';
import type { Plan, PlannedEdge, PlannedNode } from './plan.ts';

/** What a step can look back on: outputs of the steps that ended before it. */
export interface History {
  readonly plan: Plan;
  /** Output dataset of a step's port; absent if the step did not run or the port did not fire. */
  output(node: string, port: string): Dataset | undefined;
}

/** Where one record is: in which dataset of which step. */
export interface Place {
  readonly node: string;
  readonly port: string;
  readonly position: number;
}

/** The place in an earlier step's output that stands at a position of an input port: edges append in their order. */
export function placeOfInput(history: History, node: PlannedNode, slot: number, position: number): Place | undefined {
  const port = node.inputs[slot]?.name;
  let at = position;
  for (const edge of node.incoming) {
    if (edge.input !== port) continue;
    const count = history.output(edge.from, edge.output)?.count ?? 0;
    if (at < count) return { node: edge.from, port: edge.output, position: at };
    at -= count;
  }
  return undefined;
}

/** The places one step back that a record came from. */
export function placesBehind(history: History, place: Place): Place[] {
  const node = history.plan.nodes.get(place.node);
  const from = history.output(place.node, place.port)?.originAt(place.position);
  if (!node || from === undefined) return [];
  const found: Place[] = [];
  for (const encoded of typeof from === 'number' ? [from] : from) {
    const behind = placeOfInput(history, node, slotOf(encoded), positionOf(encoded));
    if (behind) found.push(behind);
  }
  return found;
}

/** Goes back from a record to the one of `target` that it came from: the first found, the shortest way. */
export function ancestor(history: History, start: Place | undefined, target: string): Place | undefined {
  let ring = start ? [start] : [];
  while (ring.length > 0) {
    const next: Place[] = [];
    for (const place of ring) {
      if (place.node === target) return place;
      next.push(...placesBehind(history, place));
    }
    ring = next.length > 64 ? next.slice(0, 64) : next;
  }
  return undefined;
}

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
  readonly run: Record<string, unknown>;
  readonly workflow: Record<string, unknown>;
  readonly vars: Record<string, unknown>;
  readonly input: NodeView;
  private readonly history: History;
  private readonly step: PlannedNode;
  private readonly views = new Map<string, NodeView>();
  private slot = 0;

  constructor(history: History, step: PlannedNode, inputs: readonly Dataset[], facts: ScopeFacts) {
    this.history = history;
    this.step = step;
    this.now = facts.now;
    this.zone = facts.zone;
    this.run = facts.run;
    this.workflow = facts.workflow;
    this.vars = facts.vars;
    const first = inputs[0];
    this.input = viewOf(first, () => this.json);
  }

  at(record: DataRecord, position: number, slot = 0): this {
    this.json = record;
    this.itemIndex = position;
    this.slot = slot;
    return this;
  }

  node(name: string): NodeView | undefined {
    const known = this.views.get(name);
    if (known) return known;
    const target = this.history.plan.byName.get(name);
    if (!target) return undefined;
    const view = viewOf(this.mainOutput(target), () => this.itemOf(target));
    this.views.set(name, view);
    return view;
  }

  nodeNames(): readonly string[] {
    return [...this.history.plan.byName.keys()];
  }

  private itemOf(target: PlannedNode): DataRecord | undefined {
    const start = placeOfInput(this.history, this.step, this.slot, this.itemIndex);
    const place = ancestor(this.history, start, target.id);
    if (place) return this.history.output(place.node, place.port)?.recordAt(place.position);
    const main = this.mainOutput(target);
    return main?.count === 1 ? main.recordAt(0) : undefined;
  }

  /** The port that a step is known by: the first that has records, else the first that there is. */
  private mainOutput(target: PlannedNode): Dataset | undefined {
    let found: Dataset | undefined;
    for (const port of target.outputs) {
      const dataset = this.history.output(target.id, port.name);
      if (dataset && dataset.count > 0) return dataset;
      found ??= dataset;
    }
    return found;
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
