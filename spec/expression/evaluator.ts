import { ExpressionError } from './expression-error.ts';
import { type Limits, Run } from './run.ts';
import type { Scope } from './scope.ts';

/** Kept from one evaluation to the next; taken away while in use, so that evaluating may nest. */
let idle: Run | undefined;

/** Does some evaluating in a scope, with all budgets full. Throws only `ExpressionError`. */
export function evaluate<Given, Result>(
  act: (run: Run, given: Given) => Result,
  given: Given,
  scope: Scope,
  limits: Limits,
): Result {
  const run = idle !== undefined && idle.limits === limits ? idle : new Run(scope, limits);
  idle = undefined;
  run.scope = scope;
  run.refill();
  try {
    return act(run, given);
  } catch (error) {
    throw asExpressionError(error);
  } finally {
    idle = run;
  }
}

/** The stack may still overflow where the caller has used most of it; that too is this expression's failure. */
function asExpressionError(error: unknown): unknown {
  if (error instanceof RangeError && /call stack|recursion/i.test(error.message)) {
    return new ExpressionError('too-deep', 'This expression is nested too deeply.', 'Split it into shorter parts.');
  }
  return error;
}
