import { describe, expect, it } from 'vitest';
import type { Workflow } from '../../spec/workflow/document.ts';
import { document, types } from './canvas.fixtures.ts';
import { blocksOf } from './containers.ts';
import { withPlaces } from './first-places.ts';

const unplaced = (more: Partial<Workflow> = {}): Workflow => ({ ...document, layout: {}, ...more });
const inside = (given: Workflow, parents: Readonly<Record<string, string>>): Workflow => ({
  ...given,
  nodes: given.nodes.map((node) => (parents[node.id] ? { ...node, parent: parents[node.id] } : node)),
});

/** Pairs of nodes that stand in the same container, or in none, and cover one another. */
function overlaps(placed: Workflow): string[] {
  const blocks = blocksOf(placed, types);
  return placed.nodes.flatMap((a, i) =>
    placed.nodes.slice(i + 1).flatMap((b) => {
      const [one, other] = [blocks.get(a.id), blocks.get(b.id)];
      if (a.parent !== b.parent || !one || !other) return [];
      const apart =
        one.left >= other.right || other.left >= one.right || one.top >= other.bottom || other.top >= one.bottom;
      return apart ? [] : [`${a.id} ${b.id}`];
    }),
  );
}

describe('first places', () => {
  it('leave a document alone that has them all', () => {
    expect(withPlaces(document, types)).toBe(document);
  });

  it('go from left to right along the edges, branches one below the other', () => {
    const edges = [
      { from: 'start', to: 'a' },
      { from: 'start', to: 'b' },
      { from: 'a', to: 'join', input: 'left' },
      { from: 'b', to: 'join', input: 'right' },
    ];
    const placed = withPlaces(unplaced({ edges }), types);
    const [x, y] = placed.layout.a ?? [];
    expect(placed.layout.start).toEqual([0, 0]);
    expect(placed.layout.b?.[0]).toBe(x);
    expect(placed.layout.b?.[1]).toBeGreaterThan(y ?? 0);
    expect(placed.layout.join?.[0]).toBeGreaterThan(x ?? 0);
    expect(overlaps(placed)).toEqual([]);
  });

  it('put what stands in a container below its card, at any depth, with room around', () => {
    const nested = inside(unplaced({ edges: [{ from: 'start', to: 'a' }] }), { b: 'a', join: 'b' });
    const placed = withPlaces(nested, types);
    expect(placed.layout.b?.[1]).toBeGreaterThan(placed.layout.a?.[1] ?? 0);
    expect(placed.layout.join?.[1]).toBeGreaterThan(placed.layout.b?.[1] ?? 0);
    expect(overlaps(placed)).toEqual([]);
  });

  it('leave alone what has a place, and put the rest beside it', () => {
    const layout = { start: document.layout.start ?? [0, 0], a: [360, 40] as [number, number] };
    const placed = withPlaces(unplaced({ layout }), types);
    expect(placed.layout).toMatchObject(layout);
    expect(placed.layout.b?.[0]).toBeGreaterThan(360);
    expect(overlaps(placed)).toEqual([]);
  });

  it('come to an end where nodes go round in a loop or containers stand in themselves', () => {
    const loop = unplaced({ edges: [...document.edges, { from: 'b', to: 'a' }] });
    expect(Object.keys(withPlaces(loop, types).layout)).toHaveLength(4);
    expect(withPlaces(inside(unplaced(), { a: 'b', b: 'a' }), types).layout).toHaveProperty('start');
  });

  it('are found for a thousand nodes', () => {
    const nodes = Array.from({ length: 1000 }, (_, i) => ({ ...(document.nodes[1] ?? never()), id: `n${i}` }));
    const edges = nodes.slice(1).map(({ id }, i) => ({ from: `n${Math.floor(i / 3)}`, to: id }));
    const placed = withPlaces(unplaced({ nodes, edges }), types);
    expect(Object.keys(placed.layout)).toHaveLength(1000);
  });
});

function never(): never {
  throw new Error('the fixture has nodes');
}
