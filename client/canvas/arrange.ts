import type { ElkNode } from 'elkjs/lib/elk-api';
import type { Workflow } from '../../spec/workflow/document.ts';
import { cardWidth, columnGap, rowGap } from './card-size.ts';
import { heightOf } from './containers.ts';
import type { Place, Types } from './edits.ts';
import { portsOf } from './flow-elements.ts';

/**
 * Places for all nodes, from left to right along the edges, computed by ELK in a worker so that the canvas stays responsive.
 * The top left corner stays where it was.
 */
export async function arrange(document: Workflow, types: Types): Promise<Map<string, Place>> {
  const [{ default: Elk }, { default: workerUrl }] = await Promise.all([
    import('elkjs/lib/elk-api'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ]);
  const elk = new Elk({ workerFactory: () => new Worker(workerUrl) });
  try {
    return placesOf(document, await elk.layout(elkGraph(document, types)));
  } finally {
    elk.terminateWorker();
  }
}

export function elkGraph(document: Workflow, types: Types): ElkNode {
  return {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.spacing.nodeNode': String(rowGap),
      'elk.layered.spacing.nodeNodeBetweenLayers': String(columnGap),
      'elk.spacing.componentComponent': '90',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: document.nodes.map((node) => {
      const { inputs, outputs } = portsOf(node, types.get(node.type));
      return {
        id: node.id,
        width: cardWidth,
        height: heightOf(node, types),
        layoutOptions: { 'elk.portConstraints': 'FIXED_ORDER' },
        // ELK counts ports clockwise, so those on the left go from bottom to top.
        ports: [
          ...outputs.map((port, index) => elkPort(`${node.id}>${port.name}`, 'EAST', index)),
          ...inputs.map((port, index) =>
            elkPort(`${node.id}<${port.name}`, 'WEST', outputs.length + inputs.length - index),
          ),
        ],
      };
    }),
    edges: document.edges.flatMap((edge, index) => {
      const from = document.nodes.find((node) => node.id === edge.from);
      const to = document.nodes.find((node) => node.id === edge.to);
      if (!from || !to) return [];
      const output = edge.output ?? portsOf(from, types.get(from.type)).outputs[0]?.name;
      const input = edge.input ?? portsOf(to, types.get(to.type)).inputs[0]?.name;
      if (output === undefined || input === undefined) return [];
      return [{ id: `e${index}`, sources: [`${from.id}>${output}`], targets: [`${to.id}<${input}`] }];
    }),
  };
}

function elkPort(id: string, side: 'EAST' | 'WEST', index: number) {
  return { id, width: 1, height: 1, layoutOptions: { 'elk.port.side': side, 'elk.port.index': String(index) } };
}

function placesOf(document: Workflow, arranged: ElkNode): Map<string, Place> {
  const before = Object.values(document.layout);
  const left = before.length === 0 ? 0 : Math.min(...before.map(([x]) => x));
  const top = before.length === 0 ? 0 : Math.min(...before.map(([, y]) => y));
  const children = arranged.children ?? [];
  const minX = Math.min(...children.map((child) => child.x ?? 0));
  const minY = Math.min(...children.map((child) => child.y ?? 0));
  return new Map(children.map((child) => [child.id, [(child.x ?? 0) - minX + left, (child.y ?? 0) - minY + top]]));
}
