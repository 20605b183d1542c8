import { type Batch, batchCount, columnBatch, type Origin, type Origins, originAt } from '../sdk/index.ts';
import { Columns } from '../spec/workflow/columns.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type Chunk, decompressChunk, readChunk, type Under } from './chunk.ts';
import { BATCH } from './held-records.ts';
import type { BlobRef, DatasetRef } from './journal.ts';
import type { BlobStore } from './ports.ts';

/**
 * A dataset is what one output port of one step gave: records in order, each with its origin. Small ones stay in memory and
 * are kept with the journal; above a threshold they spill to a blob of compressed chunks, read back by position.
 */
export interface Dataset {
  readonly count: number;
  /** Records from `offset` on, at most `limit`. */
  slice(offset: number, limit: number): readonly DataRecord[];
  recordAt(position: number): DataRecord | undefined;
  originAt(position: number): Origin | undefined;
  /** In order; batches of exactly `size` (but for the last) if given, else of a convenient size. */
  batches(size?: number): Iterable<Batch>;
  /** Itself, where another dataset can be laid over it. */
  readonly asBase?: Base;
  /** Where its records are, if it can be opened from there. */
  readonly ref?: DatasetRef | undefined;
}

/** Records of a batch that comes as columns, which costs more to make. */
const COLUMN_BATCH = 2000;

export class MemoryDataset implements Dataset {
  readonly records: readonly DataRecord[];
  private readonly origins: Origins;

  constructor(records: readonly DataRecord[], origins: Origins) {
    this.records = records;
    this.origins = origins;
  }

  get count(): number {
    return this.records.length;
  }

  slice(offset: number, limit: number): readonly DataRecord[] {
    return this.records.slice(offset, offset + limit);
  }

  recordAt(position: number): DataRecord | undefined {
    return this.records[position];
  }

  originAt(position: number): Origin | undefined {
    return originAt(this.origins, position);
  }

  *batches(size = BATCH): Iterable<Batch> {
    if (this.records.length <= size) {
      if (this.records.length > 0) yield { records: this.records, start: 0 };
      return;
    }
    for (let start = 0; start < this.records.length; start += size) {
      yield { records: this.records.slice(start, start + size), start };
    }
  }

  get ref(): DatasetRef {
    return { count: this.count, inline: this.content };
  }

  get content(): { records: readonly DataRecord[]; origins: Origins } {
    return { records: this.records, origins: this.origins };
  }
}

export const EMPTY = new MemoryDataset([], undefined);

/** A dataset that another one can be laid over, since it is in a blob or on its way there. */
export interface Base extends Under {
  readonly hasSpilled: boolean;
  /** How many datasets lie below it. */
  readonly layers: number;
  /** Once it is whole. */
  readonly ref: BlobRef | undefined;
}

/** A dataset in a blob. */
export class BlobDataset implements Dataset, Base {
  readonly hasSpilled = true;
  readonly ref: BlobRef;
  readonly layers: number;
  private readonly blobs: BlobStore;
  private readonly under: Under | undefined;
  /** The chunks read last; reading is mostly forward, and origins look back a little. */
  private readonly cache = new Map<number, Chunk>();

  /** @param under what it is laid over, where that is not what `ref` says since it is not whole yet. */
  constructor(blobs: BlobStore, ref: BlobRef, under?: Under) {
    this.blobs = blobs;
    this.ref = ref;
    const below = ref.over && new BlobDataset(blobs, ref.over);
    this.under = under ?? below;
    this.layers = below ? below.layers + 1 : 0;
  }

  get count(): number {
    return this.ref.count;
  }

  get asBase(): Base {
    return this;
  }

  private get chunks(): readonly number[] {
    return this.ref.chunks;
  }

  private chunkOf(position: number): number {
    let low = 0;
    let high = this.chunks.length / 3 - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.chunks[middle * 3] as number) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private read(index: number): Chunk {
    const known = this.cache.get(index);
    if (known) return known;
    const bytes = this.blobs.readSync(
      this.ref.blob,
      this.chunks[index * 3 + 1] as number,
      this.chunks[index * 3 + 2] as number,
    );
    const chunk = readChunk(decompressChunk(bytes), this.under);
    if (this.cache.size >= 2) this.cache.delete(this.cache.keys().next().value as number);
    this.cache.set(index, chunk);
    return chunk;
  }

  private firstOf(index: number): number {
    return this.chunks[index * 3] ?? this.count;
  }

  slice(offset: number, limit: number): readonly DataRecord[] {
    const found: DataRecord[] = [];
    let position = offset;
    const end = Math.min(this.count, offset + limit);
    while (position < end) {
      const index = this.chunkOf(position);
      const first = this.firstOf(index);
      const part = this.read(index).records.slice(position - first, end - first);
      found.push(...part);
      position += part.length;
    }
    return found;
  }

  recordAt(position: number): DataRecord | undefined {
    if (position < 0 || position >= this.count) return undefined;
    const index = this.chunkOf(position);
    return this.read(index).records[position - this.firstOf(index)];
  }

  originAt(position: number): Origin | undefined {
    if (position < 0 || position >= this.count) return undefined;
    const index = this.chunkOf(position);
    return this.read(index).originAt(position - this.firstOf(index));
  }

  *batches(size?: number): Iterable<Batch> {
    if (size !== undefined) {
      for (let start = 0; start < this.count; start += size) yield { records: this.slice(start, size), start };
      return;
    }
    for (let position = 0; position < this.count; ) {
      const batch = this.batchAt(position);
      yield batch;
      position += batchCount(batch);
    }
  }

  /** Some of the records from a position on, which there must be. */
  batchAt(position: number): Batch {
    const index = this.chunkOf(position);
    const from = position - this.firstOf(index);
    const chunk = this.read(index);
    const { columns } = chunk;
    if (columns) return columnBatch(columns.slice(from, Math.min(from + COLUMN_BATCH, columns.count)), position);
    return { records: chunk.records.slice(from, from + BATCH), start: position };
  }

  /** @param positions in ascending order. */
  columnsAt(positions: Float64Array): Columns | undefined {
    const parts: Columns[] = [];
    for (let at = 0; at < positions.length; ) {
      const index = this.chunkOf(positions[at] as number);
      const first = this.firstOf(index);
      const { columns } = this.read(index);
      if (!columns) return undefined;
      const rows = new Uint32Array(positions.length - at);
      let count = 0;
      for (; at < positions.length; at++) {
        const row = (positions[at] as number) - first;
        if (row < 0 || row >= columns.count) break;
        rows[count++] = row;
      }
      if (count === 0) return undefined;
      parts.push(columns.pick(rows.subarray(0, count)));
    }
    return Columns.joined(parts);
  }
}

export function openDataset(blobs: BlobStore, ref: DatasetRef): Dataset {
  if ('blob' in ref) return new BlobDataset(blobs, ref);
  if ('parts' in ref) return concatenated(ref.parts.map((part) => openDataset(blobs, part)));
  return new MemoryDataset(ref.inline.records, ref.inline.origins);
}

/** The blobs that a dataset is in. */
export function blobsOf(ref: DatasetRef): string[] {
  if ('parts' in ref) return ref.parts.flatMap(blobsOf);
  if (!('blob' in ref)) return [];
  return ref.over ? [ref.blob, ...blobsOf(ref.over)] : [ref.blob];
}

/** A stretch of another dataset, each record with its position there as its origin. */
export class StretchDataset implements Dataset {
  readonly count: number;
  private readonly whole: Dataset;
  private readonly start: number;

  constructor(whole: Dataset, start: number, count: number) {
    this.whole = whole;
    this.start = start;
    this.count = Math.max(0, Math.min(count, whole.count - start));
  }

  slice(offset: number, limit: number): readonly DataRecord[] {
    return this.whole.slice(this.start + offset, Math.max(0, Math.min(limit, this.count - offset)));
  }

  recordAt(position: number): DataRecord | undefined {
    return position >= 0 && position < this.count ? this.whole.recordAt(this.start + position) : undefined;
  }

  originAt(position: number): Origin | undefined {
    return position >= 0 && position < this.count ? this.start + position : undefined;
  }

  *batches(size = BATCH): Iterable<Batch> {
    for (let start = 0; start < this.count; start += size) yield { records: this.slice(start, size), start };
  }
}

/** Several datasets one after another, as an input port sees the edges that lead into it. */
export function concatenated(parts: readonly Dataset[]): Dataset {
  const [only] = parts;
  if (only === undefined) return EMPTY;
  return parts.length === 1 ? only : new ConcatenatedDataset(parts);
}

/** Where a dataset begins that is the whole of another one or one of its parts. */
export function startIn(whole: Dataset, part: Dataset): number | undefined {
  if (whole === part) return 0;
  return whole instanceof ConcatenatedDataset ? whole.startOf(part) : undefined;
}

class ConcatenatedDataset implements Dataset {
  readonly count: number;
  private readonly parts: readonly Dataset[];

  constructor(parts: readonly Dataset[]) {
    this.parts = parts;
    this.count = parts.reduce((sum, part) => sum + part.count, 0);
  }

  get ref(): DatasetRef | undefined {
    const parts: DatasetRef[] = [];
    for (const { ref } of this.parts) {
      if (!ref) return undefined;
      parts.push(ref);
    }
    return { count: this.count, parts };
  }

  startOf(wanted: Dataset): number | undefined {
    let start = 0;
    for (const part of this.parts) {
      if (part === wanted) return start;
      start += part.count;
    }
    return undefined;
  }

  private locate(position: number): { part: Dataset; at: number } | undefined {
    let at = position;
    for (const part of this.parts) {
      if (at < part.count) return { part, at };
      at -= part.count;
    }
    return undefined;
  }

  slice(offset: number, limit: number): readonly DataRecord[] {
    const found: DataRecord[] = [];
    let skip = offset;
    for (const part of this.parts) {
      if (found.length >= limit) break;
      if (skip < part.count) found.push(...part.slice(skip, limit - found.length));
      skip = Math.max(0, skip - part.count);
    }
    return found;
  }

  recordAt(position: number): DataRecord | undefined {
    const found = this.locate(position);
    return found?.part.recordAt(found.at);
  }

  originAt(position: number): Origin | undefined {
    const found = this.locate(position);
    return found?.part.originAt(found.at);
  }

  *batches(size?: number): Iterable<Batch> {
    if (size !== undefined) {
      for (let start = 0; start < this.count; start += size) yield { records: this.slice(start, size), start };
      return;
    }
    let start = 0;
    for (const part of this.parts) {
      for (const batch of part.batches()) yield moved(batch, start);
      start += part.count;
    }
  }
}

/** The batch of a part, by its position in the whole. */
function moved(batch: Batch, by: number): Batch {
  const start = batch.start + by;
  return batch.columns ? columnBatch(batch.columns, start) : { records: batch.records, start };
}
