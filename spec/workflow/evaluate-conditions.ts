import { type CompareOptions, compare } from './comparisons.ts';
import type { Condition, Conditions } from './conditions.ts';

export interface EvaluateOptions {
  /** IANA zone of dates that name none; UTC if absent. */
  readonly zone?: string;
}

/**
 * Whether the conditions hold (NODES.md), given how a side's value is found from what stands in the document. All of nothing holds, any
 * of nothing does not. Sides are resolved only as far as needed, from first to last.
 */
export function evaluateConditions(
  conditions: Conditions,
  resolve: (value: unknown) => unknown,
  options: EvaluateOptions = {},
): boolean {
  return compileConditions<typeof resolve>(conditions, (value) => (given) => given(value), options)(resolve);
}

/**
 * Conditions made ready for many records: `compile` is asked once for each side, and what it gives is called with the context of each record.
 */
export function compileConditions<C>(
  conditions: Conditions,
  compile: (value: unknown) => (context: C) => unknown,
  { zone = 'utc' }: EvaluateOptions = {},
): (context: C) => boolean {
  const isAll = 'all' in conditions;
  const parts = (isAll ? conditions.all : conditions.any).map((entry) => compileEntry(entry, compile, zone));
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  return isAll ? (context) => parts.every((part) => part(context)) : (context) => parts.some((part) => part(context));
}

function compileEntry<C>(
  entry: Condition | Conditions,
  compile: (value: unknown) => (context: C) => unknown,
  zone: string,
): (context: C) => boolean {
  if (!('is' in entry)) return compileConditions(entry, compile, { zone });
  const left = compile(entry.left);
  const right = compile(entry.right);
  const options: CompareOptions = { loose: entry.loose === true, zone };
  const test = compare[entry.is];
  return (context) => test(left(context), right(context), options);
}
