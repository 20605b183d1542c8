import { isDeepStrictEqual } from 'node:util';
import type { Plan, PlannedEdge, PlannedNode } from './plan.ts';
import { keysInside, type RoundsState, type RunState, type StepState } from './run-state.ts';
import { roundIn } from './step-key.ts';
import { endedWell } from './verdict.ts';

/** The run that is restarted, as its journal tells it. */
export interface OldRun {
  readonly state: RunState;
  readonly plan: Plan;
}

/**
 * What a restart does with a step.
 *
 *   reused    its outcome is taken over
 *   goes-on   it has stopped in the middle and gets the same input: what it did outside, or its finished rounds, are taken over
 *   redone    it starts anew
 *   first     it has not run yet
 */
export type StepFate = 'reused' | 'goes-on' | 'redone' | 'first';

/**
 * Decides for one level of the workflow: the workflow itself (`prefix` is ''), or one round of a container. Done again is `from`, every
 * step that did not end well or whose inputs are others in this version, and all that comes after one of those.
 */
export function fatesOf(
  old: OldRun,
  plan: Plan,
  nodes: readonly PlannedNode[],
  prefix: string,
  from: string | undefined,
): Map<string, StepFate> {
  const again = new Set<string>();
  const mark = (id: string) => {
    if (again.has(id)) return;
    again.add(id);
    for (const edge of plan.nodes.get(id)?.outgoing ?? []) mark(edge.to);
  };
  const asked = from === undefined ? undefined : inLevel(plan, nodes, from);
  if (asked !== undefined) mark(asked);
  for (const planned of nodes) {
    const step = old.state.steps.get(prefix + planned.id);
    const isKept = step !== undefined && endedWell(planned, step) && hasSameInputs(old.plan, planned);
    if (!planned.trigger && !isKept) mark(planned.id);
  }
  const fates = new Map<string, StepFate>();
  for (const planned of nodes) {
    const key = prefix + planned.id;
    const step = old.state.steps.get(key);
    fates.set(planned.id, fate(planned, key, step));
  }
  return fates;

  function fate(planned: PlannedNode, key: string, step: StepState | undefined): StepFate {
    if (!again.has(planned.id)) return 'reused';
    if (!step || step.status === 'pending' || step.status === 'skipped') return 'first';
    const getsTheSame = hasSameInputs(old.plan, planned) && !planned.incoming.some((edge) => again.has(edge.from));
    const asksForAll = planned.id === asked && endedWell(planned, step);
    return getsTheSame && !asksForAll && canGoOn(old, planned, key, step) ? 'goes-on' : 'redone';
  }
}

/** The node itself, or the container around it that stands in this level. */
function inLevel(plan: Plan, nodes: readonly PlannedNode[], id: string): string | undefined {
  for (let at: string | undefined = id; at !== undefined; at = plan.nodes.get(at)?.node.parent) {
    if (nodes.some((planned) => planned.id === at)) return at;
  }
  return undefined;
}

/** Whether the node stood in the old version as it does here, with the same edges into it. */
function hasSameInputs(before: Plan, planned: PlannedNode): boolean {
  const old = before.nodes.get(planned.id);
  if (!old || old.node.type !== planned.node.type || old.node.parent !== planned.node.parent) return false;
  if ((old.definition === undefined) !== (planned.definition === undefined)) return false;
  return isDeepStrictEqual(old.incoming.map(edgeWords), planned.incoming.map(edgeWords));
}

function edgeWords({ from, output, input }: PlannedEdge): string {
  return `${from}.${output} -> ${input}`;
}

function canGoOn(old: OldRun, planned: PlannedNode, key: string, step: StepState): boolean {
  const container = planned.definition?.container;
  if (!container) return step.made !== undefined || (step.unsettled ?? []).length > 0;
  const before = old.plan.nodes.get(planned.id)?.params;
  if (!step.rounds || !container.cutBy.every((name) => isDeepStrictEqual(before?.[name], planned.params[name])))
    return false;
  // Where every round is done and the container failed of itself, going on would only fail again, unless it has changed.
  return hasRoundsLeft(old.state, key, step.rounds) || !isDeepStrictEqual(before, planned.params);
}

function hasRoundsLeft(state: RunState, key: string, rounds: RoundsState): boolean {
  if (failedRounds(rounds).length > 0 || partialRounds(state, key, rounds).length > 0) return true;
  return rounds.total !== undefined && rounds.done < rounds.total;
}

/** Rounds that failed and whose records have not been given out as rejected or left out. */
export function failedRounds({ ended }: RoundsState): number[] {
  return Object.entries(ended).flatMap(([round, { status }]) => (status === 'failed' ? Number(round) : []));
}

/** Rounds that have not ended well and whose steps are known. */
export function partialRounds(state: RunState, key: string, rounds: RoundsState): number[] {
  const found = new Set(keysInside(state, key).map((inner) => roundIn(key, inner)));
  const failed = new Set(failedRounds(rounds));
  return [...found].filter((round) => failed.has(round) || (!rounds.kept.includes(round) && !rounds.ended[round]));
}
