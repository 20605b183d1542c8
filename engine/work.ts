/**
 * Work that waits only for what is not there yet: a generator that yields a promise where it has to wait, and is given what came of it.
 * (`await` gives up the turn also for what is there, which in a short step is most of the work.)
 */
export type Work<T> = Generator<Promise<unknown>, T, unknown>;

/** Done when this returns, or a promise where there was something to wait for. */
export function perform<T>(work: Work<T>): T | Promise<T> {
  const next = work.next();
  return next.done ? next.value : goOn(work, next.value);
}

async function goOn<T>(work: Work<T>, first: Promise<unknown>): Promise<T> {
  for (let waited = first; ; ) {
    const next = await waited.then(
      (value) => work.next(value),
      (error) => work.throw(error),
    );
    if (next.done) return next.value;
    waited = next.value;
  }
}

/** What a promise comes to. */
export function* settled<T>(promise: Promise<T>): Work<T> {
  return (yield promise) as T;
}
