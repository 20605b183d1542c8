import { type Batch, type Origin, type Origins, originAt } from '../sdk/index.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { compressChunk, encodeChunk, layChunk, readChunk } from './chunk.ts';
import { sliceOrigins } from './chunk-origins.ts';
import { BATCH, type Base, BlobDataset, type Dataset, MemoryDataset } from './dataset.ts';
import type { BlobRef, DatasetRef } from './journal.ts';
import type { BlobStore, BlobWriter } from './ports.ts';
import { roughSize } from './rough-size.ts';

/** Estimated bytes from which a dataset leaves memory, and the most that a chunk may have. */
export const SPILL_BYTES = 4 * 1024 * 1024;
/**
 * Records a chunk of a spilled dataset, at the most. Fewer would cost more compressors, and making one ready costs as much as compressing
 * 100 kB; more would outlive the young generation, which costs the garbage collector as much.
 */
const CHUNK = 2000;
/** Bytes of an origin, about. */
const ORIGIN_BYTES = 8;
/** Every how-many-th record is measured to estimate a dataset's size; large ones are measured each. */
const SAMPLE_EVERY = 16;
const LARGE = 16 * 1024;
/** Chunks on their way to the disk at once. */
const IN_FLIGHT = 3;

/**
 * Datasets that may lie one over another. Each that is laid over the one before costs only what it sets, but whoever reads it reads those
 * below too.
 */
const LAYERS = 4;

/** A chunk that has left the writer's hands and is on its way to the disk, or has its records kept for a reader who comes along behind. */
interface Parting {
  readonly start: number;
  readonly end: number;
  /** Until it is written. */
  bytes: Buffer | undefined;
  /** While someone reads along, else only as bytes: so many objects would be the garbage collector's work. */
  records: readonly DataRecord[] | undefined;
}

export interface WriterOptions {
  /** Estimated bytes from which it leaves memory. */
  readonly spillBytes?: number;
  /** What it can be laid over. */
  readonly base?: Base | undefined;
}

/** Collects what a port gives; spills by itself. What has been written so far can be read while more comes. */
export class DatasetWriter {
  private readonly blobs: BlobStore;
  private readonly name: string;
  private spillBytes: number;
  private readonly base: Base | undefined;
  private records: DataRecord[] = [];
  private origins: Origin[] | { from: number } | undefined;
  /** Whether `records` is still the caller's own array, which must not be added to. */
  private shared = false;
  /** The fields by which all of `records` differ from those of the base that they come from; `undefined` if that is not known of all. */
  private set: readonly string[] | undefined;
  private isLaid = false;
  /** Records that were cut off as chunks. */
  private cut = 0;
  private sampled = { bytes: 0, records: 0, links: 0 };
  private blob: Promise<BlobWriter> | undefined;
  private readonly chunks: number[] = [];
  /** Records that are in the blob. */
  private readable = 0;
  private partings: Parting[] = [];
  private inFlight: Promise<void>[] = [];
  /** The first position that someone who reads along may still ask for. */
  private keptFor = Number.POSITIVE_INFINITY;
  /** Told when more of it can be read from the blob. */
  onWritten: (() => void) | undefined;
  /** Once it is whole. */
  whole: DatasetRef | undefined;

  constructor(blobs: BlobStore, name: string, options: WriterOptions = {}) {
    this.blobs = blobs;
    this.name = name;
    this.spillBytes = options.spillBytes ?? SPILL_BYTES;
    this.base = options.base;
  }

  get count(): number {
    return this.cut + this.records.length;
  }

  get hasSpilled(): boolean {
    return this.blob !== undefined;
  }

  /** How many datasets lie below it, so far. */
  get layers(): number {
    return this.isLaid && this.base ? this.base.layers + 1 : 0;
  }

  /**
   * A promise when the writer must catch up first.
   * @param set each record is the one of the base that it (first) comes from, with these fields set.
   */
  write(records: readonly DataRecord[], origins: Origins, set?: readonly string[]): void | Promise<void> {
    this.addOrigins(records.length, origins);
    const before = this.records.length;
    if (before === 0) this.set = set;
    else if (this.set !== set) this.set = undefined;
    if (before === 0) this.records = records as DataRecord[];
    else {
      if (this.shared) this.records = this.records.concat(records);
      else for (let i = 0; i < records.length; i++) this.records.push(records[i] as DataRecord);
    }
    this.shared = before === 0;
    this.sample(records, origins);
    if (this.blob ? this.records.length >= this.chunkSize : this.count * this.recordSize > this.spillBytes) {
      const spilled = this.spill(this.chunkSize);
      // What is left over is of these.
      if (this.records.length <= records.length) this.set = set;
      return spilled;
    }
  }

  private sample(records: readonly DataRecord[], origins: Origins): void {
    const step = this.recordSize > LARGE ? 1 : SAMPLE_EVERY;
    for (let i = 0; i < records.length; i += step) {
      const from = originAt(origins, i);
      this.sampled.bytes += roughSize(records[i]) + (typeof from === 'object' ? from.length : 1) * ORIGIN_BYTES;
      this.sampled.records++;
    }
  }

  private get recordSize(): number {
    return this.sampled.bytes / Math.max(1, this.sampled.records);
  }

  private get chunkSize(): number {
    return Math.max(1, Math.min(CHUNK, Math.floor(SPILL_BYTES / Math.max(1, this.recordSize))));
  }

  private addOrigins(count: number, origins: Origins): void {
    const held = this.records.length;
    if (held === 0) {
      this.origins = origins === undefined || 'from' in origins ? origins : [...origins];
      return;
    }
    const mine = this.origins;
    if (mine === undefined && origins === undefined) return;
    if (mine && origins && 'from' in mine && 'from' in origins && mine.from + held === origins.from) return;
    const list: Origin[] = Array.isArray(mine) ? mine : [];
    if (!Array.isArray(mine)) for (let i = 0; i < held; i++) list.push(originAt(mine, i) ?? []);
    for (let i = 0; i < count; i++) list.push(originAt(origins, i) ?? []);
    this.origins = list;
  }

  /** Sends full chunks on their way at once; the promise is that not too many are. */
  private async spill(atLeast: number): Promise<void> {
    this.blob ??= this.blobs.writer(this.name);
    const size = this.chunkSize;
    let from = 0;
    while (this.records.length - from >= atLeast && from < this.records.length) {
      const to = Math.min(from + size, this.records.length);
      this.part(this.records.slice(from, to), sliceOrigins(this.origins, from, to));
      from = to;
    }
    this.origins = sliceOrigins(this.origins, from, this.records.length) as typeof this.origins;
    this.records = this.records.slice(from);
    this.shared = false;
    while (this.inFlight.length > IN_FLIGHT) await this.inFlight[0];
  }

  /** Sends a chunk on its way: chunks are compressed side by side and written in their order. */
  private part(records: readonly DataRecord[], origins: Origins): void {
    const start = this.cut;
    const end = start + records.length;
    const bytes = this.laid(records, origins) ?? encodeChunk(records, origins);
    const parting: Parting = { start, end, bytes, records: end > this.keptFor ? records : undefined };
    this.cut = end;
    this.partings.push(parting);
    const compressed = compressChunk(bytes);
    const before = this.inFlight.at(-1);
    const work = Promise.all([this.blob, compressed, before]).then(async ([blob, bytes]) => {
      if (!blob) throw new Error('A chunk has nowhere to go');
      const at = blob.size;
      await blob.write(bytes);
      this.chunks.push(start, at, bytes.length);
      this.readable = end;
      parting.bytes = undefined;
      this.inFlight = this.inFlight.filter((one) => one !== work);
      this.letGo();
      this.onWritten?.();
    });
    // Whoever writes next, or ends the writing, meets the failure.
    work.catch(() => {});
    this.inFlight.push(work);
  }

  /** The chunk laid over the base, if that can be. */
  private laid(records: readonly DataRecord[], origins: Origins): Buffer | undefined {
    const { base, set } = this;
    if (!set || !base?.hasSpilled || base.layers + 1 >= LAYERS) return undefined;
    const bytes = layChunk(records, origins, set);
    if (bytes) this.isLaid = true;
    return bytes;
  }

  private letGo(): void {
    for (const parting of this.partings) if (parting.end <= this.keptFor) parting.records = undefined;
    this.partings = this.partings.filter(({ bytes, records }) => bytes || records);
  }

  /** Says from which position on somebody reads along, so that what is there stays in memory until it is read. */
  keepFrom(position: number): void {
    this.keptFor = position;
    this.letGo();
  }

  /** Some of the records from a position on, of what has been written so far; `undefined` where there are none yet. */
  batchAt(position: number, most = BATCH): Batch | undefined {
    if (position >= this.count) return undefined;
    if (position >= this.cut) {
      const from = position - this.cut;
      const all = from === 0 && this.records.length <= most;
      // The array itself may still be added to.
      return { records: all && this.shared ? this.records : this.records.slice(from, from + most), start: position };
    }
    const parting = this.partings.find(({ start, end }) => position >= start && position < end);
    if (!parting) return { records: this.readBack().slice(position, most), start: position };
    parting.records ??= readChunk(parting.bytes as Buffer, this.base).records;
    const from = position - parting.start;
    return { records: parting.records.slice(from, from + most), start: position };
  }

  /** Has what comes put into the blob, however little it is. */
  leaveMemory(): void {
    this.spillBytes = 0;
  }

  /** What can be read from the blob so far. */
  get written(): BlobRef {
    return { count: this.readable, blob: this.name, bytes: 0, chunks: this.chunks };
  }

  private back: BlobDataset | undefined;

  /** What has reached the disk, for readers that came late. */
  private readBack(): BlobDataset {
    if (this.back?.count !== this.readable) this.back = new BlobDataset(this.blobs, this.written, this.base);
    return this.back;
  }

  /** Ends the writing of what has not left memory. */
  kept(): { dataset: Dataset; ref: DatasetRef } {
    const dataset = new MemoryDataset(this.records, this.origins);
    const { ref } = dataset;
    this.whole = ref;
    return { dataset, ref };
  }

  /** Ends the writing; a spilled dataset is durable from here on, if what it is laid over is. That has to be whole by now. */
  async finish(): Promise<{ dataset: Dataset; ref: DatasetRef }> {
    if (!this.blob) return this.kept();
    await this.spill(1);
    await Promise.all(this.inFlight);
    const blob = await this.blob;
    await blob.sync();
    const bytes = blob.size;
    await blob.close();
    const ref: BlobRef = { ...this.written, bytes, ...this.over() };
    this.whole = ref;
    return { dataset: new BlobDataset(this.blobs, ref), ref };
  }

  private over(): { over?: BlobRef } {
    if (!this.isLaid) return {};
    const over = this.base?.ref;
    if (!over) throw new Error('A dataset was ended before the one that it is laid over');
    return { over };
  }

  async abandon(): Promise<void> {
    if (!this.blob) return;
    await Promise.allSettled(this.inFlight);
    const blob = await this.blob.catch(() => undefined);
    await blob?.close();
    await this.blobs.delete(this.name);
  }
}
