/** One writer at a time for each file, in order of asking, over all runs of this process. */
const last = new Map<string, Promise<void>>();

/** Runs `act` alone among the writers of the file. A signal that aborts while waiting leaves the queue. */
export async function asOnlyWriter<T>(file: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  const before = last.get(file) ?? Promise.resolve();
  const { promise: mine, resolve: leave } = Promise.withResolvers<void>();
  const tail = before.then(() => mine);
  last.set(file, tail);
  try {
    await before;
    signal.throwIfAborted();
    return await act();
  } finally {
    leave();
    if (last.get(file) === tail) last.delete(file);
  }
}
