import { ExpressionError } from './expression-error.ts';
import { setField } from './leave.ts';
import type { Reads, Scope } from './scope.ts';
import { type CompiledTemplate, compileTemplate, isTemplate } from './template.ts';

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
  vars: [],
  fields: [],
  wholeRecord: false,
};

/**
 * Compiles templates at any depth. Throws the first problem as `ExpressionError`. Fields whose template gives nothing
 * stay in the object as undefined.
 */
export function compileValue(value: unknown): CompiledValue {
  const templates: CompiledTemplate[] = [];
  const evaluate = compilePart(value, templates, 0);
  if (evaluate === undefined) return { evaluate: () => value, isConstant: true, reads: noReads };
  return { evaluate, isConstant: false, reads: mergeReads(templates.map((template) => template.reads)) };
}

type Evaluate = (scope: Scope) => unknown;

/** Undefined when the part is constant. */
function compilePart(value: unknown, templates: CompiledTemplate[], depth: number): Evaluate | undefined {
  if (isTemplate(value)) {
    const template = compileTemplate(value);
    templates.push(template);
    return (scope) => template.evaluate(scope);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > 100) {
    throw new ExpressionError('too-deep', 'This value is nested too deeply.', 'Give a flatter value.');
  }
  if (Array.isArray(value)) {
    const parts = value.map((item) => compilePart(item, templates, depth + 1));
    if (parts.every((part) => part === undefined)) return undefined;
    return (scope) => value.map((item, i) => parts[i]?.(scope) ?? (parts[i] ? undefined : item));
  }
  const fields = Object.entries(value).map(([name, field]) => ({
    name,
    field,
    evaluate: compilePart(field, templates, depth + 1),
  }));
  if (fields.every((field) => field.evaluate === undefined)) return undefined;
  return (scope) => {
    const object: Record<string, unknown> = {};
    for (const { name, field, evaluate } of fields) setField(object, name, evaluate ? evaluate(scope) : field);
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
    wholeRecord: all.some((reads) => reads.wholeRecord),
    nodes: union((reads) => reads.nodes),
    vars: union((reads) => reads.vars),
    fields: union((reads) => reads.fields),
  };
}
