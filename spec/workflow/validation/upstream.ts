import type { Workflow } from '../document.ts';
import { type Graph, peel } from '../graph.ts';

/**
 * Which nodes come before which, for expressions. A node in a container also sees what comes before the container. Rows of bits in
 * topological order, so that a thousand nodes cost about as many word operations as they have edges times 32.
 */
export class Upstream {
  readonly #graph: Graph;
  readonly #words: number;
  readonly #rows: Int32Array;

  constructor(document: Workflow, graph: Graph) {
    this.#graph = graph;
    const count = graph.ids.length;
    this.#words = Math.ceil(count / 32);
    this.#rows = new Int32Array(count * this.#words);
    const container = document.nodes.map((node) =>
      node.parent === undefined ? undefined : graph.positions.get(node.parent),
    );
    const { order, rest } = peel(withContainers(graph, container));
    // Nodes in loops are gone through again until nothing changes: everything in a loop is before everything in it.
    for (const at of order) this.#fill(at, container[at]);
    for (let changed = rest.length > 0; changed; ) {
      changed = false;
      for (const at of rest) changed = this.#fill(at, container[at]) || changed;
    }
  }

  has(node: number, before: number): boolean {
    return ((this.#rows[node * this.#words + (before >>> 5)] ?? 0) & (1 << (before & 31))) !== 0;
  }

  #fill(at: number, container: number | undefined): boolean {
    let changed = false;
    for (const from of this.#graph.previous[at] ?? []) {
      changed = this.#take(at, from) || changed;
      const cell = at * this.#words + (from >>> 5);
      const bit = 1 << (from & 31);
      const word = this.#rows[cell] ?? 0;
      if ((word & bit) !== 0) continue;
      this.#rows[cell] = word | bit;
      changed = true;
    }
    return container === undefined ? changed : this.#take(at, container) || changed;
  }

  #take(to: number, from: number): boolean {
    const target = to * this.#words;
    const source = from * this.#words;
    const rows = this.#rows;
    let more = 0;
    for (let i = 0; i < this.#words; i++) {
      const old = rows[target + i] as number;
      const all = old | (rows[source + i] as number);
      more |= old ^ all;
      rows[target + i] = all;
    }
    return more !== 0;
  }
}

/** The graph with each container before what it holds. */
function withContainers(graph: Graph, container: readonly (number | undefined)[]): Graph {
  if (container.every((parent) => parent === undefined)) return graph;
  const next = graph.next.map((list) => [...list]);
  const previous = graph.previous.map((list) => [...list]);
  container.forEach((parent, node) => {
    if (parent === undefined) return;
    next[parent]?.push(node);
    previous[node]?.push(parent);
  });
  return { ...graph, next, previous };
}
