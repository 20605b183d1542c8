import { type Batch, batchCount, type Origin } from '../sdk/index.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type Base, type Dataset, EMPTY } from './dataset.ts';
import type { DatasetWriter } from './dataset-writer.ts';
import type { BlobRef, DatasetRef } from './journal.ts';

/** Records that a step may be ahead of the slowest that reads along. */
const AHEAD = 2_000;

/** The step that was read along with did not end well, so that what was read of it does not count. */
export class FlowBroken extends Error {
  override readonly name = 'FlowBroken';

  constructor() {
    super('The step before did not come to its end');
  }
}

/**
 * What one output port gives while its step still works, for the steps that read along.
 *
 *   open -> ended    the step has ended well, and that is in the journal
 *   open -> broken   its attempt was given up: whoever read along starts over
 */
export abstract class Flowing implements Dataset {
  /** True when the step has ended well, false when it was given up. */
  readonly settled: Promise<boolean>;
  protected state: 'open' | 'ended' | 'broken' = 'open';
  /** What can be read of it here so far. */
  protected dataset: Dataset = EMPTY;
  private readonly settle: (isWell: boolean) => void;

  constructor() {
    const settled = Promise.withResolvers<boolean>();
    this.settled = settled.promise;
    this.settle = settled.resolve;
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get count(): number {
    return this.dataset.count;
  }

  slice(offset: number, limit: number): readonly DataRecord[] {
    return this.dataset.slice(offset, limit);
  }

  recordAt(position: number): DataRecord | undefined {
    return this.dataset.recordAt(position);
  }

  originAt(position: number): Origin | undefined {
    return this.dataset.originAt(position);
  }

  batches(size?: number): Iterable<Batch> {
    return this.dataset.batches(size);
  }

  end(): void {
    this.come('ended');
  }

  break(): void {
    this.come('broken');
  }

  protected come(state: 'ended' | 'broken'): void {
    if (this.state !== 'open') return;
    this.state = state;
    this.settle(state === 'ended');
  }
}

/** One that can be read along with in this thread. */
export abstract class LiveFlow extends Flowing {
  /** From the first record on to the last, waiting for what is still to come. Batches of exactly `size`, but for the last, if given. */
  abstract read(size?: number): AsyncIterable<Batch>;
}

/** Someone in another thread, who reads what is given from where it is put. */
export interface Follower {
  /**
   * More of it can be read.
   * @param count records that can be read now.
   * @param chunks those that are new, as in `BlobRef`.
   */
  grown(count: number, chunks: readonly number[]): void;
  ended(whole: DatasetRef): void;
  broken(): void;
}

/** The same of a step that works in this thread. As a dataset it is what has been given so far. */
export class Flow extends LiveFlow implements Base {
  private readonly writer: DatasetWriter;
  /** Those who follow, with how much of the list of chunks they know. */
  private readonly followers = new Map<Follower, number>();
  /** Positions of those who read along, one object each. */
  private readonly readers = new Set<{ position: number }>();
  private moved = Promise.withResolvers<void>();

  constructor(writer: DatasetWriter) {
    super();
    this.writer = writer;
  }

  override get count(): number {
    return this.writer.count;
  }

  get asBase(): Base {
    return this;
  }

  get hasSpilled(): boolean {
    return this.writer.hasSpilled;
  }

  get layers(): number {
    return this.writer.layers;
  }

  get ref(): BlobRef | undefined {
    const { whole } = this.writer;
    return whole && 'blob' in whole ? whole : undefined;
  }

  get blob(): string {
    return this.writer.written.blob;
  }

  /** From now on all that is given is put where it can be followed. Gives how to end it. */
  follow(follower: Follower): () => void {
    this.followers.set(follower, 0);
    this.writer.leaveMemory();
    this.writer.onWritten = () => this.tellFollowers();
    this.tellFollowers();
    return () => this.followers.delete(follower);
  }

  private tellFollowers(): void {
    const { count, chunks } = this.writer.written;
    for (const [follower, known] of this.followers) {
      if (chunks.length === known) continue;
      follower.grown(count, chunks.slice(known));
      this.followers.set(follower, chunks.length);
    }
  }

  /** Tells readers of what has been written; a promise while one of them is far behind. */
  wrote(): void | Promise<void> {
    this.move();
    if (this.isFarAhead) return this.waitForReaders();
  }

  private async waitForReaders(): Promise<void> {
    while (this.isFarAhead) await this.moved.promise;
  }

  private get isFarAhead(): boolean {
    if (this.state !== 'open') return false;
    for (const { position } of this.readers) if (this.count - position > AHEAD) return true;
    return false;
  }

  protected override come(state: 'ended' | 'broken'): void {
    super.come(state);
    this.move();
    const { whole } = this.writer;
    for (const follower of this.followers.keys()) {
      if (state === 'ended' && whole) follower.ended(whole);
      else follower.broken();
    }
    this.followers.clear();
  }

  /** Something was written or read, or it is over. */
  private move(): void {
    const { resolve } = this.moved;
    this.moved = Promise.withResolvers();
    resolve();
  }

  async *read(size?: number): AsyncIterable<Batch> {
    const reader = { position: 0 };
    this.readers.add(reader);
    this.keep();
    try {
      for (;;) {
        if (this.state === 'broken') throw new FlowBroken();
        const isWhole = this.state === 'ended';
        const { moved } = this;
        const batch = this.batchAt(reader.position, size, isWhole);
        if (batch) {
          reader.position += batchCount(batch);
          yield batch;
          this.keep();
          this.move();
        } else if (isWhole) return;
        else await moved.promise;
      }
    } finally {
      this.readers.delete(reader);
      this.keep();
      this.move();
    }
  }

  private batchAt(start: number, size: number | undefined, isWhole: boolean): Batch | undefined {
    if (size === undefined) return this.writer.batchAt(start);
    if (!isWhole && this.count - start < size) return undefined;
    const records = this.slice(start, size);
    return records.length === 0 ? undefined : { records, start };
  }

  private keep(): void {
    let first = Number.POSITIVE_INFINITY;
    for (const { position } of this.readers) first = Math.min(first, position);
    this.writer.keepFrom(first);
  }

  override slice(offset: number, limit: number): readonly DataRecord[] {
    const found: DataRecord[] = [];
    while (found.length < limit) {
      const batch = this.writer.batchAt(offset + found.length, limit - found.length);
      if (!batch) break;
      for (const record of batch.records) found.push(record);
    }
    return found;
  }

  override recordAt(position: number): DataRecord | undefined {
    return this.writer.batchAt(position, 1)?.records[0];
  }

  /** Nobody looks an origin up before the step has ended. */
  override originAt(): Origin | undefined {
    return undefined;
  }

  override *batches(size?: number): Iterable<Batch> {
    for (let start = 0; start < this.count; ) {
      const batch = this.batchAt(start, size, true);
      if (!batch) return;
      yield batch;
      start += batchCount(batch);
    }
  }
}
