import { DateTime } from 'luxon';
import { ExpressionError } from './expression-error.ts';
import type { Scope } from './scope.ts';
import type { PlainObject } from './values.ts';

/** How much one evaluation may do. Limits are counted, never timed, so an expression fails everywhere or nowhere. */
export interface Limits {
  /** Units of work, roughly 10 ns each. */
  readonly steps: number;
  /** Units of memory handed out in all: characters of text, and 8 for each list entry or field. */
  readonly memory: number;
  /** The longest text, in UTF-16 units. */
  readonly text: number;
  /** Stack frames that nested function calls may take together. */
  readonly depth: number;
}

export const defaultLimits: Limits = { steps: 20_000_000, memory: 64_000_000, text: 10_000_000, depth: 2_000 };

/** One evaluation: the scope it reads and what is left of its budgets. */
export class Run {
  scope: Scope;
  readonly limits: Limits;
  stepsLeft: number;
  memoryLeft: number;
  depth = 0;
  /** The record last found to have no prototype but the plain one, so that its fields can be read without asking again. */
  plainRecord: PlainObject = {};
  private moment: DateTime | undefined;

  constructor(scope: Scope, limits: Limits) {
    this.scope = scope;
    this.limits = limits;
    this.stepsLeft = limits.steps;
    this.memoryLeft = limits.memory;
  }

  /** Gives back all budgets, for the next template or record. */
  refill(): void {
    this.stepsLeft = this.limits.steps;
    this.memoryLeft = this.limits.memory;
    this.depth = 0;
  }

  spend(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) {
      throw new ExpressionError(
        'too-much-work',
        'This expression does more work than one expression may.',
        'Do it in smaller parts, or use a step such as Sort, Aggregate or Join for large lists.',
      );
    }
  }

  /** Accounts for memory about to be used; work grows with it. */
  allocate(units: number): void {
    this.memoryLeft -= units;
    if (!(this.memoryLeft >= 0)) throw this.tooBig();
    this.spend(units >> 3);
  }

  /** Accounts for a text of this length before it is made. */
  allocateText(length: number): void {
    if (!(length <= this.limits.text)) throw this.tooBig();
    this.allocate(length);
  }

  tooBig(): ExpressionError {
    return new ExpressionError(
      'too-big',
      'This expression makes a text or a list that is too large.',
      'Work on fewer records at a time, or keep the large value in a file.',
    );
  }

  enter(frames: number): void {
    this.depth += frames;
    if (this.depth > this.limits.depth) {
      throw new ExpressionError(
        'too-deep',
        'A function in this expression calls itself too many times.',
        'Use map, filter or reduce over a list instead of a function that calls itself.',
      );
    }
  }

  leave(frames: number): void {
    this.depth -= frames;
  }

  /** `$now` in the scope's zone; kept from record to record as long as neither changes. */
  now(): DateTime {
    const { now, zone } = this.scope;
    const known = this.moment;
    if (known !== undefined && known.toMillis() === now && known.zoneName === zone) return known;
    const made = DateTime.fromMillis(now, { zone });
    if (!made.isValid) {
      throw new ExpressionError('bad-date', `'${zone}' is not a time zone.`, "Choose a zone such as 'Europe/Berlin'.");
    }
    this.moment = made;
    return made;
  }
}
