import type { Workflow } from '../../spec/workflow/document.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The node that an arrow key leads to. Along an edge where there is one to that side, else the nearest node that lies
 * that way. Without a start: the first node from the left.
 */
export function walk(document: Workflow, from: string | undefined, direction: Direction): string | undefined {
  const places = new Map(document.nodes.map((node) => [node.id, document.layout[node.id] ?? ([0, 0] as const)]));
  const here = from === undefined ? undefined : places.get(from);
  if (from === undefined || here === undefined) return leftmost(places);
  const linked = new Set(
    direction === 'right'
      ? document.edges.filter((edge) => edge.from === from).map((edge) => edge.to)
      : direction === 'left'
        ? document.edges.filter((edge) => edge.to === from).map((edge) => edge.from)
        : [],
  );
  const others = [...places].filter(([id]) => id !== from);
  return (
    nearest(
      others.filter(([id]) => linked.has(id)),
      here,
      () => true,
    ) ?? nearest(others, here, lies(direction))
  );
}

type Place = readonly [number, number];

function lies(direction: Direction): (dx: number, dy: number) => boolean {
  const steep = (along: number, across: number) => along > 0 && Math.abs(across) <= along * 2;
  if (direction === 'right') return (dx, dy) => steep(dx, dy);
  if (direction === 'left') return (dx, dy) => steep(-dx, dy);
  if (direction === 'down') return (dx, dy) => steep(dy, dx);
  return (dx, dy) => steep(-dy, dx);
}

function nearest(
  candidates: readonly (readonly [string, Place])[],
  [x, y]: Place,
  fits: (dx: number, dy: number) => boolean,
): string | undefined {
  let best: string | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const [id, [otherX, otherY]] of candidates) {
    const [dx, dy] = [otherX - x, otherY - y];
    const far = Math.hypot(dx, dy);
    if (fits(dx, dy) && far < distance) [best, distance] = [id, far];
  }
  return best;
}

function leftmost(places: ReadonlyMap<string, Place>): string | undefined {
  return [...places].sort(([, a], [, b]) => a[0] - b[0] || a[1] - b[1])[0]?.[0];
}
