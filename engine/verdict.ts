import type { ErrorReport, Rejection } from '../sdk/index.ts';
import type { Frame } from './frame.ts';
import type { PlannedNode } from './plan.ts';
import type { StepState } from './run-state.ts';
import type { History } from './scope.ts';

export interface Verdict {
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly error?: ErrorReport & { node?: string };
}

/**
 * How a level ends once nothing is left to do: failed when a step failed that nothing takes care of, or when rejected records were
 * left lying (unless the run was asked for one node `only`).
 */
export function verdictOf(frame: Frame, only: boolean): Verdict {
  if (frame.stopped?.why === 'cancelled') return { status: 'cancelled' };
  if (frame.stopped?.why === 'run-timeout') return { status: 'failed', error: RUN_TIMEOUT };
  for (const planned of frame.nodes) {
    const step = frame.stateOf(planned.id);
    const error =
      step.status === 'failed' && !isHandled(planned)
        ? step.error
        : only
          ? undefined
          : lostRecords(planned, step, frame);
    if (error) return { status: 'failed', error: { ...error, node: planned.id } };
  }
  return { status: 'succeeded' };
}

const RUN_TIMEOUT: ErrorReport = {
  class: 'timeout',
  code: 'run-timed-out',
  message: 'The run took longer than its workflow allows.',
  remedy: 'Give it more time in the workflow settings, or find the step that takes so long in the timeline.',
};

function isHandled({ node, outgoing }: PlannedNode): boolean {
  return node.onError === 'continue' || (node.onError === 'branch' && outgoing.some((edge) => edge.output === 'error'));
}

function lostRecords(planned: PlannedNode, step: StepState, history: History): ErrorReport | undefined {
  if (planned.node.onError === 'continue') return undefined;
  for (const port of planned.outputs) {
    const count = step.out[port.name]?.count ?? 0;
    if (!port.mustBeTaken || count === 0) continue;
    if (planned.outgoing.some((edge) => edge.output === port.name)) continue;
    const first = history.output(planned.id, port.name)?.recordAt(0)?._rejected as Partial<Rejection> | undefined;
    const { message = 'no reason given.', remedy = '' } = first ?? {};
    return {
      class: 'bad-data',
      code: 'records-rejected',
      message: `"${planned.name}" rejected ${count === 1 ? 'a record' : `${count} records`}. The first one: ${message}`,
      remedy: `${remedy === '' ? '' : `${remedy} `}Look at its rejected records, or draw an edge from its "${port.name}" output so that they are dealt with.`,
    };
  }
  return undefined;
}
