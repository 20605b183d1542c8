import { reportOf } from '../sdk/index.ts';
import type { FrameHost } from './frame.ts';
import type { InDoubt } from './journal.ts';
import { callWords, SETTINGS_SAY, UnknownOutcome } from './ledger.ts';
import type { PlannedNode } from './plan.ts';
import type { CallState, StepState } from './run-state.ts';

/** The `once` calls of a step that were begun and of which nothing is known since, and what is written of them. */
export class CallsInDoubt {
  private readonly run: FrameHost;
  /** The step's key in the journal. */
  private readonly step: string;
  private readonly planned: PlannedNode;
  private readonly state: StepState;

  constructor(run: FrameHost, step: string, planned: PlannedNode, state: StepState) {
    this.run = run;
    this.step = step;
    this.planned = planned;
    this.state = state;
  }

  get calls(): [key: string, call: CallState][] {
    if (this.planned.effect !== 'once') return [];
    return [...(this.state.calls ?? [])].filter(([, { outcome }]) => outcome === undefined);
  }

  /** Of the first of them, where the service could not even be connected to, for want of its credential, say. */
  unknown(error: unknown): UnknownOutcome {
    const [[key, { start, count, at: since }] = ['', { start: 0, count: 0, at: 0 }]] = this.calls;
    return new UnknownOutcome({ key, start, count, since, said: reportOf(error).message });
  }

  /** By the node's policy, or a person says. */
  ask({ call }: UnknownOutcome): void {
    const { journal } = this.run;
    const { step } = this;
    journal.write({ at: journal.now(), is: 'step-waiting', step, wait: { kind: 'unknown-outcome', ...call } });
    const policy = this.planned.node.unknownOutcome ?? 'ask';
    if (policy === 'ask') {
      this.warn(`The call for ${callWords(call)} waits for somebody to say whether it took effect: ${call.said}`);
      return;
    }
    this.decide(call, policy);
    journal.write({ at: journal.now(), is: 'step-woken', step, outcome: policy });
  }

  /** The settings of the step say what a call in doubt counts as. */
  decide(call: InDoubt, policy: keyof typeof SETTINGS_SAY): void {
    const { journal } = this.run;
    this.warn(`The call for ${callWords(call)}: ${call.said} ${SETTINGS_SAY[policy]}`);
    journal.write({
      at: journal.now(),
      is: 'effect-outcome',
      step: this.step,
      key: call.key,
      outcome: policy === 'assume-done' ? 'done' : 'not-done',
      decision: { by: 'settings', said: policy },
    });
  }

  /** The step is cancelled: the ledger keeps intents without an outcome, which a restart of the run settles. */
  leave(): void {
    for (const [key, call] of this.calls) {
      this.warn(`The call for ${callWords(call)} was under way and may have taken effect (key ${key}).`);
    }
  }

  private warn(message: string): void {
    this.run.log(this.planned.id, 'warn', message);
  }
}
