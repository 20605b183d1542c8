import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AcyclicOrder } from './acyclic-order.ts';
import { findCycles } from './cycles.ts';
import { graphOf, reachableFrom, subgraphOf, topologicalOrder, upstreamOf, wouldClose } from './graph.ts';

type Pair = readonly [number, number];

const size = 8;
const names = Array.from({ length: size }, (_, i) => `n${i}`);
const pairs = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20 });

function document(edges: readonly Pair[]) {
  return {
    nodes: names.map((id) => ({ id })),
    edges: edges.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` })),
  };
}

/** Transitive closure by trying every path: slow, and plainly right. */
function closure(edges: readonly Pair[]): boolean[][] {
  const reach = names.map((_, from) => names.map((_, to) => edges.some(([a, b]) => a === from && b === to)));
  for (let k = 0; k < size; k++)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) if (reach[i]?.[k] && reach[k]?.[j]) (reach[i] ?? [])[j] = true;
  return reach;
}

function index(id: string | undefined): number {
  return names.indexOf(id ?? '');
}

function expectLoop(loop: readonly string[], edges: readonly Pair[]) {
  expect(new Set(loop).size).toBe(loop.length);
  loop.forEach((id, i) => {
    const to = index(loop[(i + 1) % loop.length]);
    expect(edges).toContainEqual([index(id), to]);
  });
}

describe('the cycle finder', () => {
  it('finds a loop in every knot that brute force finds, and nothing else', () => {
    fc.assert(
      fc.property(pairs, (edges) => {
        const loops = findCycles(graphOf(document(edges)));
        const reach = closure(edges);
        for (const loop of loops) expectLoop(loop, edges);
        for (let i = 0; i < size; i++) {
          if (!reach[i]?.[i]) continue;
          const knot = names.filter((_, j) => reach[i]?.[j] && reach[j]?.[i]);
          expect(loops.some((loop) => loop.every((id) => knot.includes(id)))).toBe(true);
        }
        if (!names.some((_, i) => reach[i]?.[i])) expect(loops).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('begins a loop with the node that comes first in the document and tells each loop once', () => {
    expect(
      findCycles(
        graphOf(
          document([
            [2, 0],
            [0, 1],
            [1, 2],
            [1, 2],
          ]),
        ),
      ),
    ).toEqual([['n0', 'n1', 'n2']]);
    expect(findCycles(graphOf(document([[3, 3]])))).toEqual([['n3']]);
  });

  it('finds the loop of a chain of ten thousand nodes without running out of stack', () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => ({ id: `n${i}` }));
    const edges = nodes.map((node, i) => ({ from: node.id, to: `n${(i + 1) % nodes.length}` }));
    expect(findCycles(graphOf({ nodes, edges }))[0]).toHaveLength(10_000);
  });

  it('stops at the limit where there are countless loops', () => {
    const nodes = Array.from({ length: 40 }, (_, i) => ({ id: `n${i}` }));
    const edges = nodes.flatMap((a) => nodes.map((b) => ({ from: a.id, to: b.id })));
    expect(findCycles(graphOf({ nodes, edges }))).toHaveLength(50);
  });
});

describe('graph questions', () => {
  it('order, reach, upstream and closing loops agree with brute force', () => {
    fc.assert(
      fc.property(pairs, fc.nat(size - 1), fc.nat(size - 1), (edges, a, b) => {
        const graph = graphOf(document(edges));
        const reach = closure(edges);
        const order = topologicalOrder(graph);
        expect(order === undefined).toBe(names.some((_, i) => reach[i]?.[i]));
        if (order)
          for (const [from, to] of edges) expect(order.indexOf(`n${from}`)).toBeLessThan(order.indexOf(`n${to}`));
        expect(reachableFrom(graph, [`n${a}`])).toEqual(new Set(names.filter((_, i) => i === a || reach[a]?.[i])));
        expect(upstreamOf(graph, `n${a}`)).toEqual(new Set(names.filter((_, i) => reach[i]?.[a])));
        const loop = wouldClose(graph, `n${a}`, `n${b}`);
        expect(loop !== undefined).toBe(a === b || reach[b]?.[a] === true);
        if (loop) {
          expect(loop.slice(0, 2)).toEqual(a === b ? [`n${a}`] : [`n${a}`, `n${b}`]);
          expectLoop(loop, [...edges, [a, b]]);
        }
      }),
    );
  });

  it('leaves out edges to nodes that do not exist', () => {
    const graph = graphOf({ nodes: [{ id: 'a' }], edges: [{ from: 'a', to: 'gone' }] });
    expect(topologicalOrder(graph)).toEqual(['a']);
    expect(wouldClose(graph, 'gone', 'a')).toBeUndefined();
  });

  it('cuts out the graph of a container', () => {
    const nodes = [{ id: 'loop' }, { id: 'a', parent: 'loop' }, { id: 'b', parent: 'loop' }, { id: 'c' }];
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'loop', to: 'c' },
    ];
    expect(subgraphOf({ nodes, edges }, 'loop')).toEqual({ nodes: nodes.slice(1, 3), edges: edges.slice(0, 1) });
    expect(subgraphOf({ nodes, edges }, undefined).edges).toEqual(edges.slice(1));
  });
});

describe('AcyclicOrder', () => {
  const act = fc.record({ add: fc.integer({ min: 0, max: 3 }), from: fc.nat(size - 1), to: fc.nat(size - 1) });

  it('refuses exactly the edges that close a loop, and stays ordered, over any sequence of edits', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const order = AcyclicOrder.of({ nodes: names.map((id) => ({ id })), edges: [] });
        const edges: [number, number][] = [];
        for (const { add, from, to } of acts) {
          if (add === 0) {
            const at = edges.findIndex(([a, b]) => a === from && b === to);
            if (at >= 0) edges.splice(at, 1);
            order.removeEdge(`n${from}`, `n${to}`);
            continue;
          }
          const closes = from === to || closure(edges)[to]?.[from] === true;
          const asked = order.wouldClose(`n${from}`, `n${to}`);
          const loop = order.addEdge(`n${from}`, `n${to}`);
          expect(loop).toEqual(asked);
          expect(loop !== undefined).toBe(closes);
          if (loop) expectLoop(loop, [...edges, [from, to]]);
          else edges.push([from, to]);
          const ids = order.ids();
          for (const [a, b] of edges) expect(ids.indexOf(`n${a}`)).toBeLessThan(ids.indexOf(`n${b}`));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('forgets a removed node with its edges', () => {
    const order = AcyclicOrder.of(
      document([
        [0, 1],
        [1, 2],
      ]),
    );
    expect(order.wouldClose('n2', 'n0')).toEqual(['n2', 'n0', 'n1']);
    order.removeNode('n1');
    expect(order.wouldClose('n2', 'n0')).toBeUndefined();
    order.addNode('n1');
    expect(order.addEdge('n2', 'n1')).toBeUndefined();
  });
});
