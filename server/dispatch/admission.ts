import type { RunHeader } from '../../engine/journal.ts';
import type { RunGate } from '../../engine/ports.ts';
import type { WorkflowSettings } from '../../spec/workflow/document.ts';

interface Seat {
  readonly runId: string;
  /** Lets the run begin; absent once it has. */
  begin: (() => void) | undefined;
}

type Entrant = Pick<RunHeader, 'id' | 'workflowId' | 'only'>;

/**
 * How many runs of a workflow go side by side (`maxParallelRuns`; without it `overlap` alone means one). A run beyond that has been accepted and
 * is durable, and waits here in the order of acceptance; after a restart it comes here again. Trying out one node alone is no run of the workflow.
 */
export class Admission implements RunGate {
  private readonly seats = new Map<string, Seat[]>();

  enter({ id: runId, workflowId, only }: Entrant, settings: WorkflowSettings): Promise<void> | undefined {
    const limit = parallelRuns(settings);
    if (limit === undefined || only !== undefined) return undefined;
    const seats = this.seats.get(workflowId) ?? [];
    this.seats.set(workflowId, seats);
    const begun = seats.filter((seat) => !seat.begin);
    if (begun.some((seat) => seat.runId === runId)) return undefined;
    const seat: Seat = { runId, begin: undefined };
    seats.push(seat);
    if (begun.length < limit) return undefined;
    return new Promise((resolve) => {
      seat.begin = resolve;
    });
  }

  leave({ id: runId, workflowId }: Entrant, settings: WorkflowSettings): void {
    const seats = this.seats.get(workflowId);
    const index = seats?.findIndex((seat) => seat.runId === runId) ?? -1;
    if (!seats || index < 0) return;
    seats.splice(index, 1);
    if (seats.length === 0) this.seats.delete(workflowId);
    const limit = parallelRuns(settings) ?? Number.POSITIVE_INFINITY;
    for (const seat of seats) {
      if (seats.filter((one) => !one.begin).length >= limit) break;
      const { begin } = seat;
      seat.begin = undefined;
      begin?.();
    }
  }

  /** Runs that have begun or wait, oldest first. */
  present(workflowId: string): readonly string[] {
    return (this.seats.get(workflowId) ?? []).map((seat) => seat.runId);
  }
}

/** `undefined`: as many as come. */
export function parallelRuns({ maxParallelRuns, overlap }: WorkflowSettings): number | undefined {
  return maxParallelRuns ?? (overlap === undefined ? undefined : 1);
}
