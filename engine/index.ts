export { createEngine } from './engine.ts';
export { RoundNotKept } from './level.ts';
export { NoSuchPort } from './record-pages.ts';

import type { Profile } from '../spec/api/profile.ts';
import type { RestartPreview } from '../spec/api/restart.ts';
import type { RunSummary, RunView, StepView } from '../spec/api/run.ts';
import type { Trace } from '../spec/api/trace.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import type { Response } from './journal.ts';
import type { RunFilter, RunListener, RunRequest } from './ports.ts';
import type { RestartOptions } from './restarts.ts';
import type { TraceRequest } from './trace.ts';

/** Runs workflows; made by `createEngine(ports)`. Documents given to it have passed `validate()`. */
export interface Engine {
  /** Takes a run on. Resolves as `until` says: durable, or finished. */
  start(request: RunRequest): Promise<StartedRun>;
  /** Whether a run was taken on under the key; another request with it would only be told of that run. */
  knows(key: string): Promise<boolean>;
  /** The run with its steps, live or stored. */
  run(id: string): Promise<RunView | undefined>;
  /** What the run has told whoever started it, as far as it is kept: of runs with a key, and of those that have waited. */
  response(id: string): Promise<Response | undefined>;
  /** Whether a run is being worked on here; one that is only rows, such as while it waits, is not. */
  isActive(id: string): boolean;
  runs(filter: RunFilter): Promise<{ runs: RunSummary[]; cursor?: string }>;
  /**
   * Output records of a step's port by position. `port` defaults to the step's first with records; one that the step does not have
   * is refused with `NoSuchPort`, and a step of a round that is not kept with `RoundNotKept`, here and below.
   */
  records(
    runId: string,
    node: string,
    options: { port?: string; offset: number; limit: number },
  ): Promise<RecordPage | undefined>;
  /** Input records of a step, by position. */
  inputRecords(
    runId: string,
    node: string,
    options: { port?: string; offset: number; limit: number },
  ): Promise<RecordPage | undefined>;
  /** What is in the records at a port, column by column, with some of them from all over. */
  profile(
    runId: string,
    node: string,
    side: 'in' | 'out',
    options: { port?: string; sample: number },
  ): Promise<Profile | undefined>;
  /** The path of one record through the run; `undefined` when the run, the step or the record is not there. */
  trace(runId: string, node: string, request: TraceRequest): Promise<Trace | undefined>;
  log(runId: string): Promise<readonly import('../spec/api/run.ts').LogLine[]>;
  /** The steps of a run that wait for a person's word; of those inside containers each by itself, with its key in `wait.step`. */
  questions(runId: string): Promise<StepView[]>;
  cancel(id: string, by: string): Promise<boolean>;
  /** A new run that takes over what is finished and goes on from the failed step, or from `from`. Resolves once it is durable. */
  restart(id: string, options: RestartOptions): Promise<StartedRun>;
  /** What a restart would reuse, do again and repeat outside. */
  previewRestart(id: string, options: RestartOptions): Promise<RestartPreview>;
  /** Ends a wait of a step, named by its id or its key: an approval, a callback, or a person's word on an unknown outcome. */
  answer(runId: string, node: string, answer: Answer): Promise<boolean>;
  /** Resolves when the run has ended (also when it already had). */
  finished(id: string): Promise<RunView>;
  on(listener: RunListener): () => void;
  /** Closes the shared clients that were opened with a credential, such as when it has changed. */
  forget(credential: string): Promise<void>;
  /** After a start, before any run is taken on: gives every run that a crash or stop left unfinished its place before those to come. */
  lineUp(): Promise<void>;
  /** Goes on with those runs, the ones that were at work first. `left`: those that cannot go on now, such as for a missing node type. */
  recover(): Promise<{ resumed: number; left: { id: string; why: string }[] }>;
  /** Stops taking work and leaves every unfinished run in the journal for the next start. */
  close(): Promise<void>;
}

export type Answer =
  | { readonly kind: 'approved' | 'declined'; readonly by: string; readonly comment?: string }
  | { readonly kind: 'called'; readonly body: unknown }
  | {
      readonly kind: 'done' | 'not-done' | 'again';
      readonly by: string;
      /** Key of the call that is meant, so that the answer is not taken for another one. */
      readonly call?: string;
    };

export interface StartedRun {
  readonly id: string;
  /** False when a run with the same key was there already. */
  readonly isNew: boolean;
  /** Settles when a `respond` node answers, or with `undefined` when the run ends or waits without. */
  readonly response: Promise<Response | undefined>;
  readonly finished: Promise<RunView>;
}

export interface RecordPage {
  readonly records: readonly DataRecord[];
  readonly total: number;
  readonly port: string;
  readonly ports: Readonly<Record<string, number>>;
}
