import { type Code, emptyFrame } from './compilation.ts';
import { ExpressionError } from './expression-error.ts';
import { type Limits, Run } from './run.ts';
import type { Scope } from './scope.ts';

/** Evaluates compiled code for one record after another. */
export class Evaluator {
  readonly #code: Code;
  readonly #limits: Limits;
  /** Kept from record to record; taken away while in use, so that evaluating may nest. */
  #idle: Run | undefined;

  constructor(code: Code, limits: Limits) {
    this.#code = code;
    this.#limits = limits;
  }

  evaluate(scope: Scope): unknown {
    const run = this.#idle ?? new Run(scope, this.#limits);
    this.#idle = undefined;
    run.scope = scope;
    run.refill();
    try {
      return this.#code(run, emptyFrame);
    } catch (error) {
      throw asExpressionError(error);
    } finally {
      this.#idle = run;
    }
  }
}

/** The stack may still overflow where the caller has used most of it; that too is this expression's failure. */
function asExpressionError(error: unknown): unknown {
  if (error instanceof RangeError && /call stack|recursion/i.test(error.message)) {
    return new ExpressionError('too-deep', 'This expression is nested too deeply.', 'Split it into shorter parts.');
  }
  return error;
}
