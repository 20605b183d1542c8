import type { ElkNode } from 'elkjs/lib/elk-api';
import type { Workflow } from '../../spec/workflow/document.ts';
import { columnGap, rowGap } from './card-size.ts';
import { blocksOf } from './containers.ts';
import type { Place, Types } from './edits.ts';
import { portsOf } from './flow-elements.ts';

/**
 * Places for all nodes, from left to right along the edges, computed by ELK in a worker so that the canvas stays responsive.
 * The top left corner stays where it was. A container is placed as its frame, and what stands in it keeps its place there.
 */
export async function arrange(document: Workflow, types: Types): Promise<Map<string, Place>> {
  const [{ default: Elk }, { default: workerUrl }] = await Promise.all([
    import('elkjs/lib/elk-api'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ]);
  const elk = new Elk({ workerFactory: () => new Worker(workerUrl) });
  try {
    return placesOf(document, types, await elk.layout(elkGraph(document, types)));
  } finally {
    elk.terminateWorker();
  }
}

export function elkGraph(document: Workflow, types: Types): ElkNode {
  const blocks = blocksOf(document, types);
  const outer = document.nodes.filter((node) => node.parent === undefined);
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
    children: outer.map((node) => {
      const { left, top, right, bottom } = blocks.get(node.id) ?? { left: 0, top: 0, right: 0, bottom: 0 };
      const { inputs, outputs } = portsOf(node, types.get(node.type));
      return {
        id: node.id,
        width: right - left,
        height: bottom - top,
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
      const from = outer.find((node) => node.id === edge.from);
      const to = outer.find((node) => node.id === edge.to);
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

export function placesOf(document: Workflow, types: Types, arranged: ElkNode): Map<string, Place> {
  const blocks = blocksOf(document, types);
  const before = [...blocks.values()];
  const left = before.length === 0 ? 0 : Math.min(...before.map((block) => block.left));
  const top = before.length === 0 ? 0 : Math.min(...before.map((block) => block.top));
  const children = arranged.children ?? [];
  const minX = Math.min(...children.map((child) => child.x ?? 0));
  const minY = Math.min(...children.map((child) => child.y ?? 0));
  return new Map(
    children.map((child) => {
      const [x, y] = document.layout[child.id] ?? [0, 0];
      const block = blocks.get(child.id) ?? { left: x, top: y };
      return [child.id, [(child.x ?? 0) - minX + left + x - block.left, (child.y ?? 0) - minY + top + y - block.top]];
    }),
  );
}
