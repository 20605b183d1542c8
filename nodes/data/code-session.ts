import { Worker } from 'node:worker_threads';
import type { NodeContext } from '../../sdk/index.ts';
import { type CodeFault, SandboxError } from './code-fault.ts';
import type { WorkerAnswer, WorkerCall, WorkerSetup } from './code-worker.ts';

/** Grace for what the sandbox cannot interrupt by itself, in milliseconds. */
const GRACE = 5_000;

/** Code at work in a thread of its own. */
export class CodeSession {
  readonly #worker: Worker;
  readonly #time: number;
  readonly #signal: AbortSignal;

  constructor(setup: WorkerSetup, ctx: Pick<NodeContext, 'signal'>) {
    this.#time = setup.limits.time + GRACE;
    this.#signal = ctx.signal;
    const { NODE_COMPILE_CACHE } = process.env;
    this.#worker = new Worker(new URL('./code-worker.ts', import.meta.url), {
      workerData: setup,
      // Nothing but where compiled modules are kept, without which the thread compiles its own anew each time.
      env: NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE },
      execArgv: [],
    });
  }

  /** What the prelude's function gives, read. Rejects with `SandboxError`, or with the abort's reason. */
  async call<T>(...call: WorkerCall): Promise<T> {
    this.#signal.throwIfAborted();
    const answer = await this.#ask(call);
    if ('fault' in answer) throw new SandboxError(answer.fault);
    return (answer.text === 'undefined' ? undefined : JSON.parse(answer.text)) as T;
  }

  #ask(call: WorkerCall): Promise<WorkerAnswer> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const stop = (settle: () => void) => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', onAbort);
        worker.off('message', onMessage).off('error', onError);
        settle();
      };
      const onMessage = (answer: WorkerAnswer) => stop(() => resolve(answer));
      const onError = (error: Error) => stop(() => reject(error));
      const onAbort = () => stop(() => reject(this.#signal.reason as Error));
      const timer = setTimeout(() => stop(() => reject(new SandboxError(tooSlow(this.#time)))), this.#time);
      this.#signal.addEventListener('abort', onAbort);
      worker.on('message', onMessage).on('error', onError);
      worker.postMessage(call);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

function tooSlow(time: number): CodeFault {
  return { kind: 'time', message: `The code ran longer than ${(time - GRACE) / 1000} seconds.`, line: 0 };
}
