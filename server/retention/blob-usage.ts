import type { BlobStore } from '../../engine/ports.ts';
import { Breath } from '../../sdk/index.ts';

/** What a run has in the blob store. */
export interface BlobUsage {
  bytes: number;
  hasFiles: boolean;
}

/** Everything that is in the blob store, by run. */
export async function blobUsage(blobs: BlobStore): Promise<Map<string, BlobUsage>> {
  const runs = new Map<string, BlobUsage>();
  const breath = new Breath();
  for await (const { name, bytes } of blobs.list('runs')) {
    const [, run = '', kind] = name.split('/');
    const usage = runs.get(run) ?? { bytes: 0, hasFiles: false };
    usage.bytes += bytes;
    usage.hasFiles ||= kind === 'files';
    runs.set(run, usage);
    if (breath.due()) await breath.pause();
  }
  return runs;
}
