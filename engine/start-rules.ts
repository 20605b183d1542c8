import type { StartRule } from '../spec/workflow/document.ts';
import type { PlannedNode } from './plan.ts';
import type { SkipReason, StepState } from './run-state.ts';

/** What an edge brings to the node it leads to. `open`: not settled yet. */
export type EdgeFate = 'open' | 'arrived' | 'not-fired' | 'failed';

/** What becomes of an edge from `output` of a step. */
export function fateOf(source: PlannedNode, state: StepState, output: string): EdgeFate {
  switch (state.status) {
    case 'succeeded':
      return fired(source, state, output) ? 'arrived' : 'not-fired';
    case 'failed':
      if (state.out[output]) return 'arrived';
      return source.node.onError === 'branch' && hasErrorEdge(source) ? 'not-fired' : 'failed';
    case 'cancelled':
      return 'failed';
    case 'skipped':
      return state.skipped === 'upstream-failed' ? 'failed' : 'not-fired';
    default:
      return 'open';
  }
}

function hasErrorEdge(source: PlannedNode): boolean {
  return source.outgoing.some((edge) => edge.output === 'error');
}

function fired(source: PlannedNode, state: StepState, output: string): boolean {
  const ref = state.out[output];
  if (!ref) return false;
  return ref.count > 0 || source.outputs.some((port) => port.name === output && port.fires === 'always');
}

/** Start, wait on, or skip with the reason (DESIGN.md 4). A node with no edge into it never starts by itself. */
export function startDecision(rule: StartRule, fates: readonly EdgeFate[]): 'start' | 'wait' | SkipReason {
  if (fates.length === 0) return 'not-started';
  if (fates.includes('open')) return 'wait';
  const arrived = fates.includes('arrived');
  const failed = fates.includes('failed');
  switch (rule) {
    case 'all-succeeded':
      if (failed) return 'upstream-failed';
      return arrived ? 'start' : 'no-route';
    case 'any-succeeded':
      if (arrived) return 'start';
      return failed ? 'upstream-failed' : 'no-route';
    case 'all-finished':
      return arrived || failed ? 'start' : 'no-route';
    case 'any-failed':
      return failed ? 'start' : 'no-route';
  }
}
