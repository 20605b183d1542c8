import type { Edge } from './document.ts';

/**
 * Who follows whom, by node position in the document. Edges that name a missing node are left out; parallel edges stay.
 * Build it once for a document and ask it often.
 */
export interface Graph {
  readonly ids: readonly string[];
  /** First position of each id. */
  readonly positions: ReadonlyMap<string, number>;
  readonly next: readonly (readonly number[])[];
  readonly previous: readonly (readonly number[])[];
}

export interface GraphSource {
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly Pick<Edge, 'from' | 'to'>[];
}

export function graphOf({ nodes, edges }: GraphSource): Graph {
  const positions = new Map<string, number>();
  nodes.forEach((node, position) => {
    if (!positions.has(node.id)) positions.set(node.id, position);
  });
  const next: number[][] = nodes.map(() => []);
  const previous: number[][] = nodes.map(() => []);
  for (const edge of edges) {
    const from = positions.get(edge.from);
    const to = positions.get(edge.to);
    if (from === undefined || to === undefined) continue;
    next[from]?.push(to);
    previous[to]?.push(from);
  }
  return { ids: nodes.map((node) => node.id), positions, next, previous };
}

/** Every node after all that it follows, otherwise in document order as far as possible; undefined when there is a loop. */
export function topologicalOrder(graph: Graph): string[] | undefined {
  const { order, rest } = peel(graph);
  return rest.length === 0 ? order.map((position) => idAt(graph, position)) : undefined;
}

/** Kahn's algorithm: the order as far as it goes, and the nodes that stand in a loop or after one. */
export function peel(graph: Graph): { order: number[]; rest: number[] } {
  const waiting = graph.previous.map((list) => list.length);
  const order: number[] = [];
  waiting.forEach((count, position) => {
    if (count === 0) order.push(position);
  });
  for (let i = 0; i < order.length; i++) {
    for (const to of graph.next[order[i] ?? 0] ?? []) {
      const left = (waiting[to] ?? 0) - 1;
      waiting[to] = left;
      if (left === 0) order.push(to);
    }
  }
  const rest: number[] = [];
  if (order.length < graph.ids.length) {
    waiting.forEach((count, position) => {
      if (count > 0) rest.push(position);
    });
  }
  return { order, rest };
}

/** Ids that can be reached from these, these included. */
export function reachableFrom(graph: Graph, ids: Iterable<string>): Set<string> {
  return spread(graph, ids, graph.next);
}

/** Ids that lead to this one, itself included only when it stands in a loop. */
export function upstreamOf(graph: Graph, id: string): Set<string> {
  const position = graph.positions.get(id);
  const before = position === undefined ? [] : (graph.previous[position] ?? []);
  return spread(
    graph,
    before.map((at) => idAt(graph, at)),
    graph.previous,
  );
}

/**
 * The loop that an edge `from -> to` would close: its nodes in order, beginning with `from`, then `to`; the last one leads back
 * to `from`. Undefined when it closes none. One search over the graph: for many questions while editing use `AcyclicOrder`.
 */
export function wouldClose(graph: Graph, from: string, to: string): string[] | undefined {
  const start = graph.positions.get(to);
  const goal = graph.positions.get(from);
  if (start === undefined || goal === undefined) return undefined;
  const path = shortestPath(graph, start, goal);
  if (path === undefined) return undefined;
  return [from, ...path.slice(0, -1).map((position) => idAt(graph, position))];
}

/** Positions from `start` to `goal`, both included. */
export function shortestPath(graph: Graph, start: number, goal: number): number[] | undefined {
  const cameFrom = new Map<number, number>([[start, start]]);
  const queue = [start];
  for (let i = 0; i < queue.length; i++) {
    const at = queue[i] ?? start;
    if (at === goal) {
      const path = [at];
      for (let step = at; step !== start; ) {
        step = cameFrom.get(step) ?? start;
        path.push(step);
      }
      return path.reverse();
    }
    for (const to of graph.next[at] ?? []) {
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, at);
      queue.push(to);
    }
  }
  return undefined;
}

/** The nodes of one container (of the workflow itself: undefined) and the edges between them. */
export function subgraphOf<N extends { readonly id: string; readonly parent?: string | undefined }, E extends Edge>(
  { nodes, edges }: { readonly nodes: readonly N[]; readonly edges: readonly E[] },
  container: string | undefined,
): { nodes: N[]; edges: E[] } {
  const inside = nodes.filter((node) => node.parent === container);
  const ids = new Set(inside.map((node) => node.id));
  return { nodes: inside, edges: edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)) };
}

export function idAt(graph: Graph, position: number): string {
  return graph.ids[position] ?? '';
}

function spread(graph: Graph, ids: Iterable<string>, along: Graph['next']): Set<string> {
  const found = new Set<string>();
  const queue: number[] = [];
  const visit = (position: number) => {
    const id = idAt(graph, position);
    if (found.has(id)) return;
    found.add(id);
    queue.push(position);
  };
  for (const id of ids) {
    const position = graph.positions.get(id);
    if (position !== undefined) visit(position);
  }
  for (let i = 0; i < queue.length; i++) for (const to of along[queue[i] ?? 0] ?? []) visit(to);
  return found;
}
