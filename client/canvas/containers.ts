import type { Workflow, WorkflowNode } from '../../spec/workflow/document.ts';
import { type NodeType, outputsOf } from '../../spec/workflow/node-type.ts';
import { cardHeight, cardWidth } from './card-size.ts';

/** Where containers and what stands in them are on the canvas: an inner node names its container as its parent. */

type Point = readonly [number, number];

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const framePadding = 28;

/** The nodes themselves and all that stand in them, at any depth. */
export function withInside(document: Workflow, ids: Iterable<string>): Set<string> {
  const all = new Set(ids);
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const node of document.nodes) if (node.parent !== undefined && all.has(node.parent)) all.add(node.id);
  }
  return all;
}

/** The container that a node stands in, of several the outermost; undefined for one that stands in none. */
export function outermostOf(document: Workflow, id: string): WorkflowNode | undefined {
  let found: WorkflowNode | undefined;
  const passed = new Set([id]);
  const parentOf = (inner: string) => document.nodes.find((node) => node.id === inner)?.parent;
  // Containers that stand in themselves are a problem that is told elsewhere; here they must only come to an end.
  for (let at = parentOf(id); at !== undefined && !passed.has(at); at = parentOf(at)) {
    passed.add(at);
    found = document.nodes.find((node) => node.id === at) ?? found;
  }
  return found;
}

/** New places with those of what stands in a moved container: it moves along unless it has a new place of its own. */
export function carried(document: Workflow, places: ReadonlyMap<string, Point>): Map<string, Point> {
  const all = new Map(places);
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const { id, parent } of document.nodes) {
      const to = parent === undefined ? undefined : all.get(parent);
      if (parent === undefined || to === undefined || all.has(id)) continue;
      const from = document.layout[parent] ?? [0, 0];
      const [x, y] = document.layout[id] ?? [0, 0];
      all.set(id, [x + to[0] - from[0], y + to[1] - from[1]]);
    }
  }
  return all;
}

export function heightOf(node: WorkflowNode, types: ReadonlyMap<string, NodeType>): number {
  const type = types.get(node.type);
  return cardHeight(type?.inputs.length ?? 1, type ? outputsOf(type, node).length : 1);
}

/** The frame of each container that holds something, around its card and what stands in it with their frames. */
export function framesOf(nodes: readonly WorkflowNode[], cardOf: (node: WorkflowNode) => Box): Map<string, Box> {
  const holds = new Map<string, WorkflowNode[]>();
  for (const node of nodes) {
    if (node.parent === undefined) continue;
    const inside = holds.get(node.parent);
    if (inside) inside.push(node);
    else holds.set(node.parent, [node]);
  }
  const frames = new Map<string, Box>();
  // Containers that stand in themselves are a problem that is told elsewhere; here they must only come to an end.
  const begun = new Set<string>();
  const blockOf = (node: WorkflowNode): Box => {
    const inside = holds.get(node.id);
    if (!inside || begun.has(node.id)) return frames.get(node.id) ?? cardOf(node);
    begun.add(node.id);
    const boxes = [cardOf(node), ...inside.map(blockOf)];
    const frame = {
      left: Math.min(...boxes.map(({ left }) => left)) - framePadding,
      top: Math.min(...boxes.map(({ top }) => top)) - framePadding,
      right: Math.max(...boxes.map(({ right }) => right)) + framePadding,
      bottom: Math.max(...boxes.map(({ bottom }) => bottom)) + framePadding,
    };
    frames.set(node.id, frame);
    return frame;
  };
  if (holds.size > 0) for (const node of nodes) blockOf(node);
  return frames;
}

/** What a node covers: its frame, or its card. */
export function blocksOf(document: Workflow, types: ReadonlyMap<string, NodeType>): Map<string, Box> {
  const cardOf = (node: WorkflowNode): Box => {
    const [left, top] = document.layout[node.id] ?? [0, 0];
    return { left, top, right: left + cardWidth, bottom: top + heightOf(node, types) };
  };
  const frames = framesOf(document.nodes, cardOf);
  return new Map(document.nodes.map((node) => [node.id, frames.get(node.id) ?? cardOf(node)]));
}
