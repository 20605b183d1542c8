import { createHash } from 'node:crypto';
import { type Effect, NodeError } from '../sdk/index.ts';
import type { EffectCall } from '../sdk/node.ts';
import type { JournalEntry } from './journal.ts';
import type { StepState } from './run-state.ts';

/** How the ledger writes: entries in order, and a promise for everything so far being durable. */
export interface Journal {
  write(entry: JournalEntry): void;
  durable(): Promise<void>;
  now(): number;
}

/** A `once` call may or may not have taken effect; only the service or a person knows. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
  readonly key: string;
  readonly start: number;
  readonly count: number;

  constructor(key: string, call: EffectCall, cause?: unknown) {
    super('The outcome of a call is unknown', { cause });
    this.key = key;
    this.start = call.start;
    this.count = call.count;
  }
}

/** The same for the same call of the same step of the same run, over crashes and retries. */
export function callKey(runId: string, step: string, start: number): string {
  return createHash('sha256').update(`${runId}\n${step}\n${start}`).digest('base64url').slice(0, 32);
}

/**
 * The effect ledger of one step (DESIGN.md 4). Before an outside effect, everything that it depends on is durable; its outcome and
 * result are written after. A call that is known to be done gives its result again.
 *
 *   once        intent durable -> call -> outcome;  intent without outcome -> UnknownOutcome
 *   idempotent  what it depends on durable -> call -> done;  a call that is not known to be done is made (again), same key
 *   read, none  the call, nothing written
 */
export class Ledger {
  private readonly journal: Journal;
  private readonly runId: string;
  private readonly step: string;
  private readonly effect: Effect;
  private readonly state: StepState;
  private ground: Promise<void> | undefined;

  constructor(journal: Journal, runId: string, step: string, effect: Effect, state: StepState) {
    this.journal = journal;
    this.runId = runId;
    this.step = step;
    this.effect = effect;
    this.state = state;
  }

  call<T>(call: EffectCall, act: (key: string) => Promise<T>): Promise<T | undefined> {
    const key = callKey(this.runId, this.step, call.start);
    if (this.effect === 'once') return this.once(key, call, act);
    if (this.effect === 'idempotent') return this.idempotent(key, call, act);
    return act(key);
  }

  private async once<T>(key: string, call: EffectCall, act: (key: string) => Promise<T>): Promise<T | undefined> {
    const { start, count } = call;
    const known = this.state.calls.get(key);
    if (known?.outcome === 'done') return known.result as T | undefined;
    if (known && known.outcome === undefined) throw new UnknownOutcome(key, call);
    this.journal.write({ at: this.journal.now(), is: 'effect-intent', step: this.step, key, start, count });
    await this.journal.durable();
    try {
      const result = await act(key);
      this.outcome(key, 'done', result);
      return result;
    } catch (error) {
      if (mayHaveHappened(error)) throw new UnknownOutcome(key, call, error);
      this.outcome(key, 'not-done');
      throw error;
    }
  }

  private async idempotent<T>(key: string, call: EffectCall, act: (key: string) => Promise<T>): Promise<T | undefined> {
    const { start, count } = call;
    const known = this.state.calls.get(key);
    // One that took other records, such as before an update of the node, is no answer to this one.
    if (known?.outcome === 'done' && known.count === count) return known.result as T | undefined;
    this.ground ??= this.journal.durable();
    await this.ground;
    const result = await act(key);
    const at = this.journal.now();
    this.journal.write({ at, is: 'effect-done', step: this.step, key, start, count, ...kept(result) });
    this.journal.durable().catch(() => {});
    return result;
  }

  private outcome(key: string, outcome: 'done' | 'not-done', result?: unknown): void {
    const at = this.journal.now();
    this.journal.write({ at, is: 'effect-outcome', step: this.step, key, outcome, ...kept(result) });
    this.journal.durable().catch(() => {});
  }
}

function kept(result: unknown): { result?: unknown } {
  return result === undefined ? {} : { result };
}

/** Anything but the service's own clear refusal leaves open whether the effect took place. */
function mayHaveHappened(error: unknown): boolean {
  return !(error instanceof NodeError) || error.class === 'uncertain';
}
