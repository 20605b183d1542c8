import { concatenated, type Dataset, openDataset, StretchDataset } from './dataset.ts';
import type { Plan, PlannedEdge, PlannedNode } from './plan.ts';
import type { BlobStore } from './ports.ts';
import { keysInside, type RunState, type StepState } from './run-state.ts';
import { type Entry, edgesInto, type History } from './scope.ts';
import { roundIn } from './step-key.ts';

/** A part of what came into an input port: the output that an edge brought, and the position that its first record has there. */
export interface InputPart {
  readonly edge: PlannedEdge;
  readonly start: number;
  readonly dataset: Dataset;
}

/** Somebody asks for a step of a round whose steps are not written down: it is folded, or has not begun. */
export class RoundNotKept extends Error {
  override readonly name = 'RoundNotKept';

  constructor(container: string, round: number) {
    super(`What the steps did in round ${round + 1} of "${container}" is not kept.`);
  }
}

/** One level of a run as it is written down: the workflow itself, or one round of a container. Only looks; `Frame` interprets. */
export class Level implements History {
  readonly plan: Plan;
  /** Of the keys of its steps: '' or such as `loop/3/`. */
  readonly prefix: string;
  readonly nodes: readonly PlannedNode[];
  readonly entry: (Entry & { readonly outer: Level; readonly start: number }) | undefined;
  private readonly state: RunState;
  private readonly blobs: BlobStore;
  private readonly outputs = new Map<string, Dataset>();
  private readonly inputs = new Map<string, readonly InputPart[]>();
  private readonly rounds = new Map<string, Level>();

  constructor(
    plan: Plan,
    state: RunState,
    blobs: BlobStore,
    at: { prefix: string; nodes: readonly PlannedNode[]; entry?: Level['entry'] } = { prefix: '', nodes: plan.top },
  ) {
    this.plan = plan;
    this.state = state;
    this.blobs = blobs;
    this.prefix = at.prefix;
    this.nodes = at.nodes;
    this.entry = at.entry;
  }

  /**
   * The level that the step of a key stands in, such as `loop/3/read`, below this one.
   * @throws RoundNotKept
   */
  static of(root: Level, key: string): Level {
    const parts = key.split('/');
    let level = root;
    for (let i = 0; i + 2 < parts.length; i += 2) {
      const container = root.plan.nodes.get(parts[i] ?? '');
      const round = Number(parts[i + 1]);
      if (!container) continue;
      if (keysInside(root.state, `${level.prefix}${container.id}/${round}`).length === 0)
        throw new RoundNotKept(container.name, round);
      level = level.round(container, round);
    }
    return level;
  }

  stateOf(node: string): StepState | undefined {
    return this.state.steps.get(this.prefix + node);
  }

  output(node: string, port: string): Dataset | undefined {
    const key = `${node} ${port}`;
    const known = this.outputs.get(key);
    if (known) return known;
    const ref = this.stateOf(node)?.out[port];
    if (!ref) return undefined;
    const dataset = openDataset(this.blobs, ref);
    this.outputs.set(key, dataset);
    return dataset;
  }

  /** What came into an input port, part by part; of a round, what it was given is no part. */
  partsInto(node: PlannedNode, port: string): readonly InputPart[] {
    const key = `${node.id} ${port}`;
    const known = this.inputs.get(key);
    if (known) return known;
    const parts: InputPart[] = [];
    let start = 0;
    for (const edge of edgesInto(node, port)) {
      const dataset = this.output(edge.from, edge.output);
      if (!dataset) continue;
      parts.push({ edge, start, dataset });
      start += dataset.count;
    }
    this.inputs.set(key, parts);
    return parts;
  }

  /** What came into an input port as one dataset. */
  input(node: PlannedNode, port: string): Dataset {
    if (this.entry && node.incoming.length === 0) return this.entry.records;
    return concatenated(this.partsInto(node, port).map(({ dataset }) => dataset));
  }

  /** Rounds of a container that are written down step by step: those under way and those that are kept. */
  roundsOf(container: PlannedNode): Level[] {
    const outer = this.prefix + container.id;
    const rounds = new Set(keysInside(this.state, outer).map((key) => roundIn(outer, key)));
    return [...rounds].sort((a, b) => a - b).map((round) => this.round(container, round));
  }

  private round(container: PlannedNode, round: number): Level {
    const prefix = `${this.prefix}${container.id}/${round}/`;
    const known = this.rounds.get(prefix);
    if (known) return known;
    const given = this.stateOf(container.id)?.rounds?.given?.[round];
    const whole = given && this.input(container, container.inputs[0]?.name ?? '');
    const level = new Level(this.plan, this.state, this.blobs, {
      prefix,
      nodes: container.inside,
      ...(given && whole
        ? {
            entry: {
              outer: this,
              container,
              records: new StretchDataset(whole, given.start, given.count),
              start: given.start,
            },
          }
        : {}),
    });
    this.rounds.set(prefix, level);
    return level;
  }
}
