import type { Entrant, RunGate } from '../../engine/ports.ts';
import type { WorkflowSettings } from '../../spec/workflow/document.ts';
import { FairSlots } from './fair-slots.ts';

interface Seat {
  readonly runId: string;
  /** Lets the run begin; absent once it has. */
  begin: (() => void) | undefined;
}

/**
 * Decides when an accepted run begins. A *seat* is one of those that its workflow has (`maxParallelRuns`; without it `overlap` alone means
 * one): given in the order of acceptance, and kept until the run has ended, also while it waits. A *slot* is one of those that
 * the process has for all runs: given to the workflows in turn, and given back while the run waits. A run without either is durable and queued
 * here; after a restart it comes here again. Trying out one node alone is no run of the workflow, and needs neither.
 *
 *   enter    no seat -> seated, or in line when the workflow has none free;  seated -> slot, or in line for one;  slot -> may begin
 *   recall   no seat -> seated: it had begun before the restart, whatever the settings say by now
 *   rest     slot -> seated: it waits, and comes again by `enter`
 *   leave    any -> gone: the next in line get its seat and its slot
 */
export class Admission implements RunGate {
  private readonly seats = new Map<string, Seat[]>();
  private readonly slots: FairSlots;

  /** `maxRuns` at once in this process. */
  constructor(maxRuns = Number.POSITIVE_INFINITY) {
    this.slots = new FairSlots(maxRuns);
  }

  enter(run: Entrant, settings: WorkflowSettings): Promise<void> | undefined {
    if (run.only !== undefined) return undefined;
    const limit = parallelRuns(settings);
    if (limit === undefined || this.takeSeat(run, limit)) return this.slots.take(run.id, run.workflowId);
    const seat: Seat = { runId: run.id, begin: undefined };
    this.seatsOf(run).push(seat);
    return new Promise((resolve) => {
      seat.begin = () => {
        const turn = this.slots.take(run.id, run.workflowId);
        if (turn) void turn.then(resolve);
        else resolve();
      };
    });
  }

  recall(run: Entrant, settings: WorkflowSettings): void {
    if (run.only !== undefined || parallelRuns(settings) === undefined) return;
    this.seatsOf(run).push({ runId: run.id, begin: undefined });
  }

  rest(run: Entrant): void {
    this.slots.giveBack(run.id, run.workflowId);
  }

  leave(run: Entrant, settings: WorkflowSettings): void {
    this.slots.giveBack(run.id, run.workflowId);
    const seats = this.seats.get(run.workflowId);
    const index = seats?.findIndex((seat) => seat.runId === run.id) ?? -1;
    if (!seats || index < 0) return;
    seats.splice(index, 1);
    if (seats.length === 0) this.seats.delete(run.workflowId);
    const limit = parallelRuns(settings) ?? Number.POSITIVE_INFINITY;
    for (const seat of seats) {
      if (seats.filter((one) => !one.begin).length >= limit) break;
      const { begin } = seat;
      seat.begin = undefined;
      begin?.();
    }
  }

  /** Runs that have begun or wait for it, oldest first. */
  present(workflowId: string): readonly string[] {
    return (this.seats.get(workflowId) ?? []).map((seat) => seat.runId);
  }

  /** Whether the run has one of the workflow's seats now. */
  private takeSeat(run: Entrant, limit: number): boolean {
    const seats = this.seatsOf(run);
    const begun = seats.filter((seat) => !seat.begin);
    if (begun.some((seat) => seat.runId === run.id)) return true;
    if (begun.length >= limit) return false;
    seats.push({ runId: run.id, begin: undefined });
    return true;
  }

  private seatsOf({ workflowId }: Entrant): Seat[] {
    const seats = this.seats.get(workflowId) ?? [];
    this.seats.set(workflowId, seats);
    return seats;
  }
}

/** `undefined`: as many as come. */
export function parallelRuns({ maxParallelRuns, overlap }: WorkflowSettings): number | undefined {
  return maxParallelRuns ?? (overlap === undefined ? undefined : 1);
}
