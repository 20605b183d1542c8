import { type Graph, idAt, peel, shortestPath } from './graph.ts';

/**
 * The loops of a graph, each as its nodes in order, beginning with the one that comes first in the document; the last leads back to
 * the first. No loop names a node twice. Every edge that closes a loop in a depth-first walk gives the shortest loop through it,
 * so each knot of loops is reported at least once, though not every one of the possibly countless loops in it.
 */
export function findCycles(graph: Graph, limit = 50): string[][] {
  const { rest } = peel(graph);
  if (rest.length === 0) return [];
  const found = new Map<string, number[]>();
  for (const [from, to] of closingEdges(graph, rest)) {
    const path = shortestPath(graph, to, from);
    if (path === undefined) continue;
    const loop = fromFirst(path);
    found.set(loop.join(), loop);
    if (found.size >= limit) break;
  }
  return [...found.values()].map((loop) => loop.map((position) => idAt(graph, position)));
}

/** Edges that lead back to a node on the path that a depth-first walk is on. */
function* closingEdges(graph: Graph, starts: readonly number[]): Generator<[number, number]> {
  const state = new Map<number, 'open' | 'done'>();
  for (const start of starts) {
    if (state.has(start)) continue;
    const stack = [{ at: start, child: 0 }];
    state.set(start, 'open');
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = graph.next[top.at]?.[top.child++];
      if (to === undefined) {
        state.set(top.at, 'done');
        stack.pop();
      } else if (state.get(to) === 'open') {
        yield [top.at, to];
      } else if (!state.has(to)) {
        state.set(to, 'open');
        stack.push({ at: to, child: 0 });
      }
    }
  }
}

function fromFirst(loop: readonly number[]): number[] {
  const first = loop.indexOf(Math.min(...loop));
  return [...loop.slice(first), ...loop.slice(0, first)];
}
