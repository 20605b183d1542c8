import type { ErrorReport } from '../sdk/index.ts';
import type { LogLine, RunStatus, StepStatus } from '../spec/api/run.ts';
import { addLists, type GrowingLists } from './added-lists.ts';
import type { Added, DatasetRef, JournalEntry, KeptResult, Response, RunHeader, StepWait } from './journal.ts';
import { addTallies, type Tally } from './tally.ts';

/** How a run stands; with its header, all that lists say of it. */
export interface RunStanding {
  status: RunStatus;
  startedAt?: number;
  finishedAt?: number;
  error?: ErrorReport & { node?: string };
}

/**
 * A run's state is the fold of its journal; this file is the state machine.
 *
 *   run:   queued -> running -> (waiting | needs-you ->)* -> succeeded | failed | cancelled
 *   step:  pending -> running -> (retrying | waiting | needs-you ->)* -> succeeded | failed | skipped | cancelled
 *
 *   run-started          queued -> running
 *   step-started         pending | retrying | waiting | needs-you -> running      (also running -> running, after a crash)
 *   step-retrying        running -> retrying
 *   step-waiting         running -> waiting, or needs-you for an unknown outcome and an approval
 *   step-woken           waiting | needs-you stay, with the outcome kept for the next start
 *   step-finished        running -> succeeded | failed | cancelled
 *   step-held-back       running | retrying -> pending: it read along with a step that did not come to its end
 *   step-skipped         pending -> skipped, or running | retrying -> skipped, if a crash came while it read along and the step before then failed
 *   run-finished         any -> succeeded | failed | cancelled
 *   rounds-taken-over    a restart begins with the rounds that ended well in the run before
 *   effect-outcome       also after the step's end: what came of a call that was under way
 *   round-finished       the steps of a round of a container are folded into tallies; kept whole are the first one and some that failed.
 *                        What they have added to lists over runs counts from here on if it ended well, also for rounds to come
 *   rounds-stored        the results of a container's rounds up to here are in its datasets; they are not kept by round any more
 *   responded            the first one counts
 *   remembered           kept for later runs, in the same act of the store as the end of a run that succeeds
 *
 * While a run is unfinished its status follows from its steps: running while one runs or retries, else needs-you, else waiting.
 */
export interface RunState extends RunStanding {
  readonly header: RunHeader;
  cancelRequested: boolean;
  /** What whoever started it was told, as far as it is kept. */
  response?: Response;
  /** A step of it has waited. */
  hasWaited?: true;
  readonly steps: Map<string, StepState>;
  readonly log: LogLine[];
  /** What is kept for later runs if this one succeeds, by node and key; of a node in rounds, what was said last. */
  readonly memory: Record<string, Readonly<Record<string, unknown>>>;
}

export interface StepState {
  status: StepStatus;
  attempts: number;
  in: number;
  out: Readonly<Record<string, DatasetRef>>;
  startedAt?: number;
  finishedAt?: number;
  error?: ErrorReport;
  readonly tries: { attempt: number; startedAt: number; finishedAt?: number; error?: ErrorReport }[];
  wait?: StepWait | { readonly kind: 'retry'; readonly until: number };
  /** What its waits came to, in order of its `suspend` calls; of a container, since its last round. */
  readonly outcomes: unknown[];
  skipped?: SkipReason;
  /** The effect ledger of this step: `once` calls that were begun and are not known to be done, by key. Dropped when the step is finished. */
  calls?: Map<string, CallState>;
  /** And all calls that are done, by the position of their first record. There may be a million. Dropped with those. */
  done?: Map<number, DoneCall>;
  /** It began a `once` call: what was done of it must not be forgotten while it may be done again. */
  acted?: true;
  /** The blobs that results of its calls are in. Dropped when the step is finished, unless a restart may need them. */
  results?: readonly string[];
  /** Of a finished step that was not done with all: the calls that were made (`made-calls.ts`). */
  made?: DatasetRef;
  /** Of a finished step: `once` calls that were under way at its end. */
  unsettled?: UnsettledCall[];
  /** What it has added to lists over runs, by key: for later runs, if its round and the run end well. */
  added?: Readonly<Record<string, Added>>;
  /** Its outcome was taken over by a restart. */
  reused?: true;
  /** Of a container. */
  rounds?: RoundsState;
}

export interface RoundsState {
  total?: number;
  done: number;
  failed: number;
  /** The first round whose results are not in `stored`. */
  first: number;
  /** What the container gave so far, by port, in parts. */
  stored: Record<string, DatasetRef[]>;
  /** Rounds from `first` on that have ended. */
  ended: Record<number, EndedRound>;
  /** Rounds that have ended and whose steps are still there. */
  kept: number[];
  /** The stretches of the container's input that kept rounds were given. */
  given?: Readonly<Record<number, { readonly start: number; readonly count: number }>>;
  /** What the nodes inside did in the rounds that have ended, by node id. */
  tallies: Readonly<Record<string, Tally>>;
  /** What they have added to lists over runs in those that ended well. */
  added?: GrowingLists;
}

export interface EndedRound {
  readonly status: 'succeeded' | 'failed';
  readonly results: DatasetRef;
  readonly error?: ErrorReport;
  /** Of a failed one: what is taken off the sums again if it is done again. */
  readonly tallies?: Readonly<Record<string, Tally>>;
}

/** A call under way when its step ended. Without an outcome, nobody knows whether it took effect. */
export interface UnsettledCall extends CallState {
  readonly key: string;
}

/** What is kept of a call that was not done is what the service has of it all the same. */
export interface CallState extends KeptResult {
  readonly start: number;
  readonly count: number;
  /** When it was begun. */
  readonly at: number;
  readonly outcome?: 'done' | 'not-done';
}

export interface DoneCall extends KeptResult {
  readonly count: number;
  /** The service refused every record of it. */
  readonly refused?: true;
}

/** `no-route`: nothing that it hangs on fired. `upstream-failed`: something did not come to its end. */
export type SkipReason = 'no-route' | 'upstream-failed' | 'not-started' | 'not-asked';

/** Failed rounds of a container whose steps are kept, to be looked at. Those that acted outside are kept all: a restart goes on inside them. */
const FAILED_ROUNDS = 10;

/** Log lines kept with a run; later ones are counted out. */
const LOG_LINES = 1000;

export function newRunState(header: RunHeader): RunState {
  return { header, status: 'queued', cancelRequested: false, steps: new Map(), log: [], memory: {} };
}

export function stepOf(state: RunState, key: string): StepState {
  let step = state.steps.get(key);
  if (step === undefined) {
    step = { status: 'pending', attempts: 0, in: 0, out: {}, tries: [], outcomes: [] };
    state.steps.set(key, step);
  }
  return step;
}

export function apply(state: RunState, entry: JournalEntry): void {
  switch (entry.is) {
    case 'run-started':
      state.status = 'running';
      state.startedAt ??= entry.at;
      return;
    case 'cancel-requested':
      state.cancelRequested = true;
      return;
    case 'run-finished':
      state.status = entry.status;
      state.finishedAt = entry.at;
      if (entry.error) state.error = entry.error;
      return;
    case 'remembered':
      state.memory[entry.node] = { ...state.memory[entry.node], ...entry.values };
      return;
    case 'responded':
      state.response ??= entry.response;
      return;
    case 'log':
      if (state.log.length < LOG_LINES) state.log.push(entry.line);
      return;
    default: {
      const step = stepOf(state, entry.step);
      applyToStep(step, entry);
      if (entry.is === 'step-waiting') state.hasWaited = true;
      if (entry.is === 'round-finished') foldRound(state, entry);
      if (entry.is.startsWith('step-')) state.status = liveStatus(state, step);
    }
  }
}

function applyToStep(step: StepState, entry: Extract<JournalEntry, { step: string }>): void {
  switch (entry.is) {
    case 'step-started':
      step.status = 'running';
      step.attempts = entry.attempt;
      step.in = entry.in;
      step.startedAt ??= entry.at;
      delete step.wait;
      startTry(step, entry.attempt, entry.at);
      return;
    case 'step-retrying':
      step.status = 'retrying';
      step.wait = { kind: 'retry', until: entry.until };
      endTry(step, entry.at, entry.error);
      return;
    case 'step-waiting':
      step.status = entry.wait.kind === 'approval' || entry.wait.kind === 'unknown-outcome' ? 'needs-you' : 'waiting';
      step.wait = entry.wait;
      endTry(step, entry.at);
      return;
    case 'step-woken':
      if (step.wait?.kind !== 'unknown-outcome') step.outcomes.push(entry.outcome);
      delete step.wait;
      return;
    case 'step-held-back':
      Object.assign(step, { status: 'pending', attempts: 0, in: 0 });
      step.tries.length = 0;
      delete step.startedAt;
      delete step.wait;
      return;
    case 'step-skipped':
      step.status = 'skipped';
      delete step.wait;
      step.skipped = entry.why;
      return;
    case 'step-finished':
      step.status = entry.status;
      step.finishedAt = entry.at;
      step.out = entry.out;
      if (entry.in !== undefined) step.in = entry.in;
      if (entry.error) step.error = entry.error;
      delete step.wait;
      delete step.calls;
      delete step.done;
      if (entry.made) step.made = entry.made;
      if (entry.unsettled) step.unsettled = entry.unsettled.map((call) => ({ ...call }));
      if (!entry.made && !entry.unsettled) delete step.results;
      if (entry.added) step.added = entry.added;
      if (entry.reused) step.reused = true;
      if (step.rounds && entry.status === 'succeeded') step.rounds = { ...step.rounds, stored: {}, ended: {} };
      endTry(step, entry.at, entry.error);
      return;
    case 'rounds-expected':
      roundsOf(step).total = entry.total;
      return;
    case 'rounds-taken-over':
      step.rounds = structuredClone(entry.rounds);
      return;
    case 'round-finished':
      endRound(roundsOf(step), entry);
      step.outcomes.length = 0;
      return;
    case 'rounds-stored':
      storeRounds(roundsOf(step), entry);
      return;
    case 'effect-intent':
      step.acted = true;
      step.calls ??= new Map();
      step.calls.set(entry.key, { start: entry.start, count: entry.count, at: entry.at });
      return;
    case 'effect-outcome': {
      const { key, outcome, result, stored } = entry;
      const call = step.calls?.get(key);
      if (call && outcome === 'done') {
        callDone(step, { ...entry, start: call.start, count: call.count });
        return;
      }
      const open = call ?? step.unsettled?.find((one) => one.key === key);
      if (open) Object.assign(open, { outcome, result, stored });
      return;
    }
    case 'effect-done':
      callDone(step, entry);
      return;
    case 'effect-results':
      step.results = [...(step.results ?? []), entry.blob];
      return;
  }
}

function callDone(step: StepState, call: DoneCall & { readonly key: string; readonly start: number }): void {
  const { key, start, count, result, stored, refused } = call;
  step.calls?.delete(key);
  step.done ??= new Map();
  const isPlain = result === undefined && stored === undefined && !refused;
  step.done.set(start, isPlain ? plainCall(count) : { count, result, stored, ...(refused ? { refused } : {}) });
}

const plainCalls: DoneCall[] = [];

/** Of calls that gave nothing, those of as many records are all the same. Only where they are of few can there be very many. */
function plainCall(count: number): DoneCall {
  if (count > 1000) return { count };
  plainCalls[count] ??= { count };
  return plainCalls[count];
}

/** A container that goes on after a wait is still in its one try. */
function startTry(step: StepState, attempt: number, at: number): void {
  const last = step.tries.at(-1);
  if (last?.attempt === attempt) delete last.finishedAt;
  else step.tries.push({ attempt, startedAt: at });
}

function roundsOf(step: StepState): RoundsState {
  step.rounds ??= { done: 0, failed: 0, first: 0, stored: {}, ended: {}, kept: [], tallies: {} };
  return step.rounds;
}

function endRound(rounds: RoundsState, entry: Extract<JournalEntry, { is: 'round-finished' }>): void {
  rounds.done++;
  if (entry.status === 'failed') rounds.failed++;
  const { status, results, error, tallies } = entry;
  rounds.ended[entry.round] =
    status === 'failed' ? { status, results, tallies, ...(error === undefined ? {} : { error }) } : { status, results };
  rounds.tallies = addTallies(rounds.tallies, entry.tallies);
  if (!entry.added) return;
  rounds.added ??= {};
  addLists(rounds.added, entry.added);
}

function storeRounds(rounds: RoundsState, entry: Extract<JournalEntry, { is: 'rounds-stored' }>): void {
  for (let round = rounds.first; round < entry.before; round++) delete rounds.ended[round];
  rounds.first = entry.before;
  for (const [port, ref] of Object.entries(entry.out)) {
    const parts = rounds.stored[port] ?? [];
    parts.push(ref);
    rounds.stored[port] = parts;
  }
}

function foldRound(
  state: RunState,
  { step, round, status, given }: Extract<JournalEntry, { is: 'round-finished' }>,
): void {
  const rounds = roundsOf(stepOf(state, step));
  const inside = keysInside(state, `${step}/${round}`);
  const acted = inside.some((key) => state.steps.get(key)?.acted);
  if (round === 0 || (status === 'failed' && (acted || rounds.failed <= FAILED_ROUNDS))) {
    rounds.kept.push(round);
    if (given) rounds.given = { ...rounds.given, [round]: given };
  } else for (const key of inside) state.steps.delete(key);
}

/** The steps in a round, or in all live and kept rounds of a container, those of inner containers included. */
export function keysInside(state: RunState, outer: string): string[] {
  return [...state.steps.keys()].filter((key) => key.startsWith(`${outer}/`));
}

function endTry(step: StepState, at: number, error?: ErrorReport): void {
  const last = step.tries.at(-1);
  if (!last || last.finishedAt !== undefined) return;
  last.finishedAt = at;
  if (error) last.error = error;
}

/** `last` is the step that has changed; the others need a look only where one may wait. */
function liveStatus(state: RunState, last: StepState): RunStatus {
  if (state.finishedAt !== undefined || state.status === 'queued') return state.status;
  if (last.status === 'running' || !state.hasWaited) return 'running';
  let status: RunStatus = 'running';
  for (const step of state.steps.values()) {
    if (step.status === 'running' || step.status === 'retrying') return 'running';
    if (step.status === 'needs-you') status = 'needs-you';
    else if (step.status === 'waiting' && status === 'running') status = 'waiting';
  }
  return status;
}

export function isOver({ status }: StepState): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'skipped' || status === 'cancelled';
}

/** Its wait has ended, and it has not started again yet. */
export function isWoken(step: StepState): boolean {
  return (step.status === 'waiting' || step.status === 'needs-you') && !step.wait;
}

/** Whether a wait inside a container has ended, so that the container can go on. */
export function isAwakeInside(state: RunState, container: string): boolean {
  return keysInside(state, container).some((key) => isWoken(stepOf(state, key)));
}

/** How far a workflow has been read once the run succeeds: until it began, or the run from which it took over what was read. */
export function readUpTo({ memory, startedAt = 0 }: RunState): string {
  return String(memory['']?.watermark ?? new Date(startedAt).toISOString());
}
