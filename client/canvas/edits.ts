import type { Edge, Sticky, Workflow, WorkflowNode } from '../../spec/workflow/document.ts';
import { graphOf, reachableFrom } from '../../spec/workflow/graph.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { cardHeight, cardWidth, columnGap, grid, rowGap } from './card-size.ts';
import { type Box, blocksOf, carried, heightOf, withInside } from './containers.ts';
import { edgeKey, type Selection } from './selection.ts';

/** Edits of the document as the canvas makes them: each gives a new document and leaves the old one as it was. */

export type Place = readonly [number, number];
export type Types = ReadonlyMap<string, NodeType>;

/** A free id made from a name: "Read the scores" -> "read-the-scores", then "read-the-scores-2". */
export function freeId(name: string, taken: ReadonlySet<string>): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  const base = slug === '' ? 'step' : slug;
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}-${count}`;
  return id;
}

export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name} ${count}`;
  return free;
}

/** A new node of this type with its parameters' defaults. */
export function newNode(document: Workflow, type: NodeType): WorkflowNode {
  const name = freeName(type.title, new Set(document.nodes.map((node) => node.name)));
  const params: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(type.params.properties ?? {})) {
    if (property.default !== undefined) params[key] = structuredClone(property.default);
  }
  return { id: freeId(name, idsOf(document)), type: type.type, version: type.version, name, params };
}

export function addNode(document: Workflow, node: WorkflowNode, at: Place): Workflow {
  return { ...document, nodes: [...document.nodes, node], layout: { ...document.layout, [node.id]: snapped(at) } };
}

export function connect(document: Workflow, edge: Edge): Workflow {
  const key = edgeKey(edge);
  return document.edges.some((other) => edgeKey(other) === key)
    ? document
    : { ...document, edges: [...document.edges, edge] };
}

/** The container that a node stands in. */
export function parentOf(document: Workflow, id: string): string | undefined {
  return document.nodes.find((node) => node.id === id)?.parent;
}

/** A place to the right of a node or its frame, below what already hangs on it. */
export function placeAfter(document: Workflow, id: string, types: Types): Place {
  const [x, y] = document.layout[id] ?? [0, 0];
  const right = blocksOf(document, types).get(id)?.right ?? x + cardWidth;
  return freePlace(document, [right + columnGap, y], types, parentOf(document, id));
}

/** A place in a container, below its card. */
export function placeInside(document: Workflow, container: string, types: Types): Place {
  const [x, y] = document.layout[container] ?? [0, 0];
  const node = document.nodes.find(({ id }) => id === container);
  const height = node ? heightOf(node, types) : cardHeight(1, 1);
  return freePlace(document, [x, y + height + rowGap], types, container);
}

/** The place itself, or the next one below that is free: of cards and frames, or in a container, of what it holds. */
export function freePlace(document: Workflow, [x, y]: Place, types: Types, parent?: string): Place {
  const blocks = blocksOf(document, types);
  const taken: Box[] = [];
  for (const node of document.nodes) {
    const block = blocks.get(node.id);
    if (block && node.parent === parent) taken.push(block);
  }
  let top = y;
  for (let moved = true; moved; ) {
    moved = false;
    for (const box of taken) {
      const besides =
        x >= box.right || box.left >= x + cardWidth || top >= box.bottom || box.top >= top + cardHeight(1, 1);
      if (besides) continue;
      top = box.bottom + rowGap;
      moved = true;
    }
  }
  return [x, top];
}

/** Adds a node to a container. What follows the container, and those around it, moves on if the frame has grown over it. */
export function addInside(
  document: Workflow,
  node: WorkflowNode,
  { parent, at, types }: { parent: string; at: Place; types: Types },
): Workflow {
  return roomAfter(addNode(document, { ...node, parent }, at), parent, types);
}

function roomAfter(document: Workflow, container: string, types: Types): Workflow {
  let next = document;
  const passed = new Set<string>();
  for (let at: string | undefined = container; at !== undefined && !passed.has(at); at = parentOf(next, at)) {
    passed.add(at);
    const blocks = blocksOf(next, types);
    const right = blocks.get(at)?.right ?? 0;
    const followers = next.edges.flatMap((edge) => (edge.from === at ? [edge.to] : []));
    const nearest = Math.min(...followers.map((id) => blocks.get(id)?.left ?? Number.POSITIVE_INFINITY));
    const missing = right + columnGap - nearest;
    if (missing > 0) next = shiftFrom(next, followers, missing);
  }
  return next;
}

/** Puts a node into an edge: what came after it moves on to make room. In a container, the node stands there too. */
export function insertOnEdge(document: Workflow, edge: Edge, node: WorkflowNode, types: Types): Workflow {
  const from = document.layout[edge.from] ?? ([0, 0] as const);
  const to = document.layout[edge.to] ?? ([0, 0] as const);
  const step = cardWidth + columnGap;
  const right = blocksOf(document, types).get(edge.from)?.right ?? from[0] + cardWidth;
  const at: Place = [right + columnGap, to[1]];
  const missing = at[0] + step - to[0];
  const shifted = missing > 0 ? shiftFrom(document, [edge.to], missing) : document;
  const key = edgeKey(edge);
  const before: Edge = { from: edge.from, ...(edge.output === undefined ? {} : { output: edge.output }), to: node.id };
  const after: Edge = { from: node.id, to: edge.to, ...(edge.input === undefined ? {} : { input: edge.input }) };
  const edges = shifted.edges.flatMap((other) => (edgeKey(other) === key ? [before, after] : [other]));
  const parent = parentOf(document, edge.from);
  const next = { ...shifted, edges };
  return parent === undefined ? addNode(next, node, at) : addInside(next, node, { parent, at, types });
}

function shiftFrom(document: Workflow, ids: readonly string[], by: number): Workflow {
  const layout = { ...document.layout };
  for (const moved of withInside(document, reachableFrom(graphOf(document), ids))) {
    const [x, y] = layout[moved] ?? [0, 0];
    layout[moved] = [x + by, y];
  }
  return { ...document, layout };
}

export function removeSelected(document: Workflow, selection: Selection): Workflow {
  // A container takes what stands in it along.
  const gone = withInside(document, selection.nodes);
  if (gone.size + selection.edges.size + selection.stickies.size === 0) return document;
  return {
    ...document,
    nodes: document.nodes.filter((node) => !gone.has(node.id)),
    edges: document.edges.filter(
      (edge) => !gone.has(edge.from) && !gone.has(edge.to) && !selection.edges.has(edgeKey(edge)),
    ),
    layout: Object.fromEntries(Object.entries(document.layout).filter(([id]) => !gone.has(id))),
    stickies: document.stickies.filter((sticky) => !selection.stickies.has(sticky.id)),
  };
}

/** New places by node or sticky id. What stands in a moved container moves along. */
export function moveTo(document: Workflow, given: ReadonlyMap<string, Place>): Workflow {
  if (given.size === 0) return document;
  const places = carried(document, given);
  const layout = { ...document.layout };
  for (const node of document.nodes) {
    const place = places.get(node.id);
    if (place) layout[node.id] = snapped(place);
  }
  const stickies = document.stickies.map((sticky) => {
    const place = places.get(stickyKey(sticky.id));
    return place ? { ...sticky, at: snapped(place) } : sticky;
  });
  return { ...document, layout, stickies };
}

/** Stickies and nodes may share an id; on the canvas this tells them apart. */
export function stickyKey(id: string): string {
  return `sticky:${id}`;
}

export function changeNode(document: Workflow, id: string, change: (node: WorkflowNode) => WorkflowNode): Workflow {
  let changed = false;
  const nodes = document.nodes.map((node) => {
    if (node.id !== id) return node;
    const next = change(node);
    changed ||= next !== node;
    return next;
  });
  return changed ? { ...document, nodes } : document;
}

/** `undefined` takes the parameter away. */
export function setParam(document: Workflow, id: string, name: string, value: unknown): Workflow {
  return changeNode(document, id, (node) => {
    if (value !== undefined) return { ...node, params: { ...node.params, [name]: value } };
    const { [name]: _, ...params } = node.params;
    return { ...node, params };
  });
}

/** Sets fields of the node itself; `undefined` takes one away. */
export function setFields(
  document: Workflow,
  id: string,
  fields: { [K in keyof WorkflowNode]?: WorkflowNode[K] | undefined },
): Workflow {
  return changeNode(document, id, (node) => {
    const entries = Object.entries({ ...node, ...fields }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries) as WorkflowNode;
  });
}

export function toggleDisabled(document: Workflow, ids: ReadonlySet<string>): Workflow {
  const chosen = document.nodes.filter((node) => ids.has(node.id));
  const disable = chosen.some((node) => !node.disabled);
  return chosen.reduce((next, node) => setFields(next, node.id, { disabled: disable || undefined }), document);
}

export function addSticky(document: Workflow, at: Place, text: string): { document: Workflow; id: string } {
  const id = freeId('note', new Set(document.stickies.map((sticky) => sticky.id)));
  return { document: { ...document, stickies: [...document.stickies, { id, text, at: snapped(at) }] }, id };
}

export function changeSticky(document: Workflow, id: string, change: Partial<Sticky>): Workflow {
  return {
    ...document,
    stickies: document.stickies.map((sticky) => (sticky.id === id ? { ...sticky, ...change } : sticky)),
  };
}

function idsOf(document: Workflow): Set<string> {
  return new Set(document.nodes.map((node) => node.id));
}

function snapped([x, y]: Place): [number, number] {
  return [Math.round(x / grid) * grid, Math.round(y / grid) * grid];
}
