import { join } from 'node:path';
import { Turns } from '../../engine/turns.ts';
import type { Samples } from '../../spec/api/sample.ts';
import { samplesSchema } from '../../spec/api/sample.ts';
import { JsonFile, jsonFormat } from './json-file.ts';

const format = jsonFormat((value) => samplesSchema.shape.samples.parse(value));

/** Sample records by workflow and node. They may hold people's data, so they are files beside the workspace and never in its Git. */
export class SampleStore {
  private readonly folder: string;
  private readonly turns = new Turns();

  constructor(folder: string) {
    this.folder = folder;
  }

  async get(workflowId: string): Promise<Samples> {
    return (await this.file(workflowId).read()) ?? {};
  }

  /** Gives what is kept afterwards. */
  change(workflowId: string, change: (samples: Samples) => Samples): Promise<Samples> {
    return this.turns.take(workflowId, async () => {
      const samples = change(await this.get(workflowId));
      await this.file(workflowId).write(samples);
      return samples;
    });
  }

  async delete(workflowId: string): Promise<void> {
    await this.file(workflowId).delete();
  }

  private file(workflowId: string): JsonFile<Samples> {
    return new JsonFile(join(this.folder, `${workflowId}.json`), format);
  }
}
