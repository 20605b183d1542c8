import { AcyclicOrder } from '../../spec/workflow/acyclic-order.ts';
import type { Edge, Workflow } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { validate } from '../../spec/workflow/validate.ts';

/** Why an edge cannot be drawn, in the words that the server would use, with the loop that it would close. */
export interface Refusal {
  readonly message: string;
  /** Nodes of the loop in order; the last leads back to the first. */
  readonly loop: readonly string[];
}

/**
 * Answers for one canvas which edges may be drawn. The order of the nodes is kept from question to question and follows the edits of
 * the document, so that a wire that is moved over a large workflow is answered at once.
 */
export class Refusals {
  readonly #types: ReadonlyMap<string, NodeType>;
  #order = new AcyclicOrder();
  #nodes: ReadonlySet<string> = new Set();
  #edges: ReadonlySet<Edge> = new Set();
  #document: Workflow | undefined;

  constructor(types: ReadonlyMap<string, NodeType>) {
    this.#types = types;
  }

  /** Undefined when the edge may be drawn. */
  of(document: Workflow, edge: Edge): Refusal | undefined {
    const name = (id: string) => document.nodes.find((node) => node.id === id)?.name ?? id;
    if (edge.from === edge.to) {
      return { message: `"${name(edge.from)}" cannot lead into itself.`, loop: [edge.from] };
    }
    this.#follow(document);
    const loop = this.#order.wouldClose(edge.from, edge.to);
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
    const found = validate(part, this.#types).find((problem) => problem.path[0] === 'edges' && problem.path[1] === at);
    return found ? { message: `${found.message} ${found.remedy}`, loop: [] } : undefined;
  }

  #follow(document: Workflow): void {
    const known = this.#document;
    this.#document = document;
    if (known?.nodes === document.nodes && known.edges === document.edges) return;
    const nodes = new Set(document.nodes.map((node) => node.id));
    const edges = new Set(document.edges);
    for (const edge of this.#edges) if (!edges.has(edge)) this.#order.removeEdge(edge.from, edge.to);
    for (const id of this.#nodes) if (!nodes.has(id)) this.#order.removeNode(id);
    for (const id of nodes) this.#order.addNode(id);
    for (const edge of edges) {
      // An edge whose node came only now was ignored before.
      if (this.#edges.has(edge) && this.#nodes.has(edge.from) && this.#nodes.has(edge.to)) continue;
      // A loop that the document already has is left out of the order: such an edge is asked for again at the next edit.
      if (this.#order.addEdge(edge.from, edge.to)) edges.delete(edge);
    }
    this.#nodes = nodes;
    this.#edges = edges;
  }
}
