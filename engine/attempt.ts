import type { StepContext } from './context.ts';
import type { Dataset } from './dataset.ts';
import type { DatasetWriter } from './dataset-writer.ts';
import type { Flow } from './flow.ts';
import type { Ledger } from './ledger.ts';
import type { PlannedNode } from './plan.ts';
import type { BlobStore } from './ports.ts';
import type { StepScope } from './scope.ts';
import type { Halt } from './stop.ts';

/** Records that a port has given from which on others may read along: below, waiting for the end costs less. */
export const FLOWS_FROM = 2_000;

/** Records from which on a step is worth the way to the workshop: below, what is said on the way takes longer than the work. */
export const LARGE = 5_000;

export type FinishedOutput = Awaited<ReturnType<DatasetWriter['finish']>>;
export type FinishedOutputs = readonly (readonly [port: string, output: FinishedOutput])[];

/** One try of a step, here or in the workshop. After `run` comes `finish` and `endFlows`, or else `salvage` or `abandon`. */
export interface Attempt {
  readonly ctx: StepContext;
  /** Works on the step to its end, which may have come when it returns. */
  run(): void | Promise<void>;
  /** Ends the attempt well: the outputs of all ports that fire. */
  finish(): FinishedOutputs | Promise<FinishedOutputs>;
  /** The step has come to its end, and that is in the journal. */
  endFlows(out: FinishedOutputs): void;
  /** Ends a failed attempt: its rejected records are kept for whoever repairs it, its other outputs are not. */
  salvage(): Promise<FinishedOutputs>;
  /** Ends the attempt and leaves nothing of it. */
  abandon(): Promise<void>;
}

/** What a step has given here is so much that it is worth moving: it is begun again in the workshop. */
export class Outgrown extends Error {
  override readonly name = 'Outgrown';
}

export interface AttemptOptions {
  readonly ctx: StepContext;
  readonly planned: PlannedNode;
  readonly inputs: readonly Dataset[];
  readonly scope: StepScope;
  readonly blobs: BlobStore;
  readonly blobPrefix: string;
  readonly host: AttemptHost;
}

/** What an attempt needs of the step that makes it. */
export interface AttemptHost {
  readonly halt: Halt;
  /** Whether others may use what the step gives before its end. */
  readonly isReadAlong: boolean;
  /** Records that a port has given from which on that is so, or the step is worth moving. */
  readonly flowsFrom: number;
  /** Whether the step may be worked on in the workshop instead. */
  readonly canMove: boolean;
  /** Others may read along with a port from now on. */
  flowing(port: string, flow: Flow): void;
  ledgerFor(ctx: StepContext): Ledger;
}
