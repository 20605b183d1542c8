import { randomUUID } from 'node:crypto';
import { compressChunk, decompressChunk } from './chunk.ts';
import type { KeptResult, StoredResult } from './journal.ts';
import type { Journal } from './ledger.ts';
import type { BlobStore, BlobWriter } from './ports.ts';
import { roughSize } from './rough-size.ts';
import type { StepState } from './run-state.ts';

/** Estimated bytes of results that a step may have in the journal, and so in memory until its end. Beyond, they go into a blob. */
const WITH_JOURNAL = 512 * 1024;
/** Characters on their way to the disk from which on whoever brings more has to wait. */
const ON_THE_WAY = 4 * 1024 * 1024;

export interface KeptResultsOptions {
  readonly blobs: BlobStore;
  /** Where the step's blobs are. */
  readonly folder: string;
  readonly journal: Journal;
  /** The step's key in the journal. */
  readonly step: string;
  readonly state: Pick<StepState, 'calls' | 'done' | 'results'>;
}

interface Waiting {
  readonly text: string;
  readonly resolve: (kept: KeptResult) => void;
  readonly reject: (error: unknown) => void;
}

interface OpenBlob {
  readonly name: string;
  readonly writer: BlobWriter;
  /** Its place among the blobs of the step, once the journal tells of it. */
  place?: number;
}

/** Results that went to the disk together. */
interface Written {
  readonly place: number;
  readonly at: number;
  readonly results: readonly unknown[];
}

/**
 * What the calls of one attempt of a step gave, for the ledger to give again after a crash. As long as it is little it stands in the entry
 * that tells of the call; what comes beyond is appended to a blob, and the entry says where. Then neither memory nor the journal
 * grows with what calls give.
 *
 *   result -> in the entry
 *   result -> waiting -> written and synced, together with those that came meanwhile -> its place is in the entry
 *
 * The journal tells of a blob before it tells of anything in it, and of either only once it is on disk: what a crash leaves in between
 * is a blob that nothing names.
 */
export class KeptResults {
  private readonly options: KeptResultsOptions;
  private withJournal = 0;
  private waiting: Waiting[] = [];
  /** Characters that are not on disk yet. */
  private onTheWay = 0;
  private writing: Promise<void> | undefined;
  private blob: OpenBlob | undefined;
  private isOver = false;
  /** What was read last. */
  private last: Written | undefined;

  constructor(options: KeptResultsOptions) {
    this.options = options;
    const { calls, done } = options.state;
    for (const known of [calls, done]) {
      for (const { result } of known?.values() ?? []) if (result !== undefined) this.withJournal += roughSize(result);
    }
  }

  /** What an entry says of the result; a promise where it has to be on disk first. */
  keep(result: unknown): KeptResult | Promise<KeptResult> {
    if (result === undefined) return {};
    const size = roughSize(result);
    if (this.withJournal + size > WITH_JOURNAL) return this.store(JSON.stringify(result));
    this.withJournal += size;
    return { result };
  }

  read({ result, stored }: KeptResult): unknown {
    if (!stored) return result;
    const [place, at, bytes, index] = stored;
    const isLast = this.last?.place === place && this.last.at === at;
    const { results } = isLast && this.last ? this.last : this.readWritten(place, at, bytes);
    return results[index];
  }

  /** What was written at once is read at once, mostly call by call. */
  private readWritten(place: number, at: number, bytes: number): Written {
    const name = this.options.state.results?.[place];
    if (name === undefined) throw new Error(`The journal does not name the blob ${place} of results`);
    const text = decompressChunk(this.options.blobs.readSync(name, at, bytes)).toString();
    this.last = { place, at, results: JSON.parse(text) as unknown[] };
    return this.last;
  }

  /** A promise where so much is on its way to the disk that no more should come; it never rejects. */
  room(): Promise<void> | undefined {
    return this.onTheWay > ON_THE_WAY ? this.writing : undefined;
  }

  /** The attempt has ended; settles once nothing is on its way any more, and never rejects. */
  async end(): Promise<void> {
    this.isOver = true;
    await (this.writing ?? this.close());
  }

  private store(text: string): Promise<KeptResult> {
    const { promise, resolve, reject } = Promise.withResolvers<KeptResult>();
    this.waiting.push({ text, resolve, reject });
    this.onTheWay += text.length;
    this.writing ??= this.writeAll();
    return promise;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        const places = await this.write(group.map(({ text }) => text));
        for (const [i, { resolve }] of group.entries()) resolve({ stored: places[i] });
      } catch (error) {
        // What comes goes into another one: who knows what this one holds.
        await this.close();
        for (const { reject } of group) reject(error);
      }
      for (const { text } of group) this.onTheWay -= text.length;
    }
    this.writing = undefined;
    if (this.isOver) await this.close();
  }

  private async write(texts: readonly string[]): Promise<StoredResult[]> {
    const { journal, step, state } = this.options;
    const bytes = await compressChunk(Buffer.from(`[${texts.join(',')}]`));
    this.blob ??= await this.open();
    const { name, writer } = this.blob;
    const at = writer.size;
    await writer.write(bytes);
    await writer.sync();
    if (this.blob.place === undefined) {
      this.blob.place = state.results?.length ?? 0;
      journal.write({ at: journal.now(), is: 'effect-results', step, blob: name });
    }
    const { place } = this.blob;
    return texts.map((_, index) => [place, at, bytes.length, index]);
  }

  /** By a name that no attempt has used, not even one that was left behind and still writes. */
  private async open(): Promise<OpenBlob> {
    const name = `${this.options.folder}/results/${randomUUID()}`;
    return { name, writer: await this.options.blobs.writer(name) };
  }

  private async close(): Promise<void> {
    const { blob } = this;
    this.blob = undefined;
    await blob?.writer.close().catch(() => {});
  }
}
