// Over 400 lines: whatever may become of a try of a step, from its start to its end, is decided here.

import { Breath, type DataRecord, type ErrorReport, errorFrom, isRetried, reportOf, UNCHANGED } from '../sdk/index.ts';
import {
  type Attempt,
  type AttemptHost,
  type AttemptOptions,
  type FinishedOutputs,
  FLOWS_FROM,
  LARGE,
  Outgrown,
} from './attempt.ts';
import { CallsInDoubt } from './calls-in-doubt.ts';
import { ContainerAttempt } from './container-attempt.ts';
import { StepContext, type StepCredential, Suspended } from './context.ts';
import { type Dataset, EMPTY, MemoryDataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import { Flow, FlowBroken, Flowing } from './flow.ts';
import type { Frame, FrameHost } from './frame.ts';
import type { DatasetRef, JournalEntry } from './journal.ts';
import { KeptResults } from './kept-results.ts';
import { Ledger, UnknownOutcome } from './ledger.ts';
import { FarError } from './line.ts';
import { type KeptLedger, keepLedger } from './made-calls.ts';
import type { PlannedNode } from './plan.ts';
import { backoff } from './retry.ts';
import { isWoken, type StepState } from './run-state.ts';
import { StepScope } from './scope.ts';
import { failedRecord, StepAttempt, timedOut } from './step.ts';
import { blobFolder, forgetBlobs } from './step-blobs.ts';
import { Halt } from './stop.ts';
import { lossyPort } from './verdict.ts';
import { perform, settled, type Work } from './work.ts';
import { RemoteAttempt, RemoteFlow } from './workshop.ts';

/** Records that a failed step sends on through `error`; the rest can be seen as its input. */
const FAILED_RECORDS = 10_000;

/** Milliseconds in which a service has to say what came of the calls that a time limit cut off; then a person is asked. */
const SETTLING = 300_000;

/** Records in memory that are handed over to another thread; to clone more takes as long as the work. */
const CLONED = 20_000;

/** Milliseconds that a node has to end by itself after it was told to stop. */
const GRACE = 5_000;

/**
 * Brings one step from its start to its end, a wait or a stop, through its attempts. Everything that happens is written to the
 * journal; nothing is thrown.
 */
export class StepRunner implements AttemptHost {
  private readonly frame: Frame;
  private readonly run: FrameHost;
  /** The step's key in the journal. */
  private readonly key: string;
  readonly planned: PlannedNode;
  private readonly inputs: readonly Dataset[];
  /** The input that is still on its way when the step starts. */
  private readonly flow: Flowing | undefined;
  private readonly state: StepState;
  /** Of the try that is under way, if it makes calls. */
  private ledger: Ledger | undefined;
  /** Of the try that is under way, or of the pause before the next. */
  halt = new Halt();
  /** Leaves the node that works behind. */
  private giveUp: ((reason: unknown) => void) | undefined;
  private stopGrace: (() => void) | undefined;

  constructor(frame: Frame, planned: PlannedNode, inputs: readonly Dataset[]) {
    this.frame = frame;
    this.run = frame.run;
    this.key = frame.prefix + planned.id;
    this.planned = planned;
    this.inputs = inputs;
    this.flow = inputs.find((one) => one instanceof Flowing);
    this.state = frame.stateOf(planned.id);
  }

  /** Tells the step to stop. A node that goes on although it was told is left behind after a while. */
  stop(reason: unknown): void {
    if (this.halt.isTold) return;
    this.halt.tell(reason);
    const { giveUp } = this;
    if (giveUp) this.stopGrace = this.run.ports.clock.after(GRACE, () => giveUp(reason));
  }

  /** What has nothing to wait for, such as pure work over few records, is done when this returns. */
  toItsEnd(): void | Promise<void> {
    const tried = this.tryOnce();
    if (tried) return this.afterTry(tried);
  }

  /** Gives its failure, or nothing when the step has come to its end, a wait or a stop. */
  private tryOnce(): Failed | undefined | Promise<Failed | undefined> {
    const { attempts } = this.state;
    const attempt = this.isContainer ? 1 : isWoken(this.state) ? attempts : attempts + 1;
    const count = this.flow ? 0 : this.countIn();
    this.write({ at: this.moment, is: 'step-started', step: this.key, attempt, in: count });
    return perform(this.attempt());
  }

  private async afterTry(first: Failed | Promise<Failed | undefined>): Promise<void> {
    let triesLeft = this.isContainer ? 0 : (this.planned.node.retry?.attempts ?? 1) - 1;
    for (let failed = await first; failed; failed = await this.tryOnce()) {
      if (triesLeft-- <= 0 || !isRetried(failed.failure)) return this.fail(failed);
      if (!(await this.comeToNextTry(failed))) return;
    }
  }

  /** A container has one try, however often it starts again: what is inside is retried by itself. */
  private get isContainer(): boolean {
    return !!this.planned.definition?.container;
  }

  /** False when it was told to stop meanwhile. */
  private async comeToNextTry({ attempt, failure }: Failed): Promise<boolean> {
    await attempt?.abandon();
    if (!this.frame.stopped) {
      // A try that took too long was told to stop; the next one was not.
      this.halt = new Halt();
      const delay = backoff(this.planned.node.retry, this.state.attempts, failure.retryAfter, Math.random());
      this.write({ at: this.moment, is: 'step-retrying', step: this.key, error: failure, until: this.moment + delay });
      if (await this.pause(delay)) return true;
    }
    await this.cancelled();
    return false;
  }

  private *attempt(): Work<Failed | undefined> {
    if (!this.planned.definition) return yield* settled(this.passThrough());
    const stopTimer = this.armTimeout();
    let attempt: Attempt | undefined;
    try {
      if (this.isForWorkshop) attempt = this.remoteAttempt();
      else {
        const credential = this.credential();
        attempt = this.localAttempt(credential && (yield* settled(credential)));
      }
      this.halt.throwIfTold();
      if (yield* this.outgrew(attempt)) {
        yield attempt.abandon();
        const remote = this.remoteAttempt();
        attempt = remote;
        yield this.orGiveUp(remote.run());
      }
      this.halt.throwIfTold();
      if (this.flow && !(yield this.flow.settled)) throw new FlowBroken();
      const finishing = attempt.finish();
      const finished = finishing instanceof Promise ? yield* settled(finishing) : finishing;
      const spare = attempt instanceof ContainerAttempt ? attempt.spareBlobs() : (this.state.results ?? []);
      const out = this.keepAll(finished);
      const kept = lossyPort(this.planned, out) === undefined ? undefined : yield* settled(this.keptLedger());
      const { values, added } = attempt.ctx.remembered;
      if (values) this.write({ at: this.moment, is: 'remembered', node: this.planned.id, values });
      this.write({
        at: this.moment,
        is: 'step-finished',
        step: this.key,
        status: 'succeeded',
        ...this.given(),
        out,
        ...kept,
        ...(added ? { added } : {}),
      });
      attempt.endFlows(finished);
      if (!this.state.results) forgetBlobs(this.run, spare);
      return undefined;
    } catch (error) {
      const failure = yield* settled(this.afterThrow(error, attempt));
      return failure && { attempt, failure };
    } finally {
      stopTimer?.();
      this.giveUp = undefined;
      this.stopGrace?.();
    }
  }

  private credential(): Promise<StepCredential> | undefined {
    const id = this.planned.node.credential;
    if (id === undefined) return undefined;
    return this.run.ports.credentials.resolve(id).then((resolved) => ({ id, ...resolved }));
  }

  /** Whether what the step gives is so much that it is to be done elsewhere; it has touched nothing outside, and is begun again there. */
  private *outgrew(attempt: Attempt): Work<boolean> {
    try {
      const work = attempt.run();
      if (work) yield attempt instanceof ContainerAttempt ? this.withRounds(work, attempt) : this.orGiveUp(work);
      return false;
    } catch (error) {
      if (error instanceof Outgrown) return true;
      throw error;
    } finally {
      if (this.ledger) yield this.ledger.end();
    }
  }

  /** Whether the step is worked on in the workshop from its beginning; where it reads along, its place is where its input is. */
  private get isForWorkshop(): boolean {
    const { flow } = this;
    if (flow instanceof RemoteFlow) return true;
    // What lies over another dataset could not be followed without that.
    if (flow instanceof Flow) return this.planned.portable && this.hasWorkshop && flow.layers === 0;
    return this.canMove && this.countIn() >= LARGE;
  }

  get canMove(): boolean {
    return this.planned.portable && this.hasWorkshop && !this.flow && !this.inputs.some(isTooMuchToClone);
  }

  /** Rounds of containers are too many and too small to gain by it. */
  private get hasWorkshop(): boolean {
    return this.run.workshop !== undefined && this.frame.prefix === '';
  }

  get flowsFrom(): number {
    return this.hasWorkshop ? LARGE : FLOWS_FROM;
  }

  private remoteAttempt(): RemoteAttempt {
    const { run, frame, planned } = this;
    if (!run.workshop) throw new Error('There is no workshop');
    const { now, zone, run: ofRun, workflow, vars } = run.facts;
    return new RemoteAttempt({
      workshop: run.workshop,
      ctx: this.contextWith(undefined),
      job: {
        run: run.info,
        facts: { now, zone, run: ofRun, workflow, vars },
        now: this.now,
        document: frame.plan.document,
        node: planned.id,
        key: this.key,
        attempt: this.state.attempts,
        history: this.flow ? {} : frame.givenBefore(planned),
        blobPrefix: this.blobPrefix,
      },
      inputs: this.inputs,
      blobs: run.ports.blobs,
      flows: (port, flow) => this.flowing(port, flow),
    });
  }

  private contextWith(credential: StepCredential | undefined): StepContext {
    const { id: nodeId, name: nodeName } = this.planned;
    const step = { nodeId, nodeName, attempt: this.state.attempts };
    return new StepContext(this.run, this.key, step, credential, this.halt);
  }

  /** What `$now` is. */
  private get now(): number {
    return this.state.startedAt ?? this.run.facts.now;
  }

  private localAttempt(credential: StepCredential | undefined): StepAttempt {
    const { run, frame, planned, inputs } = this;
    const options: AttemptOptions = {
      ctx: this.contextWith(credential),
      planned,
      inputs,
      scope: new StepScope(frame, planned, inputs, run.facts, this.now),
      blobs: run.ports.blobs,
      blobPrefix: this.blobPrefix,
      host: this,
    };
    if (!planned.definition?.container) return new StepAttempt(options);
    return new ContainerAttempt(frame, options, inputs[0] ?? EMPTY, this.halt.signal);
  }

  private get blobPrefix(): string {
    return `${blobFolder(this.run.info.id, this.key)}/${this.state.attempts}`;
  }

  /** What a step with an effect gives counts once the effect is known to have taken place; a container gives it in parts. */
  get isReadAlong(): boolean {
    const { effect, definition } = this.planned;
    return (effect === 'none' || effect === 'read') && !definition?.container && !this.canMove;
  }

  flowing(port: string, flow: Flowing): void {
    this.frame.flowing(this.planned, port, flow);
  }

  ledgerFor(ctx: StepContext): Ledger {
    const { key: step, state } = this;
    const { journal, info, ports } = this.run;
    const folder = blobFolder(info.id, step);
    this.ledger = new Ledger({
      journal,
      runId: info.id,
      step,
      effect: this.planned.effect,
      state,
      repeats: this.planned.node.unknownOutcome === 'repeat',
      results: new KeptResults({ blobs: ports.blobs, folder, journal, step, state }),
      signal: ctx.signal,
      sleep: (ms) => ctx.sleep(ms),
      log: (level, message) => ctx.log(level, message),
    });
    return this.ledger;
  }

  /** Leaves no round behind, however the container's own work ends. */
  private async withRounds(work: Promise<void>, { rounds }: ContainerAttempt): Promise<void> {
    try {
      await work;
    } finally {
      await rounds.close();
    }
  }

  private async afterThrow(error: unknown, attempt: Attempt | undefined): Promise<ErrorReport | undefined> {
    if (error instanceof Suspended) {
      this.write({ at: this.moment, is: 'step-waiting', step: this.key, wait: error.wait });
    } else if (this.frame.stopped) {
      await this.cancelled();
    } else if (error instanceof UnknownOutcome && !this.halt.isTold) {
      this.inDoubt.ask(error);
    } else if (error instanceof FlowBroken || !(await this.inputsCame())) {
      this.write({ at: this.moment, is: 'step-held-back', step: this.key });
    } else if (this.halt.isTold) {
      const failure = await this.afterTimeLimit(reportOf(this.halt.reason));
      if (failure) return failure;
    } else {
      return error instanceof FarError ? error.report : reportOf(error);
    }
    await attempt?.abandon();
    return undefined;
  }

  /** Whether what was read along came to its end; waits for it, since nothing is said of a step before all that it depends on. */
  private async inputsCame(): Promise<boolean> {
    return this.flow === undefined || (await this.flow.settled);
  }

  /** The attempt has failed, but not before it is known what came of the calls that the time limit cut off. */
  private async afterTimeLimit(failure: ErrorReport): Promise<ErrorReport | undefined> {
    const { calls } = this.inDoubt;
    if (calls.length === 0) return failure;
    const halt = new Halt();
    this.halt = halt;
    const stopTimer = this.run.ports.clock.after(SETTLING, () => halt.tell(timedOut(this.planned, SETTLING)));
    try {
      const attempt = this.localAttempt(await this.credential());
      await settleAll(calls.map(([, call]) => attempt.settle(call, failure.message)));
      return failure;
    } catch (error) {
      if (this.frame.stopped) {
        this.cancelled();
        return undefined;
      }
      const unknown = error instanceof UnknownOutcome ? error : this.inDoubt.unknown(error);
      if (this.planned.node.unknownOutcome !== 'repeat') {
        this.inDoubt.ask(unknown);
        return undefined;
      }
      // The retries of the step say how often it may run out of time.
      this.inDoubt.decide(unknown.call, 'repeat');
      return failure;
    } finally {
      stopTimer();
      await this.ledger?.end();
    }
  }

  private get inDoubt(): CallsInDoubt {
    return new CallsInDoubt(this.run, this.key, this.planned, this.state);
  }

  private async cancelled(): Promise<void> {
    if (this.frame.stopped?.why === 'closing') return;
    this.inDoubt.leave();
    const kept = await this.keptLedger();
    this.write({ at: this.moment, is: 'step-finished', step: this.key, status: 'cancelled', out: {}, ...kept });
  }

  /** What was done outside, for whoever goes on with a step that ends before all was done. */
  private keptLedger(): Promise<KeptLedger> {
    return keepLedger(this.state, this.planned.effect, this.run.ports.blobs, this.blobPrefix);
  }

  /** A node that is switched off: what comes in goes out, whatever its settings are. */
  private async passThrough(): Promise<Failed | undefined> {
    const input: Dataset = this.inputs[0] ?? EMPTY;
    const writer = new DatasetWriter(this.run.ports.blobs, `${this.blobPrefix}/records`, { base: input.asBase });
    const breath = new Breath();
    try {
      for (const { records, start } of input.batches()) {
        this.halt.throwIfTold();
        await writer.write(records, { from: start }, UNCHANGED);
        if (breath.isSpent) await breath.pause();
      }
      const out = this.keepAll([['records', await writer.finish()]]);
      this.write({ at: this.moment, is: 'step-finished', step: this.key, status: 'succeeded', ...this.given(), out });
      return undefined;
    } catch (error) {
      await writer.abandon();
      const failure = await this.afterThrow(error, undefined);
      return failure && { attempt: undefined, failure };
    }
  }

  /** What came in, if that was not known when the step started. */
  private given(): { in?: number } {
    return this.flow ? { in: this.countIn() } : {};
  }

  private countIn(): number {
    return this.inputs.reduce((sum, { count }) => sum + count, 0);
  }

  private keepAll(finished: FinishedOutputs): Record<string, DatasetRef> {
    const out: Record<string, DatasetRef> = {};
    for (const [port, { dataset, ref }] of finished) {
      this.frame.keep(this.planned.id, port, dataset);
      out[port] = ref;
    }
    return out;
  }

  private async fail({ attempt, failure: error }: Failed): Promise<void> {
    const out = this.keepAll((await attempt?.salvage()) ?? []);
    const { onError } = this.planned.node;
    if (onError === 'branch' || onError === 'continue') {
      const port = onError === 'branch' ? 'error' : (this.planned.outputs[0]?.name ?? 'records');
      const dataset = this.failedRecords(error);
      this.frame.keep(this.planned.id, port, dataset);
      out[port] = { count: dataset.count, inline: dataset.content };
    }
    const kept = await this.keptLedger();
    this.write({
      at: this.moment,
      is: 'step-finished',
      step: this.key,
      status: 'failed',
      ...this.given(),
      out,
      error,
      ...kept,
    });
  }

  /** The records that the step was given, each with the failure. */
  private failedRecords(error: ErrorReport): MemoryDataset {
    const cause = errorFrom(error);
    const given: readonly DataRecord[] = (this.inputs[0] ?? EMPTY).slice(0, FAILED_RECORDS);
    const records = (given.length > 0 ? given : [{}]).map((record) => failedRecord(record, cause));
    return new MemoryDataset(records, given.length > 0 ? { from: 0 } : undefined);
  }

  /** The node's work, unless it is left behind. (A listener at the signal would be a tenth of the time of a short step.) */
  private orGiveUp(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.giveUp = reject;
      work.then(resolve, reject);
    });
  }

  private armTimeout(): (() => void) | undefined {
    const ms = this.planned.timeout;
    if (ms === undefined) return undefined;
    return this.run.ports.clock.after(ms, () => this.stop(timedOut(this.planned, ms)));
  }

  /** Whether the time went by without a stop. */
  private pause(ms: number): Promise<boolean> {
    const { signal } = this.halt;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false);
      const aborted = () => {
        stop();
        resolve(false);
      };
      const stop = this.run.ports.clock.after(ms, () => {
        signal.removeEventListener('abort', aborted);
        resolve(true);
      });
      signal.addEventListener('abort', aborted, { once: true });
    });
  }

  private get moment(): number {
    return this.run.journal.now();
  }

  private write(entry: JournalEntry): void {
    this.run.journal.write(entry);
  }
}

/** A try that came to no good end; without an attempt where it did not come to one. */
interface Failed {
  readonly attempt: Attempt | undefined;
  readonly failure: ErrorReport;
}

/** Only what started a run can be that large and still be in memory. */
function isTooMuchToClone(input: Dataset): boolean {
  return input instanceof MemoryDataset && input.count > CLONED;
}

/** Waits for all, so that none is left behind, then fails with the first failure. */
async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === 'rejected') throw one.reason;
}
