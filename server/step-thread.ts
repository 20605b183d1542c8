import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../engine/ports.ts';
import { WorkshopThread } from '../engine/workshop-thread.ts';
import { nodes, triggers } from '../nodes/index.gen.ts';
import { blobsWithFaultPoints } from './fault-points.ts';
import type { ThreadData } from './step-threads.ts';
import { FolderBlobs } from './storage/blobs/folder-blobs.ts';

/** Assembles the thread in which large steps are worked on, as `main.ts` does the server. */
const port = parentPort;
if (!port) throw new Error('Steps are worked on in a worker thread only');
const { blobs } = workerData as ThreadData;
const thread = new WorkshopThread((message) => port.postMessage(message), {
  clock: systemClock,
  registry: {
    node: (type) => nodes.find((node) => node.type === type),
    trigger: (type) => triggers.find((trigger) => trigger.type === type),
  },
  blobs: blobsWithFaultPoints(new FolderBlobs(blobs)),
});
port.on('message', (message) => thread.line.take(message));
