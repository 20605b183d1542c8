import type { Edge, Workflow } from '../../spec/workflow/document.ts';
import { graphOf, wouldClose } from '../../spec/workflow/graph.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { validate } from '../../spec/workflow/validate.ts';

/** Why an edge cannot be drawn, in the words that the server would use, with the loop that it would close. */
export interface Refusal {
  readonly message: string;
  /** Nodes of the loop in order; the last leads back to the first. */
  readonly loop: readonly string[];
}

/** Undefined when the edge may be drawn. */
export function refusalOf(document: Workflow, edge: Edge, types: ReadonlyMap<string, NodeType>): Refusal | undefined {
  const name = (id: string) => document.nodes.find((node) => node.id === id)?.name ?? id;
  if (edge.from === edge.to) {
    return { message: `"${name(edge.from)}" cannot lead into itself.`, loop: [edge.from] };
  }
  const loop = wouldClose(graphOf(document), edge.from, edge.to);
  if (loop) {
    return { message: `This would make a loop: ${[...loop, edge.from].map(name).join(' → ')}.`, loop };
  }
  // Only what stands at the target decides, so large workflows answer as fast as small ones.
  const around = document.edges.filter((other) => other.to === edge.to);
  const ids = new Set([edge.from, edge.to, ...around.map((other) => other.from)]);
  const part: Workflow = {
    ...document,
    nodes: document.nodes.filter((node) => ids.has(node.id)),
    edges: [...around, edge],
  };
  const at = part.edges.length - 1;
  const found = validate(part, types).find((problem) => problem.path[0] === 'edges' && problem.path[1] === at);
  return found ? { message: `${found.message} ${found.remedy}`, loop: [] } : undefined;
}
