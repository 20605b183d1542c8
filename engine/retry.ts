import type { Retry } from '../spec/workflow/document.ts';
import { durationMs } from '../spec/workflow/duration.ts';

/**
 * Milliseconds until the next try, after `attempt` tries: what the service asked for, else fixed or doubled each time up to the cap.
 * Between half and all of it is waited, by `random` (0 to 1), so that many failing at once do not come back at once.
 */
export function backoff(
  retry: Retry | undefined,
  attempt: number,
  retryAfter: number | undefined,
  random: number,
): number {
  const cap = durationMs(retry?.maxDelay ?? '5m') ?? 300_000;
  if (retryAfter !== undefined) return Math.max(0, retryAfter);
  const delay = durationMs(retry?.delay ?? '1s') ?? 1000;
  if (retry?.backoff === 'fixed') return Math.min(delay, cap);
  const full = Math.min(delay * 2 ** Math.min(attempt - 1, 30), cap);
  return Math.round(full * (0.5 + random / 2));
}
