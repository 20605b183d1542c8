import { type ErrorReport, errorFrom } from '../sdk/index.ts';
import { type FinishedOutputs, FLOWS_FROM } from './attempt.ts';
import { Connections } from './connections.ts';
import { StepContext, type StepHost } from './context.ts';
import { type Dataset, openDataset } from './dataset.ts';
import { type Flow, FlowBroken } from './flow.ts';
import { FollowedFlow } from './followed-flow.ts';
import type { DatasetRef } from './journal.ts';
import { Line } from './line.ts';
import { type Plan, planOf } from './plan.ts';
import type { BlobStore, Clock, Registry } from './ports.ts';
import { type History, StepScope } from './scope.ts';
import { StepAttempt } from './step.ts';
import { Halt } from './stop.ts';
import type { Job, JobInput, JobResult } from './workshop.ts';

/** Milliseconds between two words on how far a step is. */
const PROGRESS_EVERY = 100;
/** Runs whose plan is kept. */
const PLANS = 8;

/** What a step can be worked on with in a thread of its own. */
export interface ThreadWorld {
  readonly clock: Clock;
  readonly registry: Registry;
  readonly blobs: BlobStore;
}

interface Work {
  readonly attempt: StepAttempt;
  readonly halt: Halt;
  readonly flows: Map<string, Flow>;
  readonly inputs: readonly Dataset[];
}

/**
 * The workshop's own end of the line: it works on steps as the main thread tells it to, and reads and writes their datasets. What has been
 * decided about a step is the main thread's to know and to write down.
 */
export class WorkshopThread {
  readonly line: Line;
  private readonly world: ThreadWorld;
  private readonly work = new Map<number, Work>();
  private readonly plans = new Map<string, Plan>();

  constructor(post: (message: unknown) => void, world: ThreadWorld) {
    this.world = world;
    this.line = new Line(post, {
      run: (id: number, job: Job) => this.run(id, job),
      stop: (id: number, reason: ErrorReport) => this.work.get(id)?.halt.tell(errorFrom(reason)),
      finish: (id: number) => this.finish(id),
      end: (id: number) => this.end(id),
      salvage: async (id: number) => refsOf((await this.taken(id)?.attempt.salvage()) ?? []),
      grown: (id: number, slot: number, count: number, chunks: readonly number[]) =>
        this.followedAt(id, slot)?.grown(count, chunks),
      ended: (id: number, slot: number, whole: DatasetRef) => this.followedAt(id, slot)?.ended(whole),
      broken: (id: number, slot: number) => this.followedAt(id, slot)?.broken(),
      abandon: (id: number) => this.taken(id)?.attempt.abandon(),
    });
  }

  private async run(id: number, job: Job): Promise<void> {
    const planned = this.planFor(job).nodes.get(job.node);
    const runner = planned?.definition?.runner;
    if (!planned || !runner) throw new Error(`The workshop knows no node ${job.node}`);
    const halt = new Halt();
    const flows = new Map<string, Flow>();
    const inputs = job.inputs.map((given) => this.inputOf(given));
    const step = { nodeId: planned.id, nodeName: planned.name, attempt: job.attempt };
    const attempt = new StepAttempt({
      ctx: new StepContext(this.hostOf(id, job), job.key, step, undefined, halt),
      planned,
      inputs,
      scope: new StepScope(this.historyOf(job), planned, inputs, job.facts, job.now),
      blobs: this.world.blobs,
      blobPrefix: job.blobPrefix,
      host: {
        halt,
        isReadAlong: true,
        flowsFrom: FLOWS_FROM,
        canMove: false,
        flowing: (port, flow) => {
          flows.set(port, flow);
          this.line.tell('flow', id, port);
        },
        ledgerFor: notHere,
      },
    });
    this.work.set(id, { attempt, halt, flows, inputs });
    await attempt.run();
  }

  private async finish(id: number): Promise<JobResult> {
    const { attempt } = this.at(id);
    return { out: refsOf(await attempt.finish()), remembered: attempt.ctx.remembered };
  }

  private end(id: number): void {
    this.at(id).attempt.endFlows();
    this.work.delete(id);
  }

  private at(id: number): Work {
    const work = this.work.get(id);
    if (!work) throw new Error(`The workshop has no job ${id}`);
    return work;
  }

  private followedAt(id: number, slot: number): FollowedFlow | undefined {
    const input = this.work.get(id)?.inputs[slot];
    return input instanceof FollowedFlow ? input : undefined;
  }

  private taken(id: number): Work | undefined {
    const work = this.work.get(id);
    this.work.delete(id);
    return work;
  }

  private planFor({ run, document }: Job): Plan {
    const known = this.plans.get(run.id);
    if (known) return known;
    const plan = planOf(document, this.world.registry);
    if (this.plans.size >= PLANS) this.plans.delete(this.plans.keys().next().value as string);
    this.plans.set(run.id, plan);
    return plan;
  }

  private inputOf(given: JobInput): Dataset {
    if ('follow' in given) return new FollowedFlow(this.world.blobs, given.follow);
    if (!('job' in given)) return openDataset(this.world.blobs, given);
    const flow = this.work.get(given.job)?.flows.get(given.port);
    // It was given up while word of it was on the way.
    if (!flow) throw new FlowBroken();
    return flow;
  }

  private historyOf(job: Job): History {
    const opened = new Map<DatasetRef, Dataset>();
    return {
      plan: this.planFor(job),
      output: (node, port) => {
        const ref = job.history[node]?.[port];
        if (!ref) return undefined;
        const dataset = opened.get(ref) ?? openDataset(this.world.blobs, ref);
        opened.set(ref, dataset);
        return dataset;
      },
    };
  }

  private hostOf(id: number, { run }: Job): StepHost {
    const { clock } = this.world;
    let toldAt = 0;
    return {
      ports: {
        clock,
        http: notHere,
        egress: { check: notHere },
        files: { of: notHere },
        store: { readMemory: (_workflow, _node, key) => this.line.ask('memory', id, key) },
      },
      connections: new Connections(clock),
      info: run,
      log: (_node, level, message, data) => this.line.tell('log', id, level, message, data),
      progress: (_step, done, total) => {
        const now = clock.now();
        if (now - toldAt < PROGRESS_EVERY) return;
        toldAt = now;
        this.line.tell('progress', id, done, total);
      },
      respond: notHere,
      startRun: notHere,
      outcomes: () => [],
      addedBefore: () => [],
    };
  }
}

/** A runner that is `portable` does not ask for it. */
function notHere(): never {
  throw new Error('A step in the workshop reaches nothing outside');
}

function refsOf(finished: FinishedOutputs): Record<string, DatasetRef> {
  return Object.fromEntries(finished.map(([port, { ref }]) => [port, ref]));
}
