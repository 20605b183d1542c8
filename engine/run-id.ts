import { randomUUID } from 'node:crypto';

/**
 * A new run's id: a UUID of version 7, which begins with the time. New runs stand side by side in every index of the store, so that a group
 * of them touches a page or two: with ids that are all random each run costs a page of its own in the log, and a third more time.
 * The other 74 bits are random: nobody guesses the id of a run.
 */
export function newRunId(now: number): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
