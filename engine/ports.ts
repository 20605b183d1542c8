import type { AxiosInstance } from 'axios';
import type { Egress } from '../sdk/context.ts';
import type { Files, NodeDefinition, TriggerDefinition } from '../sdk/index.ts';
import type { RunEvent, RunStatus, RunSummary } from '../spec/api/run.ts';
import type { Workflow, WorkflowSettings } from '../spec/workflow/document.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import type { Added, JournalEntry, RunHeader } from './journal.ts';
import type { RunStanding } from './run-state.ts';

/** The world as the engine sees it. `server/main.ts` gives the real one, tests give their own. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly store: RunStore;
  readonly blobs: BlobStore;
  readonly registry: Registry;
  readonly credentials: Credentials;
  readonly http: (options: { signal: AbortSignal; credentialId?: string }) => AxiosInstance;
  /** Makes a call within the limits of a credential; without it they are made at once. */
  readonly paced?: <T>(credentialId: string, signal: AbortSignal, act: () => Promise<T>) => Promise<T>;
  readonly egress: Egress;
  readonly files: FileArea;
  /** Values of `$vars`. */
  readonly vars: () => Readonly<Record<string, unknown>>;
  /** The published document of a workflow, for `run-workflow`. */
  readonly published: (workflowId: string) => Promise<{ document: Workflow; version: string } | undefined>;
  /** Without it every run begins at once. */
  readonly gate?: RunGate;
  /** Threads for large steps of pure work. Without them they are done in this one. */
  readonly stepThreads?: StepThreads;
}

/** The file area; what is stored outside of a run is there until the next start. */
export interface FileArea extends Files {
  /** The same for one run: what it stores is kept with it. */
  of(runId: string): Files;
}

/** Decides when an accepted run begins; until then it is `queued`. A run that was woken, or goes on after a crash, comes again. */
export interface RunGate {
  /** Resolves when the run may begin; `undefined` when it may at once. Not to be called again before that. */
  enter(run: Entrant, settings: WorkflowSettings): Promise<void> | undefined;
  /** After a start: the run had begun before, and comes again before any that has not. */
  recall(run: Entrant, settings: WorkflowSettings): void;
  /** The run does nothing any more until it comes again: it waits, or its journal cannot be written. */
  rest(run: Entrant): void;
  /** The run has ended, begun or not. */
  leave(run: Entrant, settings: WorkflowSettings): void;
}

/** What a gate knows of a run. */
export type Entrant = Pick<RunHeader, 'id' | 'workflowId' | 'only'>;

/** Time; tests drive it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls once after `ms`; the returned function calls it off. */
  after(ms: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after: (ms, act) => {
    const timer = setTimeout(act, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

export interface StepThreads {
  /** How many there may be at once. */
  readonly most: number;
  open(): StepThread;
}

/** A thread beside this one, at whose other end a `WorkshopThread` is. */
export interface StepThread {
  post(message: unknown): void;
  /** `gone` is told once, when the thread has ended without having been closed. */
  listen(on: { message(message: unknown): void; gone(error: Error): void }): void;
  close(): void;
}

export interface Registry {
  node(type: string): NodeDefinition | undefined;
  trigger(type: string): TriggerDefinition | undefined;
}

export interface Credentials {
  /** Decrypted values; rejects with a NodeError of class `config` or `auth` that says what is missing. */
  resolve(id: string): Promise<{ type: string; values: Record<string, unknown> }>;
}

/**
 * Durable state of runs: an append-only journal and the snapshot that it folds into. Acts, not tables.
 * Each promise settles when the act is durable (after its group commit); acts are committed in the order of their calls. Where the disk
 * is full, what would accept something rejects, and what is owed to accepted runs waits until it can be written.
 */
export interface RunStore {
  /** A new run; durable before it is acknowledged. With a `key` seen before, gives the run that already has it. Input and snapshot are JSON. */
  acceptRun(header: RunHeader, input: string): Promise<{ id: string; isNew: boolean }>;
  /** What happened, in order. Entries may come before their run is accepted, and count from then on. */
  append(runId: string, entries: readonly JournalEntry[]): Promise<void>;
  /**
   * The end of a run: its snapshot replaces its journal, and what it remembered takes the place of what was remembered before, or
   * joins it, in one transaction. A run never accepted before is written whole at once.
   */
  finishRun(run: FinishedRun, memory: readonly Memory[]): Promise<void>;
  /** How an unfinished run stands, for lists; not on the path of durability. */
  updateStanding(runId: string, standing: RunStanding): void;
  loadRun(runId: string): Promise<StoredRun | undefined>;
  /** More of its journal, from where the page before says; `undefined` where the run has ended since, or is gone. */
  loadJournal(runId: string, from: number): Promise<JournalPage | undefined>;
  listRuns(filter: RunFilter): Promise<{ runs: RunSummary[]; cursor?: string }>;
  /** The run that was accepted with the key. */
  runOfKey(key: string): Promise<string | undefined>;
  /** In the order of their acceptance. */
  unfinishedRuns(): Promise<UnfinishedRun[]>;
  /** Those of them that the run has called, or one that it restarts. */
  calledRuns(runId: string): Promise<string[]>;
  /** The end of a run that is not kept: it is forgotten with its journal, if it was accepted, and what it remembered is kept. */
  dropRun(runId: string, memory: readonly Memory[]): Promise<void>;
  /** Immutable document by content hash. */
  saveVersion(hash: string, document: Workflow): Promise<void>;
  loadVersion(hash: string): Promise<Workflow | undefined>;
  /** What earlier runs of the workflow have remembered last. */
  readMemory(workflowId: string, nodeId: string, key: string): Promise<unknown>;
  /** Runs that have ended, the one that was accepted first first. */
  endedRuns(filter: EndedFilter): Promise<{ runs: EndedRun[]; cursor?: string }>;
  /** Which of these runs are there, ended or not, and whose they are. */
  knownRuns(ids: readonly string[]): Promise<{ id: string; workflowId: string; isOver: boolean }[]>;
  /** What the runs of each workflow take up in the store. */
  usage(): Promise<StoreUsage[]>;
  /**
   * Forgets those of the runs that have ended and that none needs; gives their ids. Their space is kept for what comes, until
   * `reclaim`.
   */
  deleteRuns(ids: readonly string[]): Promise<string[]>;
  /** Gives a stretch of unused space back to the disk; gives the bytes that are left to give back. */
  reclaim(): Promise<number>;
  /** Rejects where nothing can be recorded now. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export interface UnfinishedRun {
  readonly header: RunHeader;
  readonly status: RunStatus;
}

export interface FinishedRun {
  readonly header: RunHeader;
  readonly standing: RunStanding;
  /** JSON, as `snapshot` is. */
  readonly input: string;
  readonly snapshot: string;
}

/**
 * What a node keeps for later runs of its workflow; `nodeId` is '' for the watermark. A `value` takes the place of the one before; null is
 * all that JSON cannot say. What is `added` joins the list that is there, as far as it is not in it yet.
 */
export type Memory = { readonly workflowId: string; readonly nodeId: string; readonly key: string } & (
  | { readonly value: unknown }
  | { readonly added: Added }
);

export interface EndedFilter {
  readonly workflowId?: string;
  /** Epoch milliseconds. */
  readonly endedBefore?: number;
  readonly cursor?: string;
  readonly limit: number;
}

export interface EndedRun {
  readonly id: string;
  readonly workflowId: string;
  readonly endedAt: number;
  /** Bytes in the store; its blobs are beside. */
  readonly bytes: number;
  /** A run that has not ended may still read what this one gave: it restarts it, called it, or was called by it. */
  readonly isNeeded: boolean;
  /** A run that is kept may point at files of this one: it restarted it, or called it. */
  readonly isShared: boolean;
}

export interface StoreUsage {
  readonly workflowId: string;
  readonly runs: number;
  readonly bytes: number;
  /** When the first of them ended; absent while none has. */
  readonly oldest?: number;
}

/** Some of the entries of a run, in order. What steps of a million calls have written is no more than that at once in memory. */
export interface JournalPage {
  readonly journal: readonly JournalEntry[];
  /** Where the next page begins, if there may be one. */
  readonly more?: number;
}

/** With the first page of its journal; that is empty once the run is finished. */
export interface StoredRun extends JournalPage {
  readonly header: RunHeader;
  readonly summary: RunSummary;
  readonly input: string;
  /** Present once finished. */
  readonly snapshot?: string;
}

export interface RunFilter {
  readonly workflowId?: string;
  readonly status?: readonly string[];
  /** Leaves out runs that another one restarts. */
  readonly notRestarted?: boolean;
  readonly cursor?: string;
  readonly limit: number;
}

/** Datasets and files by name. Content is whole or absent after a crash. */
export interface BlobStore {
  /** @param options.isKept false for what need not outlive a crash: it is never synced. */
  writer(name: string, options?: { readonly isKept?: boolean }): Promise<BlobWriter>;
  /** Synchronous, since expressions look records up while they are evaluated; a remote store keeps a local copy of what it reads. */
  readSync(name: string, start: number, length: number): Uint8Array;
  /** Another name for the same content: it stays when the first one is deleted. Neither is written again. */
  copy(from: string, to: string): Promise<void>;
  /** One blob, or all below a folder. */
  delete(name: string): Promise<void>;
  /** What is there below a folder; all with ''. Blobs that come or go meanwhile may be missed or still be told. */
  list(folder: string): AsyncIterable<BlobInfo>;
}

export interface BlobInfo {
  readonly name: string;
  readonly bytes: number;
}

export interface BlobWriter {
  readonly size: number;
  /** Appends a chunk; resolves when it is handed to the operating system. */
  write(chunk: Uint8Array): Promise<void>;
  /** Durable on disk from here on. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type RunListener = (event: RunEvent) => void;

/** What wants a run. */
export interface RunRequest {
  readonly document: Workflow;
  /** Content hash of the document. */
  readonly version: string;
  readonly draft: boolean;
  /** Trigger node it starts from; the first one if absent. */
  readonly trigger?: string;
  readonly cause: RunSummary['cause'];
  /** The trigger's records; its own sample if absent. */
  readonly records?: readonly DataRecord[];
  /** Two requests with one key make one run. */
  readonly key?: string;
  readonly restartOf?: string;
  /** The run that called it, for `run-workflow`. */
  readonly calledBy?: string;
  /** How many workflows called one another to ask for it. */
  readonly depth?: number;
  /**
   * `accepted`: resolves when the run is durable. `finished`: the caller stays for the outcome, so a short run may be written once, at its end.
   */
  readonly until?: 'accepted' | 'finished';
  /** Runs only this node and what it needs, for the node panel; `samples` stand in for the outputs of other nodes. */
  readonly only?: string;
  readonly samples?: Readonly<Record<string, readonly DataRecord[]>>;
  /** Not kept after it has succeeded (`saveRuns: failed`). */
  readonly keepOnlyFailed?: boolean;
}
