import { reachableFrom } from '../graph.ts';
import type { Subject } from './subject.ts';

/**
 * Whether something starts the workflow and every node can come to run. A container's inner nodes are reached through it, since those
 * without an incoming edge receive its records. Nodes behind a disabled trigger count as reached: they wait for it to be enabled.
 */
export function checkReach(subject: Subject): void {
  const { document, graph } = subject;
  const triggers: string[] = [];
  let enabled = false;
  let unknown = false;
  document.nodes.forEach((node, i) => {
    const type = subject.typeOf(i);
    if (type === undefined) unknown ||= graph.previous[i]?.length === 0;
    // What is unknown and has nothing before it may well be a trigger.
    if (type?.kind === 'trigger' || (type === undefined && graph.previous[i]?.length === 0)) triggers.push(node.id);
    enabled ||= type?.kind === 'trigger' && !node.disabled;
  });
  if (!enabled && !unknown) {
    subject.report('no-trigger', {
      message:
        triggers.length > 0
          ? 'Nothing starts this workflow: its triggers are disabled.'
          : 'Nothing starts this workflow: it has no trigger.',
      remedy:
        triggers.length > 0
          ? 'Enable a trigger.'
          : 'Add a trigger, such as "Start by hand" or "Schedule", and connect it with the first node.',
      nodeIds: triggers,
      path: ['nodes'],
    });
    if (triggers.length === 0) return;
  }
  reportUnreached(subject, reachableFrom(graph, triggers));
}

function reportUnreached(subject: Subject, reached: ReadonlySet<string>): void {
  const { document, graph } = subject;
  const told = new Set<number>();
  document.nodes.forEach((node, i) => {
    if (told.has(i) || node.parent !== undefined || reached.has(node.id) || node.disabled) return;
    const group = together(subject, i, reached, told);
    const heads = group.filter((at) => graph.previous[at]?.length === 0);
    const lead = heads[0] ?? i;
    const others = group.length - 1;
    const name = `"${document.nodes[lead]?.name}"`;
    subject.report('unreachable-node', {
      message: `${name}${
        others === 0
          ? ' is'
          : others === 1
            ? ' and the node connected with it are'
            : ` and the ${others} nodes connected with it are`
      } never reached: no edges lead there from a trigger.`,
      remedy: `Connect ${name} with the node that should come before it, or disable or delete it.`,
      nodeIds: [lead, ...group.filter((at) => at !== lead)].map((at) => document.nodes[at]?.id ?? ''),
      path: subject.nodePath(lead),
    });
  });
}

/** The unreached nodes that hang together with this one, in document order. */
function together(subject: Subject, start: number, reached: ReadonlySet<string>, told: Set<number>): number[] {
  const { graph, document } = subject;
  const queue = [start];
  told.add(start);
  for (let i = 0; i < queue.length; i++) {
    const at = queue[i] ?? start;
    for (const next of [...(graph.next[at] ?? []), ...(graph.previous[at] ?? [])]) {
      const node = document.nodes[next];
      if (node === undefined || told.has(next) || reached.has(node.id) || node.parent !== undefined) continue;
      told.add(next);
      queue.push(next);
    }
  }
  return queue.sort((a, b) => a - b);
}
