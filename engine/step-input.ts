import type { Batch, DataRecord, InputStream } from '../sdk/index.ts';
import { BlobDataset, type Dataset } from './dataset.ts';
import { LiveFlow } from './flow.ts';
import { BATCH } from './held-records.ts';

/** One input port as a node reads it. */
export class StepInput implements InputStream {
  readonly port: string;
  readonly slot: number;
  private readonly dataset: Dataset;
  private readonly read: (dataset: Dataset, size?: number) => AsyncIterable<Batch>;

  constructor(
    { port, slot }: Pick<InputStream, 'port' | 'slot'>,
    dataset: Dataset,
    read: (dataset: Dataset, size?: number) => AsyncIterable<Batch>,
  ) {
    this.port = port;
    this.slot = slot;
    this.dataset = dataset;
    this.read = read;
  }

  get count(): number {
    return this.dataset.count;
  }

  get whole(): Batch | undefined {
    const { dataset } = this;
    if (dataset instanceof LiveFlow || dataset instanceof BlobDataset || dataset.count > BATCH) return undefined;
    return { records: dataset.slice(0, dataset.count), start: 0 };
  }

  batches(size?: number): AsyncIterable<Batch> {
    return this.read(this.dataset, size);
  }

  async all(): Promise<DataRecord[]> {
    const records: DataRecord[] = [];
    for await (const batch of this.batches()) for (const record of batch.records) records.push(record);
    return records;
  }
}
