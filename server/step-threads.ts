import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { StepThread, StepThreads } from '../engine/ports.ts';

/** Megabytes of the young generation: the records of a large step live for a batch or two, and where they have room nobody copies them. */
const YOUNG = 48;

/** What the thread is told at its start. */
export interface ThreadData {
  /** Folder of the blobs. */
  readonly blobs: string;
}

/** Threads for large steps, over the same blobs: as many as there are cores but one, which is for those who call. */
export function stepThreads(blobs: string): StepThreads {
  return { most: Math.max(1, availableParallelism() - 1), open: () => openThread(blobs) };
}

function openThread(blobs: string): StepThread {
  const worker = new Worker(new URL('./step-thread.ts', import.meta.url), {
    workerData: { blobs } satisfies ThreadData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
  });
  // A run keeps the process alive, not the thread that waits for the next one.
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    listen: ({ message, gone }) => {
      let cause: Error | undefined;
      worker.on('message', message);
      worker.on('error', (error) => {
        cause = error instanceof Error ? error : new Error(String(error));
      });
      worker.on('exit', (code) => gone(cause ?? new Error(`It ended with code ${code}`)));
    },
    close: () => void worker.terminate(),
  };
}
