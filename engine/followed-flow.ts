import { type Batch, batchCount } from '../sdk/index.ts';
import { type Base, BlobDataset, openDataset } from './dataset.ts';
import { FlowBroken, type Follower, LiveFlow } from './flow.ts';
import { BATCH } from './held-records.ts';
import type { BlobRef, DatasetRef } from './journal.ts';
import type { BlobStore } from './ports.ts';

/** What a step in the main thread gives, as it is read in another one: from the disk, as far as it has got there. */
export class FollowedFlow extends LiveFlow implements Base, Follower {
  readonly hasSpilled = true;
  readonly layers = 0;
  private readonly blobs: BlobStore;
  private readonly blob: string;
  private readonly chunks: number[] = [];
  private whole: DatasetRef | undefined;
  private moved = Promise.withResolvers<void>();

  constructor(blobs: BlobStore, blob: string) {
    super();
    this.blobs = blobs;
    this.blob = blob;
    this.dataset = new BlobDataset(blobs, { count: 0, blob, bytes: 0, chunks: [] });
  }

  grown(count: number, chunks: readonly number[]): void {
    for (const one of chunks) this.chunks.push(one);
    this.dataset = new BlobDataset(this.blobs, { count, blob: this.blob, bytes: 0, chunks: this.chunks });
    this.move();
  }

  ended(whole: DatasetRef): void {
    this.whole = whole;
    this.dataset = openDataset(this.blobs, whole);
    this.end();
    this.move();
  }

  broken(): void {
    this.break();
    this.move();
  }

  private move(): void {
    const { resolve } = this.moved;
    this.moved = Promise.withResolvers();
    resolve();
  }

  async *read(size?: number): AsyncIterable<Batch> {
    for (let position = 0; ; ) {
      if (this.state === 'broken') throw new FlowBroken();
      const isWhole = this.state === 'ended';
      const { moved } = this;
      const left = this.dataset.count - position;
      if (left >= (size ?? 1) || (isWhole && left > 0)) {
        const batch = this.batchAt(position, size);
        yield batch;
        position += batchCount(batch);
      } else if (isWhole) return;
      else await moved.promise;
    }
  }

  private batchAt(position: number, size: number | undefined): Batch {
    const { dataset } = this;
    if (size === undefined && dataset instanceof BlobDataset) return dataset.batchAt(position);
    return { records: dataset.slice(position, size ?? BATCH), start: position };
  }

  get asBase(): Base {
    return this;
  }

  get ref(): BlobRef | undefined {
    return this.whole && 'blob' in this.whole ? this.whole : undefined;
  }
}
