import type { GraphSource } from './graph.ts';

interface Entry {
  readonly id: string;
  /** Smaller than that of every node it leads to. */
  rank: number;
  /** Parallel edges to (from) each neighbour. */
  readonly next: Map<Entry, number>;
  readonly previous: Map<Entry, number>;
}

/**
 * An acyclic graph that stays ordered while it is edited (Pearce and Kelly, 2006): whether an edge would close a loop is mostly
 * answered by comparing two numbers, else by a search among the nodes ranked between its ends. The canvas keeps one beside its document.
 */
export class AcyclicOrder {
  readonly #entries = new Map<string, Entry>();
  #lastRank = 0;

  /** Takes a document's nodes and edges; edges of loops that it already holds are left out. */
  static of({ nodes, edges }: GraphSource): AcyclicOrder {
    const order = new AcyclicOrder();
    for (const node of nodes) order.addNode(node.id);
    for (const edge of edges) order.addEdge(edge.from, edge.to);
    return order;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** All ids, each after every node that leads to it. */
  ids(): string[] {
    return [...this.#entries.values()].sort(byRank).map((entry) => entry.id);
  }

  addNode(id: string): void {
    if (this.#entries.has(id)) return;
    this.#lastRank++;
    this.#entries.set(id, { id, rank: this.#lastRank, next: new Map(), previous: new Map() });
  }

  /** Removes the node with all its edges. */
  removeNode(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    for (const to of entry.next.keys()) to.previous.delete(entry);
    for (const from of entry.previous.keys()) from.next.delete(entry);
    this.#entries.delete(id);
  }

  /** The loop that the edge would close, as `wouldClose` of graph.ts gives it; undefined when it may be drawn. */
  wouldClose(from: string, to: string): string[] | undefined {
    const source = this.#entries.get(from);
    const target = this.#entries.get(to);
    if (source === undefined || target === undefined) return undefined;
    if (source === target) return [from];
    if (source.rank < target.rank) return undefined;
    const cameFrom = ahead(target, source);
    if (!cameFrom.has(source)) return undefined;
    const loop: string[] = [];
    for (let at = cameFrom.get(source); at !== undefined; at = cameFrom.get(at)) loop.push(at.id);
    return [from, ...loop.reverse()];
  }

  /** Adds the edge, or gives the loop that it would close and leaves everything as it was. Unknown nodes are ignored. */
  addEdge(from: string, to: string): string[] | undefined {
    const source = this.#entries.get(from);
    const target = this.#entries.get(to);
    if (source === undefined || target === undefined) return undefined;
    const loop = this.wouldClose(from, to);
    if (loop !== undefined) return loop;
    if (source.rank > target.rank) reorder(source, target);
    source.next.set(target, (source.next.get(target) ?? 0) + 1);
    target.previous.set(source, (target.previous.get(source) ?? 0) + 1);
    return undefined;
  }

  /** Removes one of the edges between the two. */
  removeEdge(from: string, to: string): void {
    const source = this.#entries.get(from);
    const target = this.#entries.get(to);
    if (source === undefined || target === undefined) return;
    const left = (source.next.get(target) ?? 0) - 1;
    if (left > 0) {
      source.next.set(target, left);
      target.previous.set(source, left);
    } else {
      source.next.delete(target);
      target.previous.delete(source);
    }
  }
}

function byRank(a: Entry, b: Entry): number {
  return a.rank - b.rank;
}

/** What can be reached from `start` without passing `limit` in rank, each with the node it was reached from. Stops at `limit`. */
function ahead(start: Entry, limit: Entry): Map<Entry, Entry | undefined> {
  const cameFrom = new Map<Entry, Entry | undefined>([[start, undefined]]);
  for (const at of cameFrom.keys()) {
    for (const to of at.next.keys()) {
      if (to.rank > limit.rank || cameFrom.has(to)) continue;
      cameFrom.set(to, at);
      if (to === limit) return cameFrom;
    }
  }
  return cameFrom;
}

/** Moves what follows `target` behind what leads to `source`, within the ranks that they hold together. */
function reorder(source: Entry, target: Entry): void {
  const behind = new Set([source]);
  for (const at of behind) {
    for (const from of at.previous.keys()) if (from.rank > target.rank) behind.add(from);
  }
  const moved = [...[...behind].sort(byRank), ...[...ahead(target, source).keys()].sort(byRank)];
  const ranks = moved.map((entry) => entry.rank).sort((a, b) => a - b);
  moved.forEach((entry, i) => {
    entry.rank = ranks[i] ?? entry.rank;
  });
}
