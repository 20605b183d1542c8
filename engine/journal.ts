import type { ErrorReport, Origins } from '../sdk/index.ts';
import type { LogLine, RunSummary } from '../spec/api/run.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import type { RoundsState, SkipReason, UnsettledCall } from './run-state.ts';
import type { Tally } from './tally.ts';

/** What is fixed about a run from the moment it is accepted. */
export interface RunHeader {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly version: string;
  readonly draft: boolean;
  readonly trigger: string;
  readonly cause: RunSummary['cause'];
  readonly createdAt: number;
  readonly key?: string;
  readonly restartOf?: string;
  /** The run that called it. */
  readonly calledBy?: string;
  /** How many workflows called one another to start it; absent for none. */
  readonly depth?: number;
  readonly only?: string;
  readonly keepOnlyFailed?: boolean;
}

/**
 * A dataset in a blob. `chunks` holds `[first position, byte offset, byte length]` of each chunk, flattened. Chunks may hold only what
 * was set in records of the dataset that it is laid `over`.
 */
export interface BlobRef {
  readonly count: number;
  readonly blob: string;
  readonly bytes: number;
  readonly chunks: readonly number[];
  readonly over?: BlobRef;
}

/** Where a dataset's records are: with the journal when small, else in a blob. What a container gave may be in parts, one after another. */
export type DatasetRef =
  | { readonly count: number; readonly inline: { readonly records: readonly DataRecord[]; readonly origins?: Origins } }
  | BlobRef
  | { readonly count: number; readonly parts: readonly DatasetRef[] };

/** What is kept of what a call gave: with the journal, or where it is in the blobs of the step's results; nothing if it gave nothing. */
export interface KeptResult {
  readonly result?: unknown;
  readonly stored?: StoredResult | undefined;
}

/**
 * The place of the blob among those that the step's `effect-results` entries name; where in it a list of results is, as JSON compressed
 * by zstd; and which of them it is.
 */
export type StoredResult = readonly [place: number, at: number, bytes: number, index: number];

/** What happened in a run, in order. `apply` in `run-state.ts` folds entries into the run's state. Times in epoch ms. */
export type JournalEntry =
  | { readonly at: number; readonly is: 'run-started' }
  | { readonly at: number; readonly is: 'cancel-requested' }
  | {
      readonly at: number;
      readonly is: 'run-finished';
      readonly status: 'succeeded' | 'failed' | 'cancelled';
      readonly error?: ErrorReport & { node?: string };
    }
  | {
      readonly at: number;
      readonly is: 'step-started';
      readonly step: string;
      readonly attempt: number;
      readonly in: number;
    }
  | {
      readonly at: number;
      readonly is: 'step-retrying';
      readonly step: string;
      readonly error: ErrorReport;
      readonly until: number;
    }
  | { readonly at: number; readonly is: 'step-waiting'; readonly step: string; readonly wait: StepWait }
  | { readonly at: number; readonly is: 'step-woken'; readonly step: string; readonly outcome: unknown }
  | { readonly at: number; readonly is: 'step-held-back'; readonly step: string }
  | { readonly at: number; readonly is: 'step-skipped'; readonly step: string; readonly why: SkipReason }
  | {
      readonly at: number;
      readonly is: 'step-finished';
      readonly step: string;
      readonly status: 'succeeded' | 'failed' | 'cancelled';
      /** Records that came in, where that was not known at the start. */
      readonly in?: number;
      readonly out: Readonly<Record<string, DatasetRef>>;
      readonly error?: ErrorReport;
      /** Its calls that were made, if not all was: what a restart does not repeat. */
      readonly made?: DatasetRef;
      /** `once` calls that were under way at its end. */
      readonly unsettled?: readonly UnsettledCall[];
      /** What it has added to lists over runs, by key. */
      readonly added?: Readonly<Record<string, Added>>;
      /** Taken over from the run that this one restarts. */
      readonly reused?: true;
    }
  | {
      /** A `once` call is about to be made. */
      readonly at: number;
      readonly is: 'effect-intent';
      readonly step: string;
      readonly key: string;
      readonly start: number;
      readonly count: number;
    }
  | ({
      /** What a call that was not done has kept is what the service has of it all the same. */
      readonly at: number;
      readonly is: 'effect-outcome';
      readonly step: string;
      readonly key: string;
      readonly outcome: 'done' | 'not-done';
      readonly refused?: true;
      /** Who told, where the call itself could not: the service, the node's settings or a person; and their words. */
      readonly decision?: { readonly by: string; readonly said: string };
    } & KeptResult)
  | ({
      /** An idempotent call has been made; one that is not told of is made again. */
      readonly at: number;
      readonly is: 'effect-done';
      readonly step: string;
      readonly key: string;
      readonly start: number;
      readonly count: number;
      readonly refused?: true;
    } & KeptResult)
  /** Results of the step's calls go into one more blob. */
  | { readonly at: number; readonly is: 'effect-results'; readonly step: string; readonly blob: string }
  | { readonly at: number; readonly is: 'rounds-expected'; readonly step: string; readonly total: number }
  /** A restart goes on with the rounds of the container in the run before. */
  | { readonly at: number; readonly is: 'rounds-taken-over'; readonly step: string; readonly rounds: RoundsState }
  | {
      readonly at: number;
      readonly is: 'round-finished';
      /** The container. */
      readonly step: string;
      readonly round: number;
      /** The stretch of the container's input that it was given; absent where it was given what another round gave. */
      readonly given?: { readonly start: number; readonly count: number };
      readonly status: 'succeeded' | 'failed';
      /** Origins speak of the container's input. */
      readonly results: DatasetRef;
      readonly error?: ErrorReport;
      /** What the nodes inside did in this round, by id. */
      readonly tallies: Readonly<Record<string, Tally>>;
      /** Of a round that ended well. */
      readonly added?: AddedByNode;
    }
  | {
      readonly at: number;
      readonly is: 'rounds-stored';
      readonly step: string;
      /** Everything of the rounds before this one is in `out`, or in what was stored before. */
      readonly before: number;
      readonly out: Readonly<Record<string, DatasetRef>>;
    }
  | {
      /** What a node keeps for later runs, by key, if this one succeeds; goes before the end of its step. `node` is '' for the watermark. */
      readonly at: number;
      readonly is: 'remembered';
      readonly node: string;
      readonly values: Readonly<Record<string, unknown>>;
    }
  /** What a node told whoever started the run. */
  | { readonly at: number; readonly is: 'responded'; readonly response: Response }
  | { readonly at: number; readonly is: 'log'; readonly line: LogLine };

/** What nodes have added to lists over runs, by node and by key. */
export type AddedByNode = Readonly<Record<string, Readonly<Record<string, Added>>>>;

/** Entries of a list over runs; of the whole list, the `most` newest are kept. */
export interface Added {
  readonly entries: readonly string[];
  readonly most: number;
}

/** `body` is text, or JSON. */
export interface Response {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

export type StepWait =
  | { readonly kind: 'until'; readonly at: number }
  | { readonly kind: 'approval'; readonly people: readonly string[]; readonly message: string; readonly until?: number }
  | { readonly kind: 'callback'; readonly until?: number }
  | { readonly kind: 'run'; readonly runId: string }
  /** A container whose live rounds all wait. */
  | { readonly kind: 'rounds' }
  | ({ readonly kind: 'unknown-outcome' } & InDoubt);

/** A call of which nobody knows whether it took effect, with what a person needs to find out. */
export interface InDoubt {
  readonly key: string;
  readonly start: number;
  readonly count: number;
  /** When it was begun. */
  readonly since?: number;
  /** What is known of it: how the call ended, and what the service says. */
  readonly said?: string;
  readonly sent?: SentCall;
}

/** What a call was about to send, shortened and without secrets. */
export interface SentCall {
  readonly params: readonly { readonly label: string; readonly value: unknown }[];
  /** The first of its records. */
  readonly records: readonly DataRecord[];
}
