import { Columns } from '../spec/workflow/columns.ts';
import type { DataRecord } from '../spec/workflow/record.ts';

/** A run of consecutive records of one input port; `start` is the position of the first. */
export interface Batch {
  /** Where they come as columns, they are made when first read. */
  readonly records: readonly DataRecord[];
  readonly start: number;
  /** The same records, for runners that work on whole columns; absent where they do not come so. */
  readonly columns?: Columns;
}

export function columnBatch(columns: Columns, start: number): Batch {
  return new ColumnBatch(columns, start);
}

class ColumnBatch implements Batch {
  readonly columns: Columns;
  readonly start: number;

  constructor(columns: Columns, start: number) {
    this.columns = columns;
    this.start = start;
  }

  get records(): readonly DataRecord[] {
    return this.columns.records;
  }
}

/** How many records it has, without making them. */
export function batchCount(batch: Batch): number {
  return batch.columns === undefined ? batch.records.length : batch.columns.count;
}

/** Records from which on it is worth the while to make columns of them, for a runner that makes other records of them anyway. */
const MANY = 500;

/** Whether there may be columns for it; to be asked before `columnsOf`, which takes a look at each record. */
export function mayBeColumns(batch: Batch): boolean {
  return batch.columns !== undefined || batch.records.length >= MANY;
}

/** The batch as columns, made of its records where these are alike. */
export function columnsOf(batch: Batch): Columns | undefined {
  return batch.columns ?? Columns.of(batch.records);
}

/** Its records from one place to another. */
export function sliceOfBatch(batch: Batch, from: number, to: number): Batch {
  if (from === 0 && to === batchCount(batch)) return batch;
  const start = batch.start + from;
  return batch.columns === undefined
    ? { records: batch.records.slice(from, to), start }
    : columnBatch(batch.columns.slice(from, to), start);
}
