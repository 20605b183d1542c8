import type { Readable } from 'node:stream';
import type { AxiosInstance } from 'axios';
import type { DataRecord, FileValue } from '../spec/workflow/record.ts';

export interface NodeMemory {
  /**
   * What earlier runs have left under the key. Inside a container a list has what was added to it in rounds of this run that have ended
   * well, too; not what rounds at work at the same time add.
   */
  get(key: string): Promise<unknown>;
  /** Takes the place of what is there: of several rounds or runs at once, the last one to end counts. */
  set(key: string, value: unknown): void;
  /** Adds entries to the list under the key that are not in it yet, and keeps the `most` newest: those of several rounds or runs at once are all kept. */
  add(key: string, entries: readonly string[], most: number): void;
}

/** All that a node may touch of the world. `C` is the type of the credential's values. */
export interface NodeContext<C = unknown> {
  /** Values of the node's credential, decrypted; `undefined` if it has none. */
  readonly credential: C;
  /** Credential type, such as `postgres`; '' if it has none. */
  readonly credentialType: string;
  /** axios with egress guard, pool and rate budget; aborts with the step. */
  readonly http: AxiosInstance;
  readonly egress: Egress;
  readonly files: Files;
  readonly signal: AbortSignal;
  readonly run: RunInfo;
  readonly step: { readonly nodeId: string; readonly nodeName: string; readonly attempt: number };
  /** Epoch milliseconds. */
  now(): number;
  /** Waits, and ends early with the abort reason. */
  sleep(ms: number): Promise<void>;
  log(level: 'info' | 'warn' | 'error', message: string, data?: unknown): void;
  /** Records done and known, for the progress bar of long steps. */
  progress(done: number, total?: number): void;
  /**
   * A client shared by all runs with this credential: opened at first use, closed when idle or when the credential changes.
   * `key` tells apart several clients of one credential.
   */
  connect<T>(key: string, open: () => Promise<T>, close: (client: T) => Promise<void> | void): Promise<T>;
  /** Makes one call with a client of its own within the limits that the credential sets; requests of `http` keep to them by themselves. */
  paced<T>(act: () => Promise<T>): Promise<T>;
  /** Drops the shared client, such as after an expired session. */
  disconnect(key: string): Promise<void>;
  /** Small state of this node over runs of its workflow, kept only if the run succeeds (volumes, cursors, what was seen). */
  readonly memory: NodeMemory;
  /**
   * Puts the step to sleep without holding a process; when what it waits for has come, the step starts again and the same
   * call returns it. Call it before any effect.
   */
  suspend(wait: Wait): Promise<WaitOutcome>;
  /** Answers the webhook that started this run; without one, it is only kept with the run. */
  respond(response: { status: number; headers: Record<string, string>; body: unknown }): void;
  /** Starts a published workflow; the same key never starts two. Gives the run's id. */
  startRun(workflowId: string, records: readonly DataRecord[], key: string): Promise<string>;
}

/** The egress guard, for clients that open their own sockets (SMTP, SQL): ask before every connection. */
export interface Egress {
  /** Rejects with a NodeError when the host, or an address that it stands for, may not be reached. */
  check(host: string, port: number): Promise<void>;
}

export type Wait =
  | { readonly kind: 'until'; readonly at: number }
  | { readonly kind: 'approval'; readonly people: readonly string[]; readonly message: string; readonly until?: number }
  | { readonly kind: 'callback'; readonly until?: number }
  | { readonly kind: 'run'; readonly runId: string };

export type WaitOutcome =
  | { readonly kind: 'elapsed' }
  | { readonly kind: 'approved' | 'declined'; readonly by: string; readonly comment?: string }
  | { readonly kind: 'called'; readonly body: unknown }
  | {
      readonly kind: 'finished';
      readonly status: string;
      readonly output: readonly DataRecord[];
      /** Why the run failed, in words for a person. */
      readonly why?: string;
    };

export interface RunInfo {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** IANA time zone of the workflow. */
  readonly zone: string;
}

/** The workspace's file area and the run's blobs; nothing else of the disk. */
export interface Files {
  /** A file of the workspace's file area, by relative path. */
  read(path: string): Promise<Readable>;
  /** Written beside and renamed at the end, so that it is whole or absent. Gives bytes written. */
  write(path: string, content: AsyncIterable<Uint8Array | string>): Promise<{ size: number }>;
  /** Adds to a file; a file that a crash left half-written is first cut back. */
  stat(path: string): Promise<{ size: number; modifiedAt: number } | undefined>;
  list(folder: string): Promise<readonly { path: string; size: number; modifiedAt: number }[]>;
  /** Puts content into the blob store, for a record to point at. */
  store(content: AsyncIterable<Uint8Array | string>, meta: { name: string; mime: string }): Promise<FileValue>;
  open(file: FileValue): Promise<Readable>;
  /** Absolute path of a file of the area, for libraries that open files themselves. Refuses paths that lead out of it. */
  path(path: string): string;
}
