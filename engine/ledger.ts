import { createHash } from 'node:crypto';
import { type Effect, isRecordFault, NodeError, reportOf, type Verdict } from '../sdk/index.ts';
import type { EffectCall } from '../sdk/node.ts';
import { inquire } from './inquiry.ts';
import type { InDoubt, JournalEntry, KeptResult, SentCall } from './journal.ts';
import type { KeptResults } from './kept-results.ts';
import type { StepState } from './run-state.ts';

/** How the ledger writes: entries in order, and a promise for everything so far being durable. */
export interface Journal {
  write(entry: JournalEntry): void;
  durable(): Promise<void>;
  now(): number;
}

/** A `once` call may or may not have taken effect, and its service cannot tell: the node's settings or a person decide. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
  readonly call: InDoubt;

  constructor(call: InDoubt) {
    super('The outcome of a call is unknown');
    this.call = call;
  }
}

/** The same for the same call of the same step of the same run, over crashes and retries. */
export function callKey(runId: string, step: string, start: number): string {
  return createHash('sha256').update(`${runId}\n${step}\n${start}`).digest('base64url').slice(0, 32);
}

/** What the ledger needs of the step's attempt. */
export interface LedgerOptions {
  readonly journal: Journal;
  readonly runId: string;
  /** The step's key in the journal. */
  readonly step: string;
  readonly effect: Effect;
  readonly state: StepState;
  /** Whether the settings of the step let a call in doubt be made again. */
  readonly repeats: boolean;
  readonly results: KeptResults;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/** How to find out about a call in doubt. */
export interface Inquiry {
  /** Asks the service; absent where it cannot be asked. */
  readonly ask: ((key: string, since: number) => Promise<Verdict>) | undefined;
  /** What the call was to send, for a person. */
  readonly sent: () => SentCall;
}

/** Times that a call is made again in one attempt since its service says that it did not take effect, or the settings let it. */
const REPEATS = 2;
/** Milliseconds before the settings let a call be made again: its service has just failed. */
const AGAIN_AFTER = 5_000;

/**
 * The effect ledger of one attempt of a step (DESIGN.md 4). Before an outside effect, everything that it depends on is durable; its
 * outcome is written after, once its result is safe. A call that is known to be done gives its result again.
 *
 *   once        intent durable -> call -> outcome;  in doubt (intent without outcome, or the answer lost) -> the service is asked
 *               -> done | not done: the call again, same key | UnknownOutcome, unless the settings let it be made again
 *   idempotent  what it depends on durable -> call -> done;  a call that is not known to be done is made (again), same key
 *   read, none  the call, nothing written
 */
export class Ledger {
  private readonly options: LedgerOptions;
  private ground: Promise<void> | undefined;
  /** Keys of calls that are not known to be done, by their start: those that a restart took over keep the key that the service knows. */
  private readonly keys = new Map<number, string>();

  constructor(options: LedgerOptions) {
    this.options = options;
    for (const [key, { start }] of options.state.calls ?? []) this.keys.set(start, key);
  }

  private keyOf({ start }: EffectCall): string {
    return this.keys.get(start) ?? callKey(this.options.runId, this.options.step, start);
  }

  /** `resultOf` makes what the call gives from the result of a verdict. */
  async call<T>(
    call: EffectCall,
    act: (key: string, found: unknown) => Promise<T>,
    inquiry: Inquiry,
    resultOf: (result: unknown) => T,
  ): Promise<T | undefined> {
    const { effect, signal } = this.options;
    // A node that was left behind after it had been told to stop may come here all the same.
    signal.throwIfAborted();
    const key = this.keyOf(call);
    if (effect === 'once') return this.once(key, call, act, inquiry, resultOf);
    if (effect === 'idempotent') return this.idempotent(key, call, act);
    return act(key, undefined);
  }

  private async once<T>(
    key: string,
    call: EffectCall,
    act: (key: string, found: unknown) => Promise<T>,
    inquiry: Inquiry,
    resultOf: (result: unknown) => T,
  ): Promise<T | undefined> {
    const { journal, step, state, results } = this.options;
    const { start, count } = call;
    const done = state.done?.get(start);
    if (done) return results.read(done) as T | undefined;
    const known = state.calls?.get(key);
    let found = known?.outcome === 'not-done' ? results.read(known) : undefined;
    if (known && known.outcome === undefined) {
      const settled = await this.settle(call, 'Sluice stopped while it was under way.', inquiry, resultOf);
      if (settled.done) return settled.result;
      found = settled.found;
    }
    for (let repeats = REPEATS; ; repeats--) {
      journal.write({ at: journal.now(), is: 'effect-intent', step, key, start, count });
      await journal.durable();
      let result: T;
      try {
        result = await act(key, found);
      } catch (error) {
        if (!this.isInDoubt(error)) {
          await this.outcome(call, 'not-done', found);
          throw error;
        }
        const settled = await this.settle(call, reportOf(error).message, inquiry, resultOf).catch((unknown: unknown) =>
          this.letAgain(call, unknown, found),
        );
        if (settled.done) return settled.result;
        found = settled.found ?? found;
        if (repeats <= 0) throw mayPass(error);
        continue;
      }
      await this.outcome(call, 'done', result).catch((error: unknown) => {
        // It was done all the same, and is not made again; only after a crash nobody would know.
        const { log } = this.options;
        const why = error instanceof Error ? error.message : String(error);
        log('warn', `The call for ${callWords(call)} was made, but what it gave could not be kept: ${why}`);
      });
      return result;
    }
  }

  private async idempotent<T>(
    key: string,
    call: EffectCall,
    act: (key: string, found: unknown) => Promise<T>,
  ): Promise<T | undefined> {
    const { journal, state, results } = this.options;
    const known = state.done?.get(call.start);
    // One that took other records, such as before an update of the node, is no answer to this one.
    if (known?.count === call.count) return results.read(known) as T | undefined;
    this.ground ??= journal.durable();
    await this.ground;
    try {
      const result = await act(key, undefined);
      const kept = results.keep(result);
      if (kept instanceof Promise) {
        // It need not be waited for: until its entry is there, the call would only be made again.
        kept.then((stored) => this.done(key, call, result, stored)).catch(() => {});
        await results.room();
      } else this.done(key, call, result, kept);
      return result;
    } catch (error) {
      throw mayPass(error);
    }
  }

  private done(key: string, { start, count }: EffectCall, result: unknown, kept: KeptResult): void {
    const { journal, step } = this.options;
    const told = { ...kept, ...refusal(result, count) };
    journal.write({ at: journal.now(), is: 'effect-done', step, key, start, count, ...told });
    journal.durable().catch(() => {});
  }

  /** The attempt has ended; settles once all that is known of its calls is in the journal. */
  end(): Promise<void> {
    return this.options.results.end();
  }

  /**
   * Finds out what came of a call that was begun: the service is asked where it can be, and its word is written down.
   * @throws UnknownOutcome when it cannot tell, or when the step has been told to stop
   */
  async settle<T>(
    call: EffectCall,
    ended: string,
    { ask, sent }: Inquiry,
    resultOf: (result: unknown) => T,
  ): Promise<{ done: true; result: T | undefined } | { done: false; found: unknown }> {
    const { state, signal, sleep, log, journal } = this.options;
    const key = this.keyOf(call);
    const since = state.calls?.get(key)?.at ?? journal.now();
    const what = callWords(call);
    const inDoubt = (said: string) =>
      new UnknownOutcome({ key, start: call.start, count: call.count, since, said, sent: sent() });
    if (signal.aborted) throw inDoubt(ended);
    if (!ask) throw inDoubt(`${ended} The service cannot be asked whether it took effect.`);
    log('warn', `It is not known whether the call for ${what} took effect: ${ended} Asking the service.`);
    const verdict = await inquire(() => ask(key, since), { sleep, log, signal }).catch((error: unknown) => {
      throw signal.aborted ? inDoubt(ended) : error;
    });
    if (verdict.outcome === 'unknown') throw inDoubt(`${ended} ${verdict.said}`);
    const decision = { by: 'service', said: verdict.said };
    if (verdict.outcome === 'done') {
      log('info', `The call for ${what} took effect, and is not made again: ${verdict.said}`);
      const result = verdict.result === undefined ? undefined : resultOf(verdict.result);
      await this.outcome(call, 'done', result, decision);
      return { done: true, result };
    }
    log('info', `The call for ${what} did not take effect, and is made again with the same key: ${verdict.said}`);
    await this.outcome(call, 'not-done', verdict.found, decision);
    return { done: false, found: verdict.found };
  }

  /**
   * A call whose answer was lost is made again where the settings say so: a few times here, then as often as the step is retried.
   * @throws what was thrown, where they do not
   */
  private async letAgain(call: EffectCall, unknown: unknown, found: unknown): Promise<{ done: false; found: unknown }> {
    const { repeats, signal, sleep, log } = this.options;
    if (!repeats || signal.aborted || !(unknown instanceof UnknownOutcome)) throw unknown;
    log('warn', `The call for ${callWords(call)}: ${unknown.call.said} ${SETTINGS_SAY.repeat}`);
    await this.outcome(call, 'not-done', found, { by: 'settings', said: 'repeat' });
    await sleep(AGAIN_AFTER);
    return { done: false, found };
  }

  private async outcome(
    call: EffectCall,
    outcome: 'done' | 'not-done',
    result?: unknown,
    decision?: { by: string; said: string },
  ): Promise<void> {
    const { journal, step, results } = this.options;
    const key = this.keyOf(call);
    const told = {
      ...(await results.keep(result)),
      ...(outcome === 'done' ? refusal(result, call.count) : {}),
      ...(decision === undefined ? {} : { decision }),
    };
    journal.write({ at: journal.now(), is: 'effect-outcome', step, key, outcome, ...told });
    journal.durable().catch(() => {});
  }

  /** Anything but the service's own clear refusal leaves open whether the call took effect; so does a call that was cut off. */
  private isInDoubt(error: unknown): boolean {
    const { signal } = this.options;
    if (isRecordFault(error)) return false;
    return !(error instanceof NodeError) || error.class === 'uncertain' || (signal.aborted && error === signal.reason);
  }
}

/** The runners of the sdk keep a refusal as the fault of each record that the call was for. */
function refusal(result: unknown, count: number): { refused?: true } {
  const isRefusal = Array.isArray(result) && result.filter((one) => one?.fault !== undefined).length === count;
  return isRefusal ? { refused: true } : {};
}

/** What the log says of a call in doubt that the settings of its step decide. */
export const SETTINGS_SAY = {
  'assume-done': 'As the settings of this step say, it is taken as done.',
  repeat: 'As the settings of this step say, it is done again.',
} as const;

/** A call that may be made again with the same key, so that another try is in order. */
function mayPass(error: unknown): unknown {
  if (!(error instanceof NodeError) || error.class !== 'uncertain') return error;
  const { code, message, details } = error;
  const remedy = 'It may be made again; the step tries again where retries are on.';
  return new NodeError({ class: 'transient', code, message, remedy, details, cause: error });
}

/** The records of a call as people count them. */
export function callWords({ start, count }: EffectCall): string {
  return count === 1 ? `record ${start + 1}` : `records ${start + 1} to ${start + count}`;
}
