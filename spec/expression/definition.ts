import type { DateTime, Duration } from 'luxon';
import type { Code } from './compilation.ts';
import type { Pattern } from './pattern.ts';
import type { Run } from './run.ts';
import type { PlainObject } from './values.ts';

export interface Example {
  /** Without braces; evaluated against the scope of `sample-scope.ts`. */
  readonly expression: string;
  /** What it gives once it has left the expression (dates as ISO text). */
  readonly result: unknown;
}

export interface FunctionDoc {
  readonly name: string;
  /** `round(number, digits?)`: `?` marks what may be left out, `...` what may be repeated. */
  readonly signature: string;
  readonly category: string;
  readonly summary: string;
  readonly examples: readonly Example[];
}

export interface MethodDoc extends FunctionDoc {
  readonly type: MethodType;
}

/** The types that have methods; `missing` is an empty value, which has only the few that ask about emptiness. */
interface MethodSelf {
  text: string;
  list: readonly unknown[];
  number: number;
  boolean: boolean;
  object: PlainObject;
  date: DateTime;
  duration: Duration;
  pattern: Pattern;
  missing: null | undefined;
}
export type MethodType = keyof MethodSelf;

export type Builtin = (run: Run, ...args: unknown[]) => unknown;

export interface FunctionDefinition extends FunctionDoc {
  readonly least: number;
  readonly most: number;
  readonly run: Builtin;
  /** For functions that evaluate only some of their arguments. */
  readonly lazy?: (args: readonly Code[]) => Code;
}

export interface MethodDefinition extends MethodDoc {
  readonly least: number;
  readonly most: number;
  readonly run: (run: Run, self: unknown, ...args: unknown[]) => unknown;
}

type Examples = readonly (readonly [expression: string, result: unknown])[];

/** Makes the definers of one category; name and arity are read from the signature. */
export function category(name: string): {
  fn(signature: string, summary: string, examples: Examples, run: Builtin): FunctionDefinition;
  lazy(
    signature: string,
    summary: string,
    examples: Examples,
    run: Builtin,
    lazy: (args: readonly Code[]) => Code,
  ): FunctionDefinition;
} {
  return {
    fn: (signature, summary, examples, run) => ({ ...describeFunction(name, signature, summary, examples), run }),
    lazy: (signature, summary, examples, run, lazy) => ({
      ...describeFunction(name, signature, summary, examples),
      run,
      lazy,
    }),
  };
}

/** Makes the definer of one type's methods. */
export function methodsOf<Type extends MethodType>(
  type: Type,
): (
  signature: string,
  summary: string,
  examples: Examples,
  run: (run: Run, self: MethodSelf[Type], ...args: unknown[]) => unknown,
) => MethodDefinition {
  return (signature, summary, examples, run) => ({
    ...describeFunction(`${type} methods`, signature, summary, examples),
    type,
    run: run as MethodDefinition['run'],
  });
}

function describeFunction(
  categoryName: string,
  signature: string,
  summary: string,
  examples: Examples,
): FunctionDoc & { least: number; most: number } {
  const open = signature.indexOf('(');
  const parameters = signature
    .slice(open + 1, -1)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const repeats = parameters.some((part) => part.startsWith('...'));
  return {
    name: signature.slice(0, open),
    signature,
    category: categoryName,
    summary,
    examples: examples.map(([expression, result]) => ({ expression, result })),
    least: parameters.filter((part) => !part.endsWith('?') && !part.startsWith('...')).length,
    most: repeats ? Number.POSITIVE_INFINITY : parameters.length,
  };
}
