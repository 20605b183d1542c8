/** Milliseconds that a piece of work is to take: nobody notices, and what comes with each piece does not show. */
const PIECE = 2;
/** Beyond these milliseconds the next piece has to be smaller. */
const LONG = 6;
/** Records of the first piece, while nothing is known of what a record costs. */
export const FIRST_PIECE = 64;
/** How many times as large as the last one the next piece is, at the most: the records that follow may cost more. */
const GROWTH = 16;

/**
 * How many records to work on at once: all that there are where that is soon done, and few where each takes its time, so that no piece holds
 * the event loop for long.
 */
export class Pace {
  /** Of the next piece. */
  count = FIRST_PIECE;

  /** Does a piece of work on so many records. */
  piece<T>(count: number, work: () => T): T {
    const began = performance.now();
    const done = work();
    const took = performance.now() - began;
    // A few that were left over say nothing about how many may be done at once.
    const mayGrow = count >= this.count && took < PIECE / 2;
    if (took > LONG || mayGrow) this.count = Math.ceil(count * Math.min(GROWTH, PIECE / took));
    return done;
  }
}
