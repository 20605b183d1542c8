export interface InOrder {
  /** Tasks at work at once. */
  readonly width: number;
  /**
   * Whether a task may start before the results before it have been taken. With it, what comes before and after a task goes on while
   * tasks are at work.
   */
  readonly eager: boolean;
}

/**
 * Does tasks and gives their results in order. The task after those at work is made ready meanwhile. When one fails, none is started
 * any more, and those at work are waited for before the failure is thrown, so that none is left behind.
 */
export async function* inOrder<T>(
  tasks: AsyncIterable<() => Promise<T>>,
  { width, eager }: InOrder,
): AsyncGenerator<T, void, undefined> {
  const working: Promise<T>[] = [];
  try {
    for await (const start of tasks) {
      const ended = working.length >= width ? [await (working.shift() as Promise<T>)] : [];
      if (!eager) yield* ended;
      const task = start();
      task.catch(() => {});
      working.push(task);
      if (eager) yield* ended;
    }
    for (let task = working.shift(); task !== undefined; task = working.shift()) yield await task;
  } finally {
    await Promise.allSettled(working);
  }
}
