import { isRetried, reportOf, type Verdict } from '../sdk/index.ts';

/** Milliseconds before the service is asked again when asking failed. */
const PAUSES = [1_000, 5_000, 20_000];
/** A service that asks to be left alone for longer than this is not waited for; a person is asked. */
const LONGEST = 120_000;
/** Milliseconds in which a request that was cut off has arrived, if it ever does: only then its absence says something. */
const SETTLES = 10_000;

interface Means {
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/**
 * Asks a service whether a call took effect. Throws only when the step is told to stop.
 *
 *   asked -> done, unknown    that is its word
 *         -> not done         it is asked once more when a late request would have arrived; said again, that is its word
 *         -> failed           for a reason that can pass, it is asked again after a pause, ours or the one that it asks for;
 *                             for any other, or when the pauses are used up or too long, the outcome is unknown
 */
export async function inquire(ask: () => Promise<Verdict>, { signal, sleep, log }: Means): Promise<Verdict> {
  let failures = 0;
  let denied = false;
  for (;;) {
    try {
      const verdict = await unlessStopped(ask(), signal);
      if (verdict.outcome !== 'not-done' || denied) return verdict;
      denied = true;
      await sleep(SETTLES);
    } catch (error) {
      signal.throwIfAborted();
      const report = reportOf(error);
      const pause = Math.max(PAUSES[failures++] ?? Number.POSITIVE_INFINITY, report.retryAfter ?? 0);
      if (!isRetried(report) || pause > LONGEST) {
        return { outcome: 'unknown', said: `Asking the service whether it took effect failed: ${report.message}` };
      }
      log('warn', `The service could not be asked, and is asked again: ${report.message}`);
      await sleep(pause);
    }
  }
}

/** A service that never answers does not hold up a step that is told to stop. */
function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
