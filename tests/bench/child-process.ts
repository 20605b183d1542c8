import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A helper process that is asked over IPC, one question at a time. Ends with this process. */
export class Helper {
  readonly child: ChildProcess;
  private readonly ended: Promise<never>;

  /** `file` is beside this one. */
  constructor(file: string, args: readonly string[] = [], env: Record<string, string> = {}) {
    this.child = fork(join(import.meta.dirname, file), args, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    });
    this.ended = once(this.child, 'exit').then(([code]) => {
      throw new Error(`A helper process of the benchmark ended early, with ${code}`);
    });
    this.ended.catch(() => {});
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  next<T>(): Promise<T> {
    const message = new Promise<T>((resolve) => this.child.once('message', (given) => resolve(given as T)));
    return Promise.race([message, this.ended]);
  }

  ask<T>(question: object): Promise<T> {
    const answer = this.next<T>();
    this.child.send(question);
    return answer;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}
