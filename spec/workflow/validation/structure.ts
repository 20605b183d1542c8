import { findCycles } from '../cycles.ts';
import type { Subject } from './subject.ts';

/** Ids, ends of edges, loops and containers: what must hold for the document to be a graph at all. */
export function checkStructure(subject: Subject): void {
  checkIds(subject);
  checkEdgeEnds(subject);
  checkContainers(subject);
  checkCycles(subject);
}

function checkIds(subject: Subject): void {
  const { nodes } = subject.document;
  if (subject.graph.positions.size === nodes.length) return;
  nodes.forEach((node, i) => {
    const first = subject.graph.positions.get(node.id) ?? i;
    if (first === i) return;
    const others = nodes[first]?.name === node.name ? `"${node.name}"` : `"${nodes[first]?.name}" and "${node.name}"`;
    subject.report('duplicate-node-id', {
      message: `Two nodes have the id "${node.id}": ${others}.`,
      remedy: 'Give one of them another id.',
      nodeIds: [node.id],
      path: subject.nodePath(i, 'id'),
    });
  });
}

const ENDS = ['from', 'to'] as const;

function checkEdgeEnds(subject: Subject): void {
  const { positions } = subject.graph;
  subject.document.edges.forEach((edge, i) => {
    for (const end of ENDS) {
      if (positions.has(edge[end])) continue;
      const other = end === 'from' ? edge.to : edge.from;
      const otherWords = positions.has(other) ? subject.name(other) : `"${other}"`;
      subject.report('dangling-edge', {
        message:
          end === 'from'
            ? `An edge into ${otherWords} comes from a node that does not exist: "${edge.from}".`
            : `An edge from ${otherWords} leads to a node that does not exist: "${edge.to}".`,
        remedy: 'Remove the edge, or connect it with an existing node.',
        nodeIds: positions.has(other) ? [other] : [],
        path: subject.edgePath(i, end),
      });
    }
  });
}

function checkCycles(subject: Subject): void {
  for (const loop of findCycles(subject.graph)) {
    const names = loop.map((id) => subject.node(id)?.name ?? id);
    const route = [...names, names[0]].join(' -> ');
    const inside = subject.node(loop[0])?.parent;
    const where = inside !== undefined && subject.node(inside) ? ` inside ${subject.name(inside)}` : '';
    subject.report('cycle', {
      message:
        loop.length === 1
          ? `"${names[0]}" leads back into itself: ${route}.`
          : `These nodes go round in a loop${where}: ${route}.`,
      remedy:
        loop.length === 1
          ? 'Remove the edge. To repeat a node, put it into a "For each" or "Repeat until" container.'
          : 'Remove one of the edges between them. To repeat nodes, put them into a "For each" or "Repeat until" container.',
      nodeIds: loop,
      path: ['edges'],
    });
  }
}

function checkContainers(subject: Subject): void {
  const { nodes } = subject.document;
  const holds = new Set<string>();
  let nested = false;
  nodes.forEach((node, i) => {
    if (node.parent === undefined) return;
    nested = true;
    holds.add(node.parent);
    checkParent(subject, i);
  });
  nodes.forEach((node, i) => {
    if (subject.typeOf(i)?.kind !== 'container' || node.disabled || holds.has(node.id)) return;
    subject.report('empty-container', {
      message: `"${node.name}" has nothing inside it to repeat.`,
      remedy: 'Put nodes into it, or delete it.',
      nodeIds: [node.id],
      path: subject.nodePath(i),
    });
  });
  if (!nested) return;
  checkNesting(subject);
  checkBorders(subject);
}

function checkParent(subject: Subject, position: number): void {
  const node = subject.document.nodes[position];
  if (node?.parent === undefined) return;
  const details = { nodeIds: [node.id], path: subject.nodePath(position, 'parent') };
  if (!subject.graph.positions.has(node.parent)) {
    subject.report('unknown-container', {
      message: `"${node.name}" stands in a container that does not exist: "${node.parent}".`,
      remedy: 'Move it out of the container, or into one that exists.',
      ...details,
    });
    return;
  }
  const container = subject.typeOf(node.parent);
  if (container !== undefined && container.kind !== 'container') {
    subject.report('not-a-container', {
      message: `"${node.name}" stands inside ${subject.name(node.parent)}, which cannot hold other nodes.`,
      remedy: 'Move it out, and connect the two with an edge instead.',
      ...details,
      nodeIds: [node.id, node.parent],
    });
  }
  if (subject.typeOf(position)?.kind === 'trigger') {
    subject.report('trigger-in-container', {
      message: `The trigger "${node.name}" stands inside ${subject.name(node.parent)}.`,
      remedy: 'Move it out: a trigger starts the whole workflow.',
      ...details,
    });
  }
}

function checkNesting(subject: Subject): void {
  const judged = new Set<string>();
  for (const start of subject.document.nodes) {
    const chain: string[] = [];
    const onChain = new Set<string>();
    let at: string | undefined = start.id;
    while (at !== undefined && !judged.has(at) && !onChain.has(at)) {
      chain.push(at);
      onChain.add(at);
      at = subject.node(at)?.parent;
    }
    if (at !== undefined && onChain.has(at)) {
      const loop = chain.slice(chain.indexOf(at));
      const names = loop.map((id) => subject.name(id));
      subject.report('container-cycle', {
        message:
          loop.length === 1
            ? `${names[0]} stands inside itself.`
            : `These containers stand inside each other: ${[...names, names[0]].join(' in ')}.`,
        remedy: loop.length === 1 ? 'Move it out.' : 'Move one of them out.',
        nodeIds: loop,
        path: subject.nodePath(subject.graph.positions.get(at) ?? 0, 'parent'),
      });
    }
    for (const id of chain) judged.add(id);
  }
}

function checkBorders(subject: Subject): void {
  subject.document.edges.forEach((edge, i) => {
    const from = subject.node(edge.from);
    const to = subject.node(edge.to);
    if (!from || !to || from.parent === to.parent) return;
    subject.report('edge-crosses-container', {
      message: `The edge ${subject.edgeWords(edge)} crosses the border of a container: ${placeWords(subject, from.parent, from.name)}, ${placeWords(subject, to.parent, to.name)}.`,
      remedy:
        'Connect nodes that stand in the same place only. Records enter and leave a container through the container itself.',
      nodeIds: [edge.from, edge.to],
      path: subject.edgePath(i),
    });
  });
}

function placeWords(subject: Subject, parent: string | undefined, name: string): string {
  return parent === undefined ? `"${name}" stands outside` : `"${name}" stands in ${subject.name(parent)}`;
}
