import { Worker } from 'node:worker_threads';
import type { RunAct, RunRead, RunTables, RunWriter } from './run-tables.ts';

/** Questions and answers go over flat: the names of an object's fields would be written and read again with each one. */
export type Question = readonly [id: number, kind: Kind, name: RunAct | RunRead | '', ...args: unknown[]];

type Kind = 'act' | 'read' | 'probe';

export type Answer = readonly [id: number, value: unknown, error?: Failure];

export interface Failure {
  readonly message: string;
  /** Result code of SQLite. */
  readonly errcode?: unknown;
  /** Of an error of the file system. */
  readonly code?: unknown;
}

interface Open {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The run tables in a thread of their own, so that waiting for the disk never holds the event loop. What is asked in one turn goes
 * over in one message and into one commit.
 */
export class ThreadedWriter implements RunWriter {
  private readonly worker: Worker;
  /** By id; those of what has been answered are given again. */
  private readonly open: (Open | undefined)[] = [];
  private readonly free: number[] = [];
  private readonly gone: Promise<void>;
  private questions: Question[] = [];
  private failure: Error | undefined;

  constructor(file: string) {
    this.worker = new Worker(new URL('./writer-thread.ts', import.meta.url), {
      workerData: { file },
      // All that it makes is short-lived: a larger young generation would only hold memory.
      resourceLimits: { maxYoungGenerationSizeMb: 6 },
    });
    this.worker.on('message', (answers: readonly Answer[]) => {
      for (const answer of answers) this.settle(answer);
    });
    this.worker.on('error', (error) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
    });
    this.gone = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.failure ??= new Error('The run store is closed');
        for (const one of this.open) one?.reject(this.failure);
        this.open.length = 0;
        resolve();
      });
    });
  }

  act<A extends RunAct>(name: A, ...args: Parameters<RunTables[A]>): Promise<ReturnType<RunTables[A]>> {
    return this.ask('act', name, args) as Promise<ReturnType<RunTables[A]>>;
  }

  read<R extends RunRead>(name: R, ...args: Parameters<RunTables[R]>): Promise<ReturnType<RunTables[R]>> {
    return this.ask('read', name, args) as Promise<ReturnType<RunTables[R]>>;
  }

  async probe(): Promise<void> {
    await this.ask('probe', '', []);
  }

  async close(): Promise<void> {
    this.post();
    this.worker.postMessage('close');
    await this.gone;
  }

  private ask(kind: Kind, name: RunAct | RunRead | '', args: readonly unknown[]): Promise<unknown> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      const id = this.free.pop() ?? this.open.length;
      this.open[id] = { resolve, reject };
      this.questions.push([id, kind, name, ...args]);
      if (this.questions.length === 1) setImmediate(() => this.post());
    });
  }

  private post(): void {
    if (this.questions.length === 0) return;
    this.worker.postMessage(this.questions);
    this.questions = [];
  }

  private settle([id, value, error]: Answer): void {
    const open = this.open[id];
    this.open[id] = undefined;
    this.free.push(id);
    if (error !== undefined) open?.reject(Object.assign(new Error(error.message), error));
    else open?.resolve(value);
  }
}
