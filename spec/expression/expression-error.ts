/** Stable codes of everything that can be wrong with an expression, at check time or at run time. */
export type ExpressionErrorCode =
  | 'syntax'
  | 'not-allowed'
  | 'unknown-name'
  | 'unknown-method'
  | 'unknown-step'
  | 'wrong-arguments'
  | 'wrong-type'
  | 'not-a-number'
  | 'divide-by-zero'
  | 'bad-date'
  | 'bad-pattern'
  | 'bad-value'
  | 'cannot-leave'
  | 'too-much-work'
  | 'too-big'
  | 'too-deep';

/** A stretch of the template's source: offsets into the whole text, the leading `=` included. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface TemplateProblem extends Place {
  readonly code: ExpressionErrorCode;
  /** What is wrong, worded for a person. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/**
 * The only error that compiling and evaluating throw. `start` and `end` are offsets into the template's source and are
 * absent where no single place is to blame.
 */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code: ExpressionErrorCode;
  readonly remedy: string;
  start?: number;
  end?: number;

  constructor(code: ExpressionErrorCode, message: string, remedy: string, place?: Place) {
    super(message);
    this.code = code;
    this.remedy = remedy;
    if (place) {
      this.start = place.start;
      this.end = place.end;
    }
  }

  /** Fills in the place unless a closer one is known already. */
  at(place: Place): this {
    if (this.start === undefined) {
      this.start = place.start;
      this.end = place.end;
    }
    return this;
  }

  /** Budget errors are never caught by `ifError`: catching them would let an expression go on without end. */
  get isBudget(): boolean {
    return this.code === 'too-much-work' || this.code === 'too-big' || this.code === 'too-deep';
  }
}
