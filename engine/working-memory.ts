const MEGABYTE = 1024 * 1024;
/** Bytes of records that all steps of this thread may hold at once, about. */
const ALL = 192 * MEGABYTE;
/** What one may hold at the most, and what it may in any case, however many there are. */
const MOST = 64 * MEGABYTE;
const LEAST = 8 * MEGABYTE;

/** Steps that have asked and are still at work. */
let steps = 0;

/** A step's share of the memory for records. It becomes smaller while others ask, and is none of the others' concern before it is asked for. */
export class WorkingMemory {
  private state: 'unasked' | 'taken' | 'over' = 'unasked';

  /** Bytes that the step may hold now. */
  get bytes(): number {
    if (this.state === 'over') return LEAST;
    if (this.state === 'unasked') {
      this.state = 'taken';
      steps++;
    }
    return Math.max(LEAST, Math.min(MOST, ALL / steps));
  }

  /** The step holds nothing any more. A node that was left behind and goes on may hold the least. */
  giveBack(): void {
    if (this.state === 'taken') steps--;
    this.state = 'over';
  }
}
