import { type Batch, columnBatch, type Origins, originAt } from '../sdk/index.ts';
import { Columns } from '../spec/workflow/columns.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { compressChunk, encodeChunk, layChunk, readChunk } from './chunk.ts';
import { type Base, BlobDataset, type Dataset, MemoryDataset } from './dataset.ts';
import { BATCH, countOf, HeldRecords, type Rows, type Stretch } from './held-records.ts';
import type { BlobRef, DatasetRef } from './journal.ts';
import type { BlobStore, BlobWriter } from './ports.ts';
import { roughSize } from './rough-size.ts';

/** Estimated bytes from which a dataset leaves memory, and the most that a chunk may have. */
export const SPILL_BYTES = 4 * 1024 * 1024;
/**
 * Records a chunk of a spilled dataset, at the most. Fewer would cost more compressors, and making one ready costs as much as compressing
 * 100 kB; more would outlive the young generation, which costs the garbage collector as much.
 */
const CHUNK = 2_000;
/** The same of columns: they are a few objects, however many records there are. */
const COLUMN_CHUNK = 6_000;
/** Bytes of an origin, about. */
const ORIGIN_BYTES = 8;
/** Every how-many-th record is measured to estimate a dataset's size; large ones are measured each. */
const SAMPLE_EVERY = 16;
/** Records of a batch of columns that are measured. */
const SAMPLES = 16;
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
  rows: Rows | undefined;
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
  private readonly held = new HeldRecords();
  private isLaid = false;
  /** Records that were cut off as chunks. */
  private cut = 0;
  private sampled = { bytes: 0, records: 0 };
  private blob: Promise<BlobWriter> | undefined;
  private readonly chunks: number[] = [];
  /** Records that are in the blob. */
  private readable = 0;
  private partings: Parting[] = [];
  private inFlight: Promise<void>[] = [];
  private isGivenUp = false;
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
    return this.cut + this.held.count;
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
    this.held.add(records, origins, set);
    this.sample(records, origins);
    return this.spillIfDue();
  }

  /** The same of records that come as columns. */
  writeColumns(columns: Columns, origins: Origins, set?: readonly string[]): void | Promise<void> {
    this.held.addColumns(columns, origins, set);
    this.sampleColumns(columns);
    return this.spillIfDue();
  }

  private spillIfDue(): void | Promise<void> {
    const isDue = this.blob ? this.held.count >= this.chunkSize : this.count * this.recordSize > this.spillBytes;
    if (!isDue) return;
    const spilling = this.spill(this.chunkSize);
    // Whoever does not wait for it meets the failure when writing next, or at the end.
    spilling.catch(() => {});
    return spilling;
  }

  private sample(records: readonly DataRecord[], origins: Origins): void {
    const step = this.recordSize > LARGE ? 1 : SAMPLE_EVERY;
    for (let i = 0; i < records.length; i += step) {
      const from = originAt(origins, i);
      this.sampled.bytes += roughSize(records[i]) + (typeof from === 'object' ? from.length : 1) * ORIGIN_BYTES;
      this.sampled.records++;
    }
  }

  /** Without reading whole columns: of what is laid over another dataset, most are never written. */
  private sampleColumns(columns: Columns): void {
    const { names, count } = columns;
    const step = this.recordSize > LARGE ? 1 : Math.ceil(count / SAMPLES);
    for (let row = 0; row < count; row += step) {
      this.sampled.bytes += ORIGIN_BYTES;
      for (const name of names) this.sampled.bytes += roughSize(columns.valueAt(name, row)) + name.length + 4;
      this.sampled.records++;
    }
  }

  private get recordSize(): number {
    return this.sampled.bytes / Math.max(1, this.sampled.records);
  }

  private get chunkSize(): number {
    return Math.max(
      1,
      Math.min(this.held.areColumns ? COLUMN_CHUNK : CHUNK, Math.floor(SPILL_BYTES / Math.max(1, this.recordSize))),
    );
  }

  /** Sends chunks on their way for as long as `atLeast` records are held: as many as may be at once, then one after the other. */
  private async spill(atLeast: number): Promise<void> {
    this.blob ??= this.blobs.writer(this.name);
    while (this.held.count >= atLeast && !this.isGivenUp) {
      this.part(this.held.cut(this.chunkSize));
      while (this.inFlight.length > IN_FLIGHT) await this.inFlight[0];
    }
  }

  /** Sends a chunk on its way: chunks are compressed side by side and written in their order. */
  private part(stretch: Stretch): void {
    const { rows, origins } = stretch;
    const start = this.cut;
    const end = start + countOf(rows);
    const bytes = this.laid(stretch) ?? encodeChunk(rows, origins);
    const parting: Parting = { start, end, bytes, rows: end > this.keptFor ? rows : undefined };
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
  private laid({ rows, origins, set }: Stretch): Buffer | undefined {
    const { base } = this;
    if (!set || !base?.hasSpilled || base.layers + 1 >= LAYERS) return undefined;
    const bytes = layChunk(rows, origins, set);
    if (bytes) this.isLaid = true;
    return bytes;
  }

  private letGo(): void {
    for (const parting of this.partings) if (parting.end <= this.keptFor) parting.rows = undefined;
    this.partings = this.partings.filter(({ bytes, rows }) => bytes || rows);
  }

  /** Says from which position on somebody reads along, so that what is there stays in memory until it is read. */
  keepFrom(position: number): void {
    this.keptFor = position;
    this.letGo();
  }

  /**
   * Some of the records from a position on, of what has been written so far, `most` of them if that is given; `undefined` where there
   * are none yet.
   */
  batchAt(position: number, most?: number): Batch | undefined {
    if (position >= this.count) return undefined;
    if (position >= this.cut) return batchOf(this.held.rowsAt(position - this.cut, most), position);
    const parting = this.partings.find(({ start, end }) => position >= start && position < end);
    if (!parting) return { records: this.readBack().slice(position, most ?? BATCH), start: position };
    parting.rows ??= readChunk(parting.bytes as Buffer, this.base).records;
    const { rows, start, end } = parting;
    const from = position - start;
    const all = rows instanceof Columns ? end - start : BATCH;
    return batchOf(rows.slice(from, Math.min(from + (most ?? all), end - start)), position);
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
    const { records, origins } = this.held.whole();
    const dataset = new MemoryDataset(records, origins);
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
    this.isGivenUp = true;
    if (!this.blob) return;
    await Promise.allSettled(this.inFlight);
    const blob = await this.blob.catch(() => undefined);
    await blob?.close();
    await this.blobs.delete(this.name);
  }
}

function batchOf(rows: Rows, start: number): Batch {
  return rows instanceof Columns ? columnBatch(rows, start) : { records: rows, start };
}
