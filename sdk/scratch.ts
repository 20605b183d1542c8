import type { DataRecord } from '../spec/workflow/record.ts';
import type { Origin } from './origins.ts';

export interface ScratchBatch {
  readonly records: readonly DataRecord[];
  /** One for each record. */
  readonly origins: readonly Origin[];
}

/**
 * A list of records that a node puts away while it works and reads back in the order in which it wrote them: in memory while it is
 * small, else on disk. Values come back as plain JSON does.
 */
export interface Scratch {
  readonly count: number;
  /** Each record with an origin, or with any whole number that the node wants beside it. Await the result when it is a promise. */
  write(records: readonly DataRecord[], origins: readonly Origin[]): void | Promise<void>;
  /** May be called again; nothing can be written after the first time. */
  batches(): AsyncIterable<ScratchBatch>;
  /** Gives the space back before the attempt ends. */
  remove(): Promise<void>;
}
