import { type Code, emptyFrame } from './compilation.ts';
import { ExpressionError } from './expression-error.ts';
import { plainResult } from './leave.ts';
import { type Limits, Run } from './run.ts';
import type { Scope } from './scope.ts';

/** Kept from one evaluation to the next; taken away while in use, so that evaluating may nest. */
let idle: Run | undefined;

/** The plain value of compiled code in a scope. Throws only `ExpressionError`. */
export function evaluate(code: Code, scope: Scope, limits: Limits): unknown {
  const run = idle !== undefined && idle.limits === limits ? idle : new Run(scope, limits);
  idle = undefined;
  run.scope = scope;
  run.refill();
  try {
    return plainResult(run, code(run, emptyFrame));
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
