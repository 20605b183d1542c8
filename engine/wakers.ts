import type { WaitOutcome } from '../sdk/index.ts';
import { Alarms } from './alarms.ts';
import type { Clock } from './ports.ts';
import type { RunState } from './run-state.ts';

/** How a run ended, for a step that waited for it. */
export type CalledEnd = Omit<Extract<WaitOutcome, { kind: 'finished' }>, 'kind'>;

/** What wakers need of the engine. */
export interface WakerHost {
  readonly clock: Clock;
  /** Ends a wait and goes on with the run. */
  wake(runId: string, step: string, outcome: unknown): Promise<unknown>;
  /** The time limit of a run is up. */
  timeUp(runId: string): Promise<unknown>;
  /** How a run ended; undefined while it has not. */
  endOf(runId: string): Promise<CalledEnd | undefined>;
}

/** Timers and watched runs behind the waits of all runs. They hold ids only; the wait itself is in the journal. */
export class Wakers {
  private readonly host: WakerHost;
  private readonly alarms: Alarms;
  /** Runs that wait for a run to finish, by that run's id. */
  private readonly parents = new Map<string, { run: string; step: string }[]>();

  constructor(host: WakerHost) {
    this.host = host;
    this.alarms = new Alarms(host.clock, (name) => this.ring(name));
  }

  /** Arms whatever can wake a parked run, its time limit among it. */
  armAll(state: RunState, deadline: number | undefined): void {
    for (const step of state.steps.keys()) this.arm(state, step);
    if (deadline !== undefined) this.alarms.set(nameOf(state.header.id, ''), deadline);
  }

  arm(state: RunState, step: string): void {
    const wait = state.steps.get(step)?.wait;
    if (!wait) return;
    if (wait.kind === 'run') this.watch(wait.runId, state.header.id, step);
    const until = wait.kind === 'until' ? wait.at : 'until' in wait ? wait.until : undefined;
    if (until !== undefined) this.alarms.set(nameOf(state.header.id, step), until);
  }

  disarm(runId: string, step: string): void {
    this.alarms.clear(nameOf(runId, step));
  }

  /** Wakes whatever waited for the run. `end` is made only if something did. */
  finished(runId: string, end: () => CalledEnd): void {
    if (this.alarms.size > 0) this.alarms.clear(nameOf(runId, ''));
    const parents = this.parents.get(runId);
    if (!parents) return;
    this.parents.delete(runId);
    const outcome: WaitOutcome = { kind: 'finished', ...end() };
    for (const { run, step } of parents) this.host.wake(run, step, outcome).catch(() => {});
  }

  close(): void {
    this.alarms.close();
  }

  private ring(name: string): Promise<unknown> {
    const [run = '', step = ''] = name.split('\n');
    return step === '' ? this.host.timeUp(run) : this.host.wake(run, step, { kind: 'elapsed' });
  }

  private watch(child: string, run: string, step: string): void {
    const known = this.parents.get(child) ?? [];
    if (known.some((one) => one.run === run && one.step === step)) return;
    this.parents.set(child, [...known, { run, step }]);
    void this.host.endOf(child).then((end) => end && this.finished(child, () => end));
  }
}

/** Step keys hold no line break. */
function nameOf(runId: string, step: string): string {
  return `${runId}\n${step}`;
}
