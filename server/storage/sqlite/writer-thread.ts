import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import type { Answer, Failure, Question } from './threaded-writer.ts';

/** The writer's thread: works off what the main thread posts, and answers each commit with one message. */
const port = parentPort;
if (!port) throw new Error('The writer runs in a worker thread only');
const db = openDatabase((workerData as { file: string }).file);
const writer = new GroupCommit(db);
let answers: Answer[] = [];

function answer(one: Answer): void {
  answers.push(one);
  if (answers.length > 1) return;
  queueMicrotask(() => {
    const batch = answers;
    answers = [];
    port?.postMessage(batch);
  });
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, errcode, code } = error as Error & Failure;
  return { message, errcode, code };
}

port.on('message', (questions: readonly Question[] | 'close') => {
  if (questions === 'close') {
    void writer.close().then(() => {
      db.close();
      port.close();
    });
    return;
  }
  for (const [id, kind, name, ...args] of questions) {
    const done =
      kind === 'probe'
        ? writer.probe()
        : kind === 'act'
          ? writer.act(name as never, ...(args as never))
          : writer.read(name as never, ...(args as never));
    (done as Promise<unknown>).then(
      (value) => answer([id, value]),
      (error: unknown) => answer([id, undefined, failureOf(error)]),
    );
  }
});
