import { closest } from '../../expression/suggest.ts';
import type { Edge } from '../document.ts';
import { type InputPort, type NodeType, type OutputPort, outputsOf } from '../node-type.ts';
import { oneOf } from './form-fault.ts';
import type { Subject } from './subject.ts';

/** Ports that edges name, edges into triggers, edges twice and inputs with too many edges. */
export function checkConnections(subject: Subject): void {
  const seen = new SeenEdges();
  const writers = new Map<string, Edge>();
  subject.document.edges.forEach((edge, i) => {
    const output = checkOutput(subject, edge, i);
    const input = checkInput(subject, edge, i);
    if (!seen.add(edge, output ?? edge.output ?? '', input?.name ?? edge.input ?? '')) {
      subject.report('duplicate-edge', {
        message: `The edge ${subject.edgeWords(edge)} is there twice.`,
        remedy: 'Remove one of the two.',
        nodeIds: [edge.from, edge.to],
        path: subject.edgePath(i),
      });
      return;
    }
    if (input === undefined || input.many) return;
    // Ids hold no spaces, so the keys are unambiguous.
    const into = `${edge.to} ${input.name}`;
    const other = writers.get(into);
    if (other === undefined) {
      writers.set(into, edge);
      return;
    }
    const port =
      (subject.typeOf(edge.to)?.inputs.length ?? 0) > 1 ? `The input "${input.label ?? input.name}" of ` : '';
    subject.report('two-writers', {
      message: `${port}${subject.name(edge.to)} takes one edge, but ${
        other.from === edge.from
          ? `two come from ${subject.name(edge.from)}`
          : `both ${subject.name(other.from)} and ${subject.name(edge.from)} lead into it`
      }.`,
      remedy: 'Remove one of the edges, or bring the records together with a "Merge" node first.',
      nodeIds: [edge.to, ...new Set([other.from, edge.from])],
      path: subject.edgePath(i),
    });
  });
}

/** Edges by their ends, each with the ports of those that go there. */
class SeenEdges {
  readonly #between = new Map<string, Map<string, { readonly output: string; readonly input: string }[]>>();

  /** False when it is there already. */
  add({ from, to }: Edge, output: string, input: string): boolean {
    let targets = this.#between.get(from);
    if (targets === undefined) {
      targets = new Map();
      this.#between.set(from, targets);
    }
    const ports = targets.get(to);
    if (ports === undefined) targets.set(to, [{ output, input }]);
    else if (ports.some((one) => one.output === output && one.input === input)) return false;
    else ports.push({ output, input });
    return true;
  }
}

/** Nodes that bring several inputs together need them all, but for those that may stay empty. */
export function checkInputs(subject: Subject): void {
  const { nodes, edges } = subject.document;
  const joining = new Map(
    nodes.flatMap((node, i) => {
      const { inputs = [] } = node.disabled ? {} : (subject.typeOf(i) ?? {});
      return inputs.length > 1 && !subject.isBroken(node) ? [[node.id, { node, i, inputs }]] : [];
    }),
  );
  if (joining.size === 0) return;
  const fed = new Map<string, Set<string | undefined>>();
  for (const { to, input } of edges) {
    const first = joining.get(to)?.inputs[0]?.name;
    if (first !== undefined) fed.set(to, (fed.get(to) ?? new Set()).add(input ?? first));
  }
  for (const [id, { node, i, inputs }] of joining) {
    const names = fed.get(id);
    // Without any edge it is unreachable, which says it all.
    if (names === undefined) continue;
    for (const port of inputs) {
      if (port.optional || names.has(port.name)) continue;
      subject.report('missing-input', {
        message: `Nothing is connected to the input "${port.label ?? port.name}" of "${node.name}".`,
        remedy: 'Draw an edge into it from the node whose records belong there.',
        nodeIds: [id],
        path: subject.nodePath(i),
      });
    }
  }
}

/** The output port that the edge leaves from, by name; undefined when it cannot be known or is wrong. */
function checkOutput(subject: Subject, edge: Edge, position: number): string | undefined {
  const node = subject.node(edge.from);
  const type = subject.typeOf(edge.from);
  if (node === undefined || type === undefined || node.disabled) return edge.output;
  const ports = outputsOf(type, node);
  if (edge.output === undefined) {
    if (ports[0]) return ports[0].name;
  } else if (ports.some((port) => port.name === edge.output) || mayHave(type, node.params)) return edge.output;
  subject.report('unknown-port', {
    message:
      ports.length === 0
        ? `"${node.name}" has no output, yet an edge leads from it to ${subject.name(edge.to)}.`
        : `"${node.name}" has no output "${edge.output}", which the edge to ${subject.name(edge.to)} leaves from.`,
    remedy: outputRemedy(edge.output, ports, type),
    nodeIds: [edge.from],
    path: subject.edgePath(position, 'output'),
  });
  return undefined;
}

/** Whether outputs depend on a list that is itself an expression. */
function mayHave(type: NodeType, params: Readonly<Record<string, unknown>>): boolean {
  return type.outputs.some((port) => port.each !== undefined && typeof params[port.each] === 'string');
}

function outputRemedy(name: string | undefined, ports: readonly OutputPort[], type: NodeType): string {
  if (name === 'error') return 'Set "On error" of the node to its own branch, or remove the edge.';
  const hidden = type.outputs.find((port) => port.name === name && port.when !== undefined);
  if (hidden?.when) {
    const label = type.params.properties?.[hidden.when.param]?.ui?.label ?? hidden.when.param;
    return `This output depends on the setting "${label}". Change the setting, or remove the edge.`;
  }
  return portRemedy(name, ports);
}

function portRemedy(name: string | undefined, ports: readonly { readonly name: string }[]): string {
  const names = ports.map((port) => port.name);
  if (names.length === 0) return 'Remove the edge.';
  const nearest = name === undefined ? undefined : closest(name, names);
  if (nearest !== undefined && names.length > 1) return `Did you mean "${nearest}"? It has ${oneOf(names)}.`;
  return `Connect the edge with ${oneOf(names)}.`;
}

function checkInput(subject: Subject, edge: Edge, position: number): InputPort | undefined {
  const node = subject.node(edge.to);
  const type = subject.typeOf(edge.to);
  if (node === undefined || type === undefined) return undefined;
  if (type.kind === 'trigger') {
    subject.report('edge-into-trigger', {
      message: `An edge leads from ${subject.name(edge.from)} into the trigger "${node.name}", which starts the workflow.`,
      remedy: 'Remove the edge. To start another workflow from here, use "Run a workflow".',
      nodeIds: [edge.to, edge.from],
      path: subject.edgePath(position),
    });
    return undefined;
  }
  if (node.disabled) return undefined;
  const port =
    edge.input === undefined ? type.inputs[0] : type.inputs.find((candidate) => candidate.name === edge.input);
  if (port) return port;
  subject.report('unknown-port', {
    message:
      type.inputs.length === 0
        ? `"${node.name}" takes no input, yet an edge leads into it from ${subject.name(edge.from)}.`
        : `"${node.name}" has no input "${edge.input}", which the edge from ${subject.name(edge.from)} leads into.`,
    remedy: portRemedy(edge.input, type.inputs),
    nodeIds: [edge.to],
    path: subject.edgePath(position, 'input'),
  });
  return undefined;
}
