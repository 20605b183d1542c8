import type { Edge } from '../../spec/workflow/document.ts';

/** What is selected on the canvas: ids of nodes and stickies, keys of edges. */
export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly stickies: ReadonlySet<string>;
}

export const nothingSelected: Selection = { nodes: new Set(), edges: new Set(), stickies: new Set() };

export function selectionOf(given: {
  nodes?: Iterable<string>;
  edges?: Iterable<string>;
  stickies?: Iterable<string>;
}): Selection {
  return { nodes: new Set(given.nodes), edges: new Set(given.edges), stickies: new Set(given.stickies) };
}

export function isNothing(selection: Selection): boolean {
  return selection.nodes.size + selection.edges.size + selection.stickies.size === 0;
}

/** Edges have no id: two ports are joined by one edge at most. */
export function edgeKey(edge: Edge): string {
  return `${edge.from}/${edge.output ?? ''}>${edge.to}/${edge.input ?? ''}`;
}
