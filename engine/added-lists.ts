import type { Added, AddedByNode } from './journal.ts';
import type { PlannedNode } from './plan.ts';
import type { RunState, StepState } from './run-state.ts';
import { nodeOf } from './step-key.ts';

/** The same where more is still to come: over many rounds nothing is copied. */
export type GrowingLists = Record<string, Record<string, { readonly entries: string[]; most: number }>>;

export function addLists(sums: GrowingLists, more: AddedByNode): void {
  for (const [node, lists] of Object.entries(more)) {
    const known = sums[node] ?? {};
    sums[node] = known;
    for (const [key, { entries, most }] of Object.entries(lists)) {
      const list = known[key] ?? { entries: [], most };
      for (const entry of entries) list.entries.push(entry);
      list.most = most;
      known[key] = list;
    }
  }
}

/** What the steps of a level have added, with the rounds of its containers that have ended well; `undefined` if that is nothing. */
export function addedIn(level: {
  readonly nodes: readonly PlannedNode[];
  stateOf(node: string): StepState;
}): AddedByNode | undefined {
  let sums: GrowingLists | undefined;
  for (const { id } of level.nodes) {
    const { added, rounds } = level.stateOf(id);
    if (!added && !rounds?.added) continue;
    sums ??= {};
    if (added) addLists(sums, { [id]: added });
    if (rounds?.added) addLists(sums, rounds.added);
  }
  return sums;
}

/** What a step inside containers has added to a list in other rounds, as far as these have ended well. */
export function addedBefore({ steps }: RunState, step: string, list: string): Added[] {
  const parts = step.split('/');
  const found: Added[] = [];
  for (let end = 1; end < parts.length; end += 2) {
    const container = steps.get(parts.slice(0, end).join('/'));
    const added = container?.rounds?.added?.[nodeOf(step)]?.[list];
    if (added) found.push(added);
  }
  return found;
}
