import type { DataRecord, Origin, Scratch, ScratchBatch } from '../sdk/index.ts';
import type { Dataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import type { BlobStore } from './ports.ts';

/** A node may have hundreds of lists, so each leaves memory early. */
const SPILL_BYTES = 512 * 1024;

/** The scratch lists of one attempt of a step. They are datasets below the attempt's own blobs, so that what a crash leaves goes with those. */
export class ScratchSpace {
  private readonly blobs: BlobStore;
  private readonly prefix: string;
  private readonly signal: AbortSignal;
  private readonly lists = new Set<SpilledScratch>();
  private made = 0;

  constructor(blobs: BlobStore, attemptPrefix: string, signal: AbortSignal) {
    this.blobs = unsynced(blobs);
    this.prefix = `${attemptPrefix}/scratch`;
    this.signal = signal;
  }

  list(): Scratch {
    const name = `${this.prefix}/${this.made++}`;
    const list = new SpilledScratch(this.blobs, name, this.signal, () => this.lists.delete(list));
    this.lists.add(list);
    return list;
  }

  async clear(): Promise<void> {
    for (const list of [...this.lists]) await list.remove();
  }
}

class SpilledScratch implements Scratch {
  private readonly blobs: BlobStore;
  private readonly name: string;
  private readonly signal: AbortSignal;
  private readonly removed: () => void;
  private readonly writer: DatasetWriter;
  private dataset: Dataset | undefined;

  constructor(blobs: BlobStore, name: string, signal: AbortSignal, removed: () => void) {
    this.blobs = blobs;
    this.name = name;
    this.signal = signal;
    this.removed = removed;
    this.writer = new DatasetWriter(blobs, name, { spillBytes: SPILL_BYTES });
  }

  get count(): number {
    return this.dataset?.count ?? this.writer.count;
  }

  write(records: readonly DataRecord[], origins: readonly Origin[]): void | Promise<void> {
    this.signal.throwIfAborted();
    return this.writer.write(records, origins);
  }

  async *batches(): AsyncIterable<ScratchBatch> {
    this.dataset ??= (await this.writer.finish()).dataset;
    const { dataset } = this;
    for (const { records, start } of dataset.batches()) {
      this.signal.throwIfAborted();
      yield { records, origins: records.map((_, i) => dataset.originAt(start + i) ?? []) };
    }
  }

  async remove(): Promise<void> {
    this.removed();
    if (!this.dataset) return this.writer.abandon();
    const spilled = this.writer.hasSpilled;
    this.dataset = undefined;
    if (spilled) await this.blobs.delete(this.name);
  }
}

/** Nothing here outlives a crash, so nothing waits for the disk. */
function unsynced(blobs: BlobStore): BlobStore {
  return {
    writer: (name) => blobs.writer(name, { isKept: false }),
    readSync: (name, start, length) => blobs.readSync(name, start, length),
    copy: (from, to) => blobs.copy(from, to),
    delete: (prefix) => blobs.delete(prefix),
    list: (prefix) => blobs.list(prefix),
  };
}
