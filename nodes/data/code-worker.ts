import { parentPort, workerData } from 'node:worker_threads';
import { type CodeFault, SandboxError } from './code-fault.ts';
import { Sandbox, type SandboxLimits } from './code-sandbox.ts';

/** The thread in which code runs, so that it holds up nobody else. */

export interface WorkerSetup {
  readonly source: string;
  readonly values: Record<string, unknown>;
  readonly limits: SandboxLimits;
}

export type WorkerCall = readonly [name: 'each' | 'push' | 'all' | 'take', ...args: (string | number)[]];

export type WorkerAnswer = { readonly text: string } | { readonly fault: CodeFault };

const port = parentPort;
if (port === null) throw new Error('This file runs as a worker only');

const { source, values, limits } = workerData as WorkerSetup;
const opened = Sandbox.open(source, values, limits);
// Told with the answer to the first call.
opened.catch(() => {});

port.on('message', async (call: WorkerCall) => port.postMessage(await answer(call)));

async function answer([name, ...args]: WorkerCall): Promise<WorkerAnswer> {
  try {
    const sandbox = await opened;
    return { text: sandbox.call(name, ...args) };
  } catch (error) {
    if (error instanceof SandboxError) return { fault: error.fault };
    const message = error instanceof Error ? error.message : String(error);
    return { fault: { kind: /memory/i.test(message) ? 'memory' : 'error', message, line: 0 } };
  }
}
