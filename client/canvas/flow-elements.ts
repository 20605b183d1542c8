import type { Edge as FlowEdge, Node as FlowNode } from '@xyflow/react';
import type { Edge, Sticky, Workflow, WorkflowNode } from '../../spec/workflow/document.ts';
import { type InputPort, type NodeType, type OutputPort, outputsOf } from '../../spec/workflow/node-type.ts';
import { cardHeight, cardWidth, stickySize } from './card-size.ts';
import { framesOf } from './containers.ts';
import { type Place, stickyKey, type Types } from './edits.ts';
import { edgeKey, type Selection } from './selection.ts';

export interface StepData extends Record<string, unknown> {
  readonly node: WorkflowNode;
  readonly type: NodeType | undefined;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  /** Outputs that no edge takes. */
  readonly open: readonly string[];
}

export type StepElement = FlowNode<StepData, 'step'>;
export type StickyElement = FlowNode<{ readonly sticky: Sticky }, 'sticky'>;
/** The frame around a container and what stands in it. */
export type FrameElement = FlowNode<{ readonly name: string }, 'frame'>;
export type CanvasElement = StepElement | StickyElement | FrameElement;
/** `amongNames`: names of outputs stand where it begins. */
export type EdgeElement = FlowEdge<{ readonly edge: Edge; readonly amongNames: boolean }, 'flow'>;

export interface Drawn {
  readonly document: Workflow;
  readonly types: Types;
  readonly selection: Selection;
  readonly moving: ReadonlyMap<string, Place>;
}

/**
 * Turns documents into what React Flow draws. An element whose ingredients did not change is the same object as before,
 * so that only what changed is drawn again: this is what keeps large workflows smooth.
 */
export class FlowElements {
  #steps = new Map<string, { key: readonly unknown[]; element: StepElement }>();
  #stickies = new Map<string, { key: readonly unknown[]; element: StickyElement }>();
  #edges = new Map<string, { key: readonly unknown[]; element: EdgeElement }>();

  nodes({ document, types, selection, moving }: Drawn): CanvasElement[] {
    const taken = takenOutputs(document);
    const places = (id: string): Place => moving.get(id) ?? document.layout[id] ?? [0, 0];
    const steps = new Map<string, { key: readonly unknown[]; element: StepElement }>();
    for (const node of document.nodes) {
      const type = types.get(node.type);
      const used = taken.get(node.id);
      const key = [node, type, ...places(node.id), selection.nodes.has(node.id), used?.join('\n')];
      const known = this.#steps.get(node.id);
      steps.set(
        node.id,
        known && sameKey(known.key, key)
          ? known
          : { key, element: stepElement(node, type, places(node.id), selection.nodes.has(node.id), used) },
      );
    }
    this.#steps = steps;
    const stickies = new Map<string, { key: readonly unknown[]; element: StickyElement }>();
    for (const sticky of document.stickies) {
      const place = moving.get(stickyKey(sticky.id)) ?? sticky.at;
      const key = [sticky, ...place, selection.stickies.has(sticky.id)];
      const known = this.#stickies.get(sticky.id);
      stickies.set(
        sticky.id,
        known && sameKey(known.key, key)
          ? known
          : { key, element: stickyElement(sticky, place, selection.stickies.has(sticky.id)) },
      );
    }
    this.#stickies = stickies;
    const cards = new Map([...steps].map(([id, { element }]) => [id, element]));
    return [
      ...frameElements(document, cards),
      ...[...stickies.values()].map(({ element }) => element),
      ...cards.values(),
    ];
  }

  edges({ document, types, selection }: Drawn): EdgeElement[] {
    const byId = new Map(document.nodes.map((node) => [node.id, node]));
    const taken = takenOutputs(document);
    const edges = new Map<string, { key: readonly unknown[]; element: EdgeElement }>();
    for (const edge of document.edges) {
      const id = edgeKey(edge);
      const from = byId.get(edge.from);
      const to = byId.get(edge.to);
      if (!from || !to) continue;
      const output = edge.output ?? firstOutput(from, types) ?? '';
      const input = edge.input ?? types.get(to.type)?.inputs[0]?.name ?? '';
      const selected = selection.edges.has(id);
      const { outputs } = portsOf(from, types.get(from.type));
      // The name of a side output is shown where an edge leaves it.
      const isShown = (port: OutputPort) => !isSide(port) || taken.get(from.id)?.includes(port.name) === true;
      const amongNames = outputs.some((port) => isLabelled(port, outputs) && isShown(port));
      const key = [edge, output, input, selected, amongNames, from.name, to.name];
      const known = this.#edges.get(id);
      const element: EdgeElement = {
        id,
        type: 'flow',
        source: edge.from,
        sourceHandle: output,
        target: edge.to,
        targetHandle: input,
        selected,
        data: { edge, amongNames },
        ariaLabel: `From ${from.name} to ${to.name}`,
      };
      edges.set(id, known && sameKey(known.key, key) ? known : { key, element });
    }
    this.#edges = edges;
    return [...edges.values()].map(({ element }) => element);
  }
}

/** Ports that an unknown type is drawn with, so that its edges stay visible. */
export function portsOf(
  node: WorkflowNode,
  type: NodeType | undefined,
): { inputs: readonly InputPort[]; outputs: readonly OutputPort[] } {
  if (!type) return { inputs: [{ name: '', many: true }], outputs: [{ name: '', fires: 'always' }] };
  return { inputs: type.inputs, outputs: outputsOf(type, node) };
}

/** Outputs for what went wrong stay in the background. */
export function isSide(port: OutputPort): boolean {
  return port.mustBeTaken === true || port.name === 'rejected' || port.name === 'error';
}

/** Whether the output's name stands beside it. */
export function isLabelled(port: OutputPort, outputs: readonly OutputPort[]): boolean {
  return isSide(port) || outputs.filter((other) => !isSide(other)).length > 1;
}

function firstOutput(node: WorkflowNode, types: Types): string | undefined {
  const type = types.get(node.type);
  return type ? outputsOf(type, node)[0]?.name : '';
}

/** Outputs with an edge, by node; '' stands for the first one. */
function takenOutputs(document: Workflow): Map<string, string[]> {
  const taken = new Map<string, string[]>();
  for (const edge of document.edges) {
    const outputs = taken.get(edge.from) ?? [];
    outputs.push(edge.output ?? '');
    taken.set(edge.from, outputs);
  }
  return taken;
}

function stepElement(
  node: WorkflowNode,
  type: NodeType | undefined,
  [x, y]: Place,
  selected: boolean,
  taken: readonly string[] = [],
): StepElement {
  const { inputs, outputs } = portsOf(node, type);
  const open = outputs
    .filter((port, index) => !taken.includes(port.name) && !(index === 0 && taken.includes('')))
    .map((port) => port.name);
  const size = { width: cardWidth, height: cardHeight(inputs.length, outputs.length) };
  return {
    id: node.id,
    type: 'step',
    position: { x, y },
    ...size,
    measured: size,
    selected,
    data: { node, type, inputs, outputs, open },
  };
}

function stickyElement(sticky: Sticky, [x, y]: Place, selected: boolean): StickyElement {
  const [width, height] = sticky.size ?? stickySize;
  return {
    id: stickyKey(sticky.id),
    type: 'sticky',
    position: { x, y },
    width,
    height,
    measured: { width, height },
    selected,
    zIndex: -1,
    data: { sticky },
  };
}

function frameElements(document: Workflow, cards: ReadonlyMap<string, StepElement>): FrameElement[] {
  const frames = framesOf(document.nodes, ({ id }) => {
    const { x, y } = cards.get(id)?.position ?? { x: 0, y: 0 };
    return { left: x, top: y, right: x + cardWidth, bottom: y + (cards.get(id)?.height ?? 0) };
  });
  return [...frames].map(([id, { left, top, right, bottom }]) => {
    const size = { width: right - left, height: bottom - top };
    return {
      id: `frame:${id}`,
      type: 'frame',
      position: { x: left, y: top },
      ...size,
      measured: size,
      zIndex: -2,
      selectable: false,
      draggable: false,
      focusable: false,
      data: { name: cards.get(id)?.data.node.name ?? id },
    };
  });
}

function sameKey(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
