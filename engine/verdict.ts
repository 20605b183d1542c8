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

/** Whether a step that has come to its end leaves nothing to be done about it: it succeeded and lost no record, or its failure is taken care of. */
export function endedWell(planned: PlannedNode, step: StepState): boolean {
  if (step.status === 'failed') return isHandled(planned);
  if (step.status === 'skipped') return step.skipped !== 'upstream-failed';
  return step.status === 'succeeded' && lossyPort(planned, step.out) === undefined;
}

/** The output whose records should have been taken up by an edge and were not. */
export function lossyPort({ node, outputs, outgoing }: PlannedNode, out: StepState['out']): string | undefined {
  if (node.onError === 'continue') return undefined;
  return outputs.find(
    ({ name, mustBeTaken }) =>
      mustBeTaken && (out[name]?.count ?? 0) > 0 && !outgoing.some((edge) => edge.output === name),
  )?.name;
}

function isHandled({ node, outgoing }: PlannedNode): boolean {
  return node.onError === 'continue' || (node.onError === 'branch' && outgoing.some((edge) => edge.output === 'error'));
}

function lostRecords(planned: PlannedNode, step: StepState, history: History): ErrorReport | undefined {
  const port = lossyPort(planned, step.out);
  if (port === undefined) return undefined;
  const count = step.out[port]?.count ?? 0;
  const first = history.output(planned.id, port)?.recordAt(0)?._rejected as Partial<Rejection> | undefined;
  const { message = 'no reason given.', remedy = '' } = first ?? {};
  return {
    class: 'bad-data',
    code: 'records-rejected',
    message: `"${planned.name}" rejected ${count === 1 ? 'a record' : `${count} records`}. The first one: ${message}`,
    remedy: `${remedy === '' ? '' : `${remedy} `}Look at its rejected records, or draw an edge from its "${port}" output so that they are dealt with.`,
  };
}
