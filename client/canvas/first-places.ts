import { AcyclicOrder } from '../../spec/workflow/acyclic-order.ts';
import type { Workflow, WorkflowNode } from '../../spec/workflow/document.ts';
import { cardWidth, columnGap, rowGap } from './card-size.ts';
import { framePadding, heightOf } from './containers.ts';
import { freePlace, type Place, placeAfter, placeInside, type Types } from './edits.ts';

/**
 * The document with a place for each node that has none, as one from the API, the command line or a person's editor has: in columns along
 * the edges, what stands in a container below its card. Nodes that have a place keep it. The very same document where none is missing.
 */
export function withPlaces(document: Workflow, types: Types): Workflow {
  if (document.nodes.every(({ id }) => document.layout[id])) return document;
  const levels = Map.groupBy(document.nodes, ({ parent }) => parent);
  return new FirstPlaces(document, types, levels).all(undefined, [0, 0]);
}

interface Columns {
  readonly width: number;
  readonly height: number;
  /** Top left corners of the blocks, from that of the whole. */
  readonly at: readonly (readonly [node: WorkflowNode, place: Place])[];
}

class FirstPlaces {
  private readonly document: Workflow;
  private readonly types: Types;
  private readonly levels: ReadonlyMap<string | undefined, readonly WorkflowNode[]>;
  private readonly known = new Map<string | undefined, Columns>();

  constructor(document: Workflow, types: Types, levels: ReadonlyMap<string | undefined, readonly WorkflowNode[]>) {
    this.document = { ...document, layout: { ...document.layout } };
    this.types = types;
    this.levels = levels;
  }

  /** Places what stands in a container, or in none, and all inside of that. */
  all(parent: string | undefined, corner: Place): Workflow {
    const level = this.levels.get(parent) ?? [];
    const isNew = level.every(({ id }) => !this.document.layout[id]);
    for (const [node, [x, y]] of isNew ? this.columns(parent).at : []) {
      const inset = this.levels.has(node.id) ? framePadding : 0;
      this.put(node.id, [corner[0] + x + inset, corner[1] + y + inset]);
    }
    for (const { id } of level) {
      if (!this.document.layout[id]) this.put(id, this.beside(id, parent, corner));
      if (this.levels.has(id)) this.all(id, placeInside(this.document, id, this.types));
    }
    return this.document;
  }

  private put(id: string, at: Place): void {
    this.document.layout[id] = [at[0], at[1]];
  }

  /** For one among others that have their places: after what leads to it. */
  private beside(id: string, parent: string | undefined, corner: Place): Place {
    const { edges, layout } = this.document;
    const before = edges.find(({ from, to }) => to === id && layout[from])?.from;
    return before === undefined
      ? freePlace(this.document, corner, this.types, parent)
      : placeAfter(this.document, before, this.types);
  }

  private columns(parent: string | undefined): Columns {
    const done = this.known.get(parent);
    if (done) return done;
    // Containers that stand in themselves are a problem that is told elsewhere; here they must only come to an end.
    this.known.set(parent, { width: 0, height: 0, at: [] });
    const made = this.inColumns(this.levels.get(parent) ?? []);
    this.known.set(parent, made);
    return made;
  }

  private inColumns(level: readonly WorkflowNode[]): Columns {
    const columns = Map.groupBy(level, this.depths(level));
    const at: [WorkflowNode, Place][] = [];
    let [x, height] = [0, 0];
    for (const column of [...columns.keys()].sort((a, b) => a - b)) {
      let [y, width] = [0, 0];
      for (const node of columns.get(column) ?? []) {
        const block = this.blockOf(node);
        at.push([node, [x, y]]);
        y += block.height + rowGap;
        width = Math.max(width, block.width);
      }
      x += width + columnGap;
      height = Math.max(height, y - rowGap);
    }
    return { width: x - columnGap, height, at };
  }

  /** How many nodes come one after the other before each. */
  private depths(level: readonly WorkflowNode[]): (node: WorkflowNode) => number {
    const order = AcyclicOrder.of({ nodes: level, edges: this.document.edges }).ids();
    const rank = new Map(order.map((id, position) => [id, position]));
    const depth = new Map<string, number>();
    const leaving = Map.groupBy(this.document.edges, ({ from }) => from);
    for (const id of order) {
      for (const { to } of leaving.get(id) ?? []) {
        if ((rank.get(to) ?? -1) > (rank.get(id) ?? 0)) {
          depth.set(to, Math.max(depth.get(to) ?? 0, (depth.get(id) ?? 0) + 1));
        }
      }
    }
    return ({ id }) => depth.get(id) ?? 0;
  }

  /** What a node covers: its card, or the frame around it and what stands in it. */
  private blockOf(node: WorkflowNode): { width: number; height: number } {
    const height = heightOf(node, this.types);
    if (!this.levels.has(node.id)) return { width: cardWidth, height };
    const inside = this.columns(node.id);
    return {
      width: Math.max(cardWidth, inside.width) + 2 * framePadding,
      height: height + rowGap + inside.height + 2 * framePadding,
    };
  }
}
