import type { Edge, Sticky, Workflow, WorkflowNode } from '../../spec/workflow/document.ts';
import { graphOf, reachableFrom } from '../../spec/workflow/graph.ts';
import { type NodeType, outputsOf } from '../../spec/workflow/node-type.ts';
import { cardHeight, cardWidth, columnGap, grid, rowGap } from './card-size.ts';
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

/** A place to the right of a node, below what already hangs on it. */
export function placeAfter(document: Workflow, id: string, types: Types): Place {
  const [x, y] = document.layout[id] ?? [0, 0];
  return freePlace(document, [x + cardWidth + columnGap, y], types);
}

/** The place itself, or the next one below that no card covers. */
export function freePlace(document: Workflow, [x, y]: Place, types: Types): Place {
  const cards = document.nodes.map((node) => ({
    at: document.layout[node.id] ?? ([0, 0] as const),
    height: heightOf(node, types),
  }));
  let top = y;
  for (let moved = true; moved; ) {
    moved = false;
    for (const { at, height } of cards) {
      const besides = Math.abs(at[0] - x) >= cardWidth || top >= at[1] + height || at[1] >= top + cardHeight(1, 1);
      if (besides) continue;
      top = at[1] + height + rowGap;
      moved = true;
    }
  }
  return [x, top];
}

/** Puts a node into an edge: what came after it moves on to make room. */
export function insertOnEdge(document: Workflow, edge: Edge, node: WorkflowNode): Workflow {
  const from = document.layout[edge.from] ?? ([0, 0] as const);
  const to = document.layout[edge.to] ?? ([0, 0] as const);
  const step = cardWidth + columnGap;
  const at: Place = [from[0] + step, to[1]];
  const missing = at[0] + step - to[0];
  const shifted = missing > 0 ? shiftFrom(document, edge.to, missing) : document;
  const key = edgeKey(edge);
  const before: Edge = { from: edge.from, ...(edge.output === undefined ? {} : { output: edge.output }), to: node.id };
  const after: Edge = { from: node.id, to: edge.to, ...(edge.input === undefined ? {} : { input: edge.input }) };
  const edges = shifted.edges.flatMap((other) => (edgeKey(other) === key ? [before, after] : [other]));
  return addNode({ ...shifted, edges }, node, at);
}

function shiftFrom(document: Workflow, id: string, by: number): Workflow {
  const layout = { ...document.layout };
  for (const moved of reachableFrom(graphOf(document), [id])) {
    const [x, y] = layout[moved] ?? [0, 0];
    layout[moved] = [x + by, y];
  }
  return { ...document, layout };
}

export function removeSelected(document: Workflow, selection: Selection): Workflow {
  const gone = new Set(selection.nodes);
  // A container takes what stands in it along.
  for (let size = -1; size !== gone.size; ) {
    size = gone.size;
    for (const node of document.nodes) if (node.parent !== undefined && gone.has(node.parent)) gone.add(node.id);
  }
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

/** New places by node or sticky id. */
export function moveTo(document: Workflow, places: ReadonlyMap<string, Place>): Workflow {
  if (places.size === 0) return document;
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

export function heightOf(node: WorkflowNode, types: Types): number {
  const type = types.get(node.type);
  return cardHeight(type?.inputs.length ?? 1, type ? outputsOf(type, node).length : 1);
}

function idsOf(document: Workflow): Set<string> {
  return new Set(document.nodes.map((node) => node.id));
}

function snapped([x, y]: Place): [number, number] {
  return [Math.round(x / grid) * grid, Math.round(y / grid) * grid];
}
