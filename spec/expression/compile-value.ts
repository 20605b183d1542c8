import type { Code } from './compilation.ts';
import { evaluate } from './evaluator.ts';
import { ExpressionError } from './expression-error.ts';
import { plainResult, setField } from './leave.ts';
import { defaultLimits } from './run.ts';
import type { Reads, Scope } from './scope.ts';
import { compileSource, isTemplate } from './template.ts';

/** A document value (literals, lists, objects) with all of its templates compiled. */
export interface CompiledValue {
  /** The value with each template replaced by its result; parts without templates are shared, not copied. */
  evaluate(scope: Scope): unknown;
  /** True when there is no template inside, so that `evaluate` always gives the very same value. */
  readonly isConstant: boolean;
  readonly reads: Reads;
}

const noReads: Reads = {
  json: false,
  nodes: [],
  itemIndex: false,
  now: false,
  input: false,
  item: false,
  vars: [],
  fields: [],
  wholeRecord: false,
};

/**
 * Compiles templates at any depth. Throws the first problem as `ExpressionError`. Fields whose template gives nothing
 * stay in the object as undefined.
 */
export function compileValue(value: unknown): CompiledValue {
  const reads: Reads[] = [];
  const code = compilePart(value, reads, 0);
  if (code === undefined) return { evaluate: () => value, isConstant: true, reads: noReads };
  return { evaluate: (scope) => evaluate(code, scope, defaultLimits), isConstant: false, reads: mergeReads(reads) };
}

/** Undefined when the part is constant. What a template gives is made plain where it is put into its place. */
function compilePart(value: unknown, reads: Reads[], depth: number): Code | undefined {
  if (isTemplate(value)) {
    const template = compileSource(value);
    reads.push(template.reads);
    return template.code;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > 100) {
    throw new ExpressionError('too-deep', 'This value is nested too deeply.', 'Give a flatter value.');
  }
  if (Array.isArray(value)) return compileList(value, reads, depth);
  return compileFields(Object.entries(value), reads, depth);
}

function compileList(list: readonly unknown[], reads: Reads[], depth: number): Code | undefined {
  const codes = list.map((item) => compilePart(item, reads, depth + 1));
  if (codes.every((code) => code === undefined)) return undefined;
  return (run, frame) =>
    list.map((item, i) => {
      const code = codes[i];
      if (code === undefined) return item;
      run.refill();
      const result = code(run, frame);
      return isTemplate(item) ? plainResult(run, result) : result;
    });
}

/** Each result begins as a copy of an object that has all fields in order, which is faster than adding them. */
function compileFields(
  entries: readonly (readonly [string, unknown])[],
  reads: Reads[],
  depth: number,
): Code | undefined {
  const shape: Record<string, unknown> = {};
  const names: string[] = [];
  const codes: Code[] = [];
  const fromTemplate: boolean[] = [];
  for (const [name, field] of entries) {
    const code = compilePart(field, reads, depth + 1);
    setField(shape, name, code === undefined ? field : undefined);
    if (code === undefined) continue;
    names.push(name);
    codes.push(code);
    fromTemplate.push(isTemplate(field));
  }
  if (codes.length === 0) return undefined;
  return (run, frame) => {
    const object = { ...shape };
    for (let i = 0; i < names.length; i++) {
      run.refill();
      const result = (codes[i] as Code)(run, frame);
      object[names[i] as string] = fromTemplate[i] ? plainResult(run, result) : result;
    }
    return object;
  };
}

function mergeReads(all: readonly Reads[]): Reads {
  const union = (pick: (reads: Reads) => readonly string[]) => [...new Set(all.flatMap(pick))];
  return {
    json: all.some((reads) => reads.json),
    itemIndex: all.some((reads) => reads.itemIndex),
    now: all.some((reads) => reads.now),
    input: all.some((reads) => reads.input),
    item: all.some((reads) => reads.item),
    wholeRecord: all.some((reads) => reads.wholeRecord),
    nodes: union((reads) => reads.nodes),
    vars: union((reads) => reads.vars),
    fields: union((reads) => reads.fields),
  };
}
