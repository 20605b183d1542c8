import type { Edge, Workflow, WorkflowNode } from '../document.ts';
import { type Graph, graphOf } from '../graph.ts';
import type { NodeType } from '../node-type.ts';
import type { NodeTypeIndex } from '../node-type-index.ts';
import type { Problem } from '../problem.ts';
import { type ProblemCode, problem } from '../problem-codes.ts';
import type { Form } from './form.ts';

/** What lies outside the document and some checks ask for. A check whose list is absent is left out. */
export interface ValidationContext {
  /** Credentials that exist. */
  readonly credentials?: readonly { readonly id: string; readonly type: string }[];
  /** Ids of workflows that `run-workflow` may name. */
  readonly workflows?: readonly string[];
}

/** The document under examination, with what the checks share. */
export class Subject {
  readonly document: Workflow;
  readonly context: ValidationContext;
  readonly types: NodeTypeIndex;
  readonly graph: Graph;
  readonly problems: Problem[];
  readonly #form: Form;
  readonly #found: readonly (NodeType | undefined)[];

  constructor(form: Form, types: NodeTypeIndex, context: ValidationContext) {
    this.#form = form;
    this.document = form.document;
    this.problems = [...form.problems];
    this.types = types;
    this.context = context;
    this.graph = graphOf(form.document);
    this.#found = form.document.nodes.map((node) => types.find(node.type, node.version));
  }

  /** The node that has this id; the first one where several do. */
  node(id: string | undefined): WorkflowNode | undefined {
    const position = id === undefined ? undefined : this.graph.positions.get(id);
    return position === undefined ? undefined : this.document.nodes[position];
  }

  /** The type of a node by position, or of the node with an id; undefined when it is unknown. */
  typeOf(node: number | string): NodeType | undefined {
    const position = typeof node === 'string' ? this.graph.positions.get(node) : node;
    return position === undefined ? undefined : this.#found[position];
  }

  isBroken(node: WorkflowNode): boolean {
    return this.#form.broken.has(node.id);
  }

  /** The node's name in quotes. */
  name(id: string): string {
    return `"${this.node(id)?.name ?? id}"`;
  }

  nodePath(position: number, ...rest: (string | number)[]): (string | number)[] {
    return ['nodes', this.#form.nodeAt[position] ?? position, ...rest];
  }

  edgePath(position: number, ...rest: (string | number)[]): (string | number)[] {
    return ['edges', this.#form.edgeAt[position] ?? position, ...rest];
  }

  report(code: ProblemCode, details: Parameters<typeof problem>[1]): void {
    this.problems.push(problem(code, details));
  }

  /** `"A" to "B"`, for messages about an edge. */
  edgeWords(edge: Edge): string {
    return `from ${this.name(edge.from)} to ${this.name(edge.to)}`;
  }
}
