import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../engine/ports.ts';
import { WorkshopThread } from '../engine/workshop-thread.ts';
import { nodeFiles, triggerFiles } from '../nodes/files.gen.ts';
import type { NodeDefinition, TriggerDefinition } from '../sdk/index.ts';
import { blobsWithFaultPoints } from './fault-points.ts';
import type { ThreadData } from './step-threads.ts';
import { FolderBlobs } from './storage/blobs/folder-blobs.ts';

/** Niceness of the thread: whoever calls the server goes first, however busy the machine is. */
const BEHIND_CALLERS = 10;

/** Assembles the thread in which large steps are worked on, as `main.ts` does the server. */
const port = parentPort;
if (!port) throw new Error('Steps are worked on in a worker thread only');
const { blobs } = workerData as ThreadData;
const require = createRequire(new URL('../nodes/', import.meta.url));

/** Loads what a workflow has in it, since to load all nodes takes as long as all else at the start of a thread. */
const load = (file: string | undefined) => (file === undefined ? undefined : require(file).default);

// On Linux it is the priority of this thread alone; elsewhere it would be the whole process's.
if (process.platform === 'linux') setPriority(BEHIND_CALLERS);
const thread = new WorkshopThread((message) => port.postMessage(message), {
  clock: systemClock,
  registry: {
    node: (type): NodeDefinition | undefined => load(nodeFiles.get(type)),
    trigger: (type): TriggerDefinition | undefined => load(triggerFiles.get(type)),
  },
  blobs: blobsWithFaultPoints(new FolderBlobs(blobs, { mayBlock: true })),
});
port.on('message', (message) => thread.line.take(message));
