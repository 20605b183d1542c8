import { addedIn } from './added-lists.ts';
import type { Frame } from './frame.ts';
import type { Memory } from './ports.ts';
import type { RunFacts } from './run-facts.ts';
import { readUpTo } from './run-state.ts';

/** What a run leaves to later ones. Trying out a node leaves nothing, and no run takes back how far another one read. */
export function leftBy(root: Frame, facts: RunFacts): Memory[] {
  const { state } = root.run;
  const { only, workflowId } = state.header;
  if (only !== undefined) return [];
  const { '': ours, ...nodes } = state.memory;
  const kept: Memory[] = Object.entries(nodes).flatMap(([nodeId, values]) =>
    Object.entries(values).map(([key, value]) => ({ workflowId, nodeId, key, value })),
  );
  for (const [nodeId, lists] of Object.entries(addedIn(root) ?? {})) {
    for (const [key, added] of Object.entries(lists)) kept.push({ workflowId, nodeId, key, added });
  }
  if (!root.plan.usesWatermark) return kept;
  const value = readUpTo(state);
  if (value > String(facts.run.watermark)) kept.push({ workflowId, nodeId: '', key: 'watermark', value });
  return kept;
}
