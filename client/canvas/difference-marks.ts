import type { Differences } from '../../spec/workflow/differences.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { addNode, freePlace, type Types } from './edits.ts';
import { edgeKey } from './selection.ts';

export type Mark = 'added' | 'removed' | 'changed' | 'moved';

export interface MarkedDocument {
  /** The draft together with what only the published version has. */
  readonly document: Workflow;
  readonly nodes: ReadonlyMap<string, Mark>;
  readonly edges: ReadonlyMap<string, Mark>;
}

/** One drawing of two documents: what was added, removed, changed or moved. */
export function markDifferences(
  draft: Workflow,
  published: Workflow,
  found: Differences,
  types: Types,
): MarkedDocument {
  const removed = new Set(found.removed);
  const nodes = new Map<string, Mark>();
  for (const id of found.moved) nodes.set(id, 'moved');
  for (const { id } of found.changed) nodes.set(id, 'changed');
  for (const id of found.added) nodes.set(id, 'added');
  for (const id of found.removed) nodes.set(id, 'removed');
  const edges = new Map<string, Mark>();
  for (const edge of found.addedEdges) edges.set(edgeKey(edge), 'added');
  for (const edge of found.removedEdges) edges.set(edgeKey(edge), 'removed');
  const gone = published.nodes.filter((node) => removed.has(node.id));
  let document = draft;
  // What has gone stands where it was, or below what has taken its place.
  for (const node of gone)
    document = addNode(document, node, freePlace(document, published.layout[node.id] ?? [0, 0], types));
  return {
    document: { ...document, edges: [...document.edges, ...found.removedEdges] },
    nodes,
    edges,
  };
}
