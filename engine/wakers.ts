import type { Clock } from './ports.ts';
import type { RunState } from './run-state.ts';

/** What wakers need of the engine. */
export interface WakerHost {
  readonly clock: Clock;
  /** Ends a wait and goes on with the run. */
  wake(runId: string, step: string, outcome: unknown): Promise<unknown>;
  /** How a run ended; undefined while it has not. */
  endOf(runId: string): Promise<{ status: string; output: readonly unknown[] } | undefined>;
}

/** Timers and watched runs behind the waits of all runs. They hold ids only; the wait itself is in the journal. */
export class Wakers {
  private readonly host: WakerHost;
  private readonly timers = new Map<string, () => void>();
  /** Runs that wait for a run to finish, by that run's id. */
  private readonly parents = new Map<string, { run: string; step: string }[]>();

  constructor(host: WakerHost) {
    this.host = host;
  }

  armAll(state: RunState): void {
    for (const step of state.steps.keys()) this.arm(state, step);
  }

  arm(state: RunState, step: string): void {
    const wait = state.steps.get(step)?.wait;
    if (!wait) return;
    if (wait.kind === 'run') this.watch(wait.runId, state.header.id, step);
    const until = wait.kind === 'until' ? wait.at : 'until' in wait ? wait.until : undefined;
    if (until === undefined) return;
    const name = `${state.header.id}\n${step}`;
    this.timers.get(name)?.();
    const delay = Math.max(0, until - this.host.clock.now());
    this.timers.set(
      name,
      this.host.clock.after(delay, () => this.due(state, step, until)),
    );
  }

  disarm(runId: string, step: string): void {
    const name = `${runId}\n${step}`;
    this.timers.get(name)?.();
    this.timers.delete(name);
  }

  /** Wakes whatever waited for the run. */
  finished(runId: string, endOf: () => { status: string; output: readonly unknown[] }): void {
    const parents = this.parents.get(runId);
    if (!parents) return;
    this.parents.delete(runId);
    const end = endOf();
    for (const { run, step } of parents) void this.host.wake(run, step, { kind: 'finished', ...end });
  }

  close(): void {
    for (const stop of this.timers.values()) stop();
  }

  /** Timers reach no further than about 24 days, so a wait is looked at again when one fires. */
  private due(state: RunState, step: string, until: number): void {
    if (this.host.clock.now() < until) this.arm(state, step);
    else void this.host.wake(state.header.id, step, { kind: 'elapsed' });
  }

  private watch(child: string, run: string, step: string): void {
    const known = this.parents.get(child) ?? [];
    if (known.some((one) => one.run === run && one.step === step)) return;
    this.parents.set(child, [...known, { run, step }]);
    void this.host.endOf(child).then((end) => end && this.finished(child, () => end));
  }
}
