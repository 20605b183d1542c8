import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../engine/ports.ts';
import { WorkshopThread } from '../engine/workshop-thread.ts';
import { nodeFiles, triggerFiles } from '../nodes/files.gen.ts';
import type { NodeDefinition, TriggerDefinition } from '../sdk/index.ts';
import { goBehindCallers } from './behind-callers.ts';
import { blobsWithFaultPoints } from './fault-points.ts';
import type { ThreadData } from './step-threads.ts';
import { FolderBlobs } from './storage/blobs/folder-blobs.ts';

/** Assembles the thread in which large steps are worked on, as `main.ts` does the server. */
const port = parentPort;
if (!port) throw new Error('Steps are worked on in a worker thread only');
const { blobs } = workerData as ThreadData;
const require = createRequire(new URL('../nodes/', import.meta.url));

/** Loads what a workflow has in it, since to load all nodes takes as long as all else at the start of a thread. */
const load = (file: string | undefined) => (file === undefined ? undefined : require(file).default);

goBehindCallers();
const thread = new WorkshopThread((message) => port.postMessage(message), {
  clock: systemClock,
  registry: {
    node: (type): NodeDefinition | undefined => load(nodeFiles.get(type)),
    trigger: (type): TriggerDefinition | undefined => load(triggerFiles.get(type)),
  },
  blobs: blobsWithFaultPoints(new FolderBlobs(blobs, { mayBlock: true })),
});
port.on('message', (message) => thread.line.take(message));
