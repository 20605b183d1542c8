import type { RunInfo } from '../sdk/context.ts';
import { NodeError, reportOf } from '../sdk/index.ts';
import type { Workflow } from '../spec/workflow/document.ts';
import type { Attempt, FinishedOutputs } from './attempt.ts';
import type { Remembered, StepContext } from './context.ts';
import { type Dataset, openDataset } from './dataset.ts';
import { Flow, FlowBroken, Flowing } from './flow.ts';
import type { DatasetRef } from './journal.ts';
import { FarError, Line } from './line.ts';
import type { BlobStore, Clock, StepThread, StepThreads } from './ports.ts';
import type { ScopeFacts } from './scope.ts';

/** Milliseconds without a step after which the thread is let go, with its memory. */
const IDLE = 60_000;

/** All that the workshop must know of an attempt of a step. */
export interface Job {
  readonly run: RunInfo;
  readonly facts: ScopeFacts;
  /** What `$now` is, epoch milliseconds. */
  readonly now: number;
  readonly document: Workflow;
  readonly node: string;
  /** The step's key in the journal. */
  readonly key: string;
  readonly attempt: number;
  readonly inputs: readonly JobInput[];
  /** What the steps before it gave, by node and port. */
  readonly history: Readonly<Record<string, Readonly<Record<string, DatasetRef>>>>;
  readonly blobPrefix: string;
}

/** A dataset, what another job is giving, or the blob that a step in the main thread is filling. */
export type JobInput = DatasetRef | { readonly job: number; readonly port: string } | { readonly follow: string };

/** What a finished job gave. */
export interface JobResult {
  readonly out: Readonly<Record<string, DatasetRef>>;
  readonly remembered: Remembered;
}

/**
 * Threads beside the main one, in which large steps of pure work are done, so that the main thread is there for everybody else. Each is
 * started when there is work for it, and let go when there has been none for a while. All steps of a run are in one thread at a time, where they can
 * read along with one another.
 */
export class Workshop {
  private readonly ports: StepThreads;
  private readonly clock: Clock;
  private readonly benches = new Set<Bench>();

  constructor(ports: StepThreads, clock: Clock) {
    this.ports = ports;
    this.clock = clock;
  }

  /** The bench that the run is at, else a free one, else a new one, else the one where the fewest are. */
  benchFor(runId: string): Bench {
    const known = [...this.benches].sort((a, b) => a.size - b.size);
    const bench = known.find((one) => one.has(runId)) ?? (known[0]?.size === 0 ? known[0] : undefined);
    if (bench) return bench;
    return known[0] && known.length >= this.ports.most ? known[0] : this.open();
  }

  close(): void {
    for (const bench of this.benches) bench.close();
  }

  private open(): Bench {
    const bench: Bench = new Bench(this.ports.open(), this.clock, () => this.benches.delete(bench));
    this.benches.add(bench);
    return bench;
  }
}

/** One of the threads, as it is known here; `workshop-thread.ts` is its other end. */
class Bench {
  readonly line: Line;
  private readonly thread: StepThread;
  private readonly clock: Clock;
  private readonly gone: () => void;
  private readonly attempts = new Map<number, RemoteAttempt>();
  private next = 1;
  private stopIdle: (() => void) | undefined;

  constructor(thread: StepThread, clock: Clock, gone: () => void) {
    this.thread = thread;
    this.clock = clock;
    this.gone = gone;
    this.line = new Line((message) => thread.post(message), {
      log: (job: number, level: 'info' | 'warn' | 'error', message: string, data?: unknown) =>
        this.attempts.get(job)?.ctx.log(level, message, data),
      progress: (job: number, done: number, total?: number) => this.attempts.get(job)?.ctx.progress(done, total),
      flow: (job: number, port: string) => this.attempts.get(job)?.flows(port),
      memory: (job: number, key: string) => this.attempts.get(job)?.ctx.memory.get(key),
    });
    thread.listen({
      message: (message) => this.line.take(message),
      gone: (error) => {
        gone();
        this.line.break(threadEnded(error));
      },
    });
  }

  get size(): number {
    return this.attempts.size;
  }

  has(runId: string): boolean {
    for (const { ctx } of this.attempts.values()) if (ctx.run.id === runId) return true;
    return false;
  }

  /** Gives the number of the job. */
  enter(attempt: RemoteAttempt): number {
    this.stopIdle?.();
    const job = this.next++;
    this.attempts.set(job, attempt);
    return job;
  }

  leave(job: number): void {
    if (!this.attempts.delete(job) || this.size > 0) return;
    this.stopIdle = this.clock.after(IDLE, () => this.close());
  }

  close(): void {
    this.stopIdle?.();
    this.gone();
    this.thread.close();
  }
}

function threadEnded(cause: Error): NodeError {
  const isFull = (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new NodeError({
    class: isFull ? 'config' : 'transient',
    code: isFull ? 'step-out-of-memory' : 'step-thread-ended',
    message: isFull
      ? 'The step needed more memory than a step may take.'
      : 'The thread that the step was worked on in has ended.',
    remedy: isFull
      ? 'Let it work on fewer or smaller records at once, or start Sluice with a larger --max-old-space-size.'
      : 'Restart the run from this step.',
    details: cause.message,
    cause,
  });
}

export interface RemoteOptions {
  readonly workshop: Workshop;
  readonly ctx: StepContext;
  readonly job: Omit<Job, 'inputs'>;
  readonly inputs: readonly Dataset[];
  readonly blobs: BlobStore;
  /** Told of each port that others may read along with. */
  readonly flows: (port: string, flow: RemoteFlow) => void;
}

/** An attempt of a step that is worked on in the workshop. */
export class RemoteAttempt implements Attempt {
  readonly ctx: StepContext;
  private readonly options: RemoteOptions;
  private readonly given = new Map<string, RemoteFlow>();
  private followed: readonly (() => void)[] = [];
  private entered: { readonly job: number; readonly bench: Bench } | undefined;

  constructor(options: RemoteOptions) {
    this.options = options;
    this.ctx = options.ctx;
  }

  async run(): Promise<void> {
    const { signal, run } = this.ctx;
    const bench = this.options.workshop.benchFor(run.id);
    const job = bench.enter(this);
    this.entered = { job, bench };
    const stop = () => bench.line.tell('stop', job, reportOf(signal.reason));
    signal.addEventListener('abort', stop, { once: true });
    try {
      const { job: given, inputs } = this.options;
      const done = this.ask<void>('run', { ...given, inputs: inputs.map(jobInput) } satisfies Job);
      this.followed = inputs.flatMap((input, slot) => (input instanceof Flow ? [this.follow(input, slot)] : []));
      await done;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Tells the thread of what comes in through an input. */
  private follow(flow: Flow, slot: number): () => void {
    const tell = (act: string, ...args: readonly unknown[]) =>
      this.entered?.bench.line.tell(act, this.entered.job, slot, ...args);
    return flow.follow({
      grown: (count, chunks) => tell('grown', count, chunks),
      ended: (whole) => tell('ended', whole),
      broken: () => tell('broken'),
    });
  }

  /** The thread has told that others may read along with a port. */
  flows(port: string): void {
    if (!this.entered) return;
    const flow = new RemoteFlow({ job: this.entered.job, port });
    this.given.set(port, flow);
    this.options.flows(port, flow);
  }

  async finish(): Promise<FinishedOutputs> {
    const { out, remembered } = await this.ask<JobResult>('finish');
    this.ctx.remembered = remembered;
    return this.outputs(out);
  }

  /** @param out what it gave, for those who read along. */
  endFlows(out: FinishedOutputs): void {
    for (const [port, { dataset }] of out) this.given.get(port)?.endWith(dataset);
    this.entered?.bench.line.tell('end', this.entered.job);
    this.leave();
  }

  async salvage(): Promise<FinishedOutputs> {
    for (const flow of this.given.values()) flow.break();
    const out = await this.ask<JobResult['out']>('salvage').catch(() => ({}));
    this.leave();
    return this.outputs(out);
  }

  async abandon(): Promise<void> {
    for (const flow of this.given.values()) flow.break();
    await this.ask('abandon').catch(() => this.options.blobs.delete(this.options.job.blobPrefix));
    this.leave();
  }

  private leave(): void {
    for (const end of this.followed) end();
    this.entered?.bench.leave(this.entered.job);
    this.entered = undefined;
  }

  private async ask<T>(act: string, ...args: readonly unknown[]): Promise<T> {
    if (!this.entered) throw new Error('The step is not in the workshop');
    try {
      return await this.entered.bench.line.ask<T>(act, this.entered.job, ...args);
    } catch (error) {
      throw error instanceof FarError && error.kind === 'FlowBroken' ? new FlowBroken() : error;
    }
  }

  private outputs(out: JobResult['out']): FinishedOutputs {
    const { blobs } = this.options;
    return Object.entries(out).map(([port, ref]) => [port, { ref, dataset: openDataset(blobs, ref) }]);
  }
}

function jobInput(input: Dataset): JobInput {
  if (input instanceof RemoteFlow) return input.source;
  if (input instanceof Flow) return { follow: input.blob };
  if (!input.ref) throw new Error('What a step in the workshop is given must be readable there');
  return input.ref;
}

/** What a step in the workshop gives, as it is known here: nothing until it has ended, and then as any dataset. */
export class RemoteFlow extends Flowing {
  readonly source: { readonly job: number; readonly port: string };

  constructor(source: RemoteFlow['source']) {
    super();
    this.source = source;
  }

  endWith(whole: Dataset): void {
    this.dataset = whole;
    this.end();
  }
}
