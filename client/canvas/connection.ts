import type { Edge, Workflow } from '../../spec/workflow/document.ts';
import type { Types } from './edits.ts';
import { portsOf } from './flow-elements.ts';

interface End {
  readonly nodeId: string;
  readonly id?: string | null | undefined;
  readonly type?: string;
}

/** The edge between two ports, whichever of them the wire began at. Ports that are first need no name. */
export function edgeOfConnection(a: End | null, b: End | null, document: Workflow, types: Types): Edge | undefined {
  if (!a || !b || a.type === b.type) return undefined;
  const [from, to] = a.type === 'source' ? [a, b] : [b, a];
  return edgeBetween(document, types, { from: from.nodeId, output: from.id ?? '', to: to.nodeId, input: to.id ?? '' });
}

/** An edge by port names as drawn, printed as the document does: without names of first ports. */
export function edgeBetween(
  document: Workflow,
  types: Types,
  ports: { from: string; output: string; to: string; input: string },
): Edge | undefined {
  const from = document.nodes.find((node) => node.id === ports.from);
  const to = document.nodes.find((node) => node.id === ports.to);
  if (!from || !to) return undefined;
  const firstOutput = portsOf(from, types.get(from.type)).outputs[0]?.name ?? '';
  const firstInput = portsOf(to, types.get(to.type)).inputs[0]?.name ?? '';
  return {
    from: from.id,
    ...(ports.output === '' || ports.output === firstOutput ? {} : { output: ports.output }),
    to: to.id,
    ...(ports.input === '' || ports.input === firstInput ? {} : { input: ports.input }),
  };
}
