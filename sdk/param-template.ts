import type { z } from 'zod';
import { CompiledTemplate, compileTemplate, isTemplate } from '../spec/expression/template.ts';
import type { FieldUi } from '../spec/workflow/node-type.ts';
import { isRecord } from '../spec/workflow/record.ts';
import { type ExpressionErrorLike, isExpressionError, NodeError } from './errors.ts';
import { partOf, uiOf } from './schema.ts';

/** Templates inside a parameter value: where they stand and whether they may. */

/**
 * The template, which stands in a value as a hole for what it will give.
 * @throws NodeError `config`, naming the field, where the template does not compile.
 */
function holeFor(source: string, label?: string): CompiledTemplate {
  try {
    return compileTemplate(source);
  } catch (error) {
    throw isExpressionError(error) ? expressionFault(error, label, true) : error;
  }
}

/** The failure of an expression, with the field that it stands in. */
export function expressionFault(error: ExpressionErrorLike, label: string | undefined, constant: boolean): NodeError {
  return new NodeError({
    class: constant ? 'config' : 'bad-data',
    code: error.code,
    message: label === undefined ? error.message : `${label}: ${error.message}`,
    remedy: error.remedy,
    field: label,
    cause: error,
  });
}

/** The value with its templates compiled, and the very same value if there is none. */
export function withHoles(value: unknown): unknown {
  if (isTemplate(value)) return holeFor(value);
  if (Array.isArray(value)) return mapped(value, (entry) => withHoles(entry));
  if (isRecord(value)) return mapRecord(value, (part) => withHoles(part));
  return value;
}

/**
 * The same, leaving alone what the schema marks as `literal` or `own`, at any depth.
 * @throws NodeError `config` where a template in a part of scope `step` reads the record.
 */
export function withHolesBySchema(
  value: unknown,
  schema: z.ZodType | undefined,
  outer: { scope?: FieldUi['scope']; label: string },
): unknown {
  const ui = schema === undefined ? undefined : uiOf(schema);
  const scope = ui?.scope ?? outer.scope;
  if (scope === 'literal' || scope === 'own') return value;
  const own = { label: ui?.label ?? outer.label, ...(scope === undefined ? {} : { scope }) };
  if (isTemplate(value)) {
    const hole = holeFor(value, own.label);
    if (scope === 'step' && (hole.reads.json || hole.reads.itemIndex)) refuseRecord(own.label);
    return hole;
  }
  const part = (entry: unknown, key: PropertyKey) => withHolesBySchema(entry, schema && partOf(schema, key), own);
  if (Array.isArray(value)) return mapped(value, part);
  if (isRecord(value)) return mapRecord(value, part);
  return value;
}

/** A parameter that is one for the whole step was about to be read from a record. */
export function refuseRecord(label: string): never {
  throw new NodeError({
    class: 'config',
    code: 'parameter-reads-record',
    message: `${label} is the same for all records, so it cannot read one.`,
    remedy: `Use a fixed value, a variable or the first record of an earlier step in ${label}.`,
    field: label,
  });
}

function mapped(list: readonly unknown[], change: (entry: unknown, index: number) => unknown): unknown {
  const changed = list.map(change);
  return changed.some((entry, index) => entry !== list[index]) ? changed : list;
}

function mapRecord(record: Record<string, unknown>, change: (part: unknown, name: string) => unknown): unknown {
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(record)) {
    if (name === '__proto__') {
      throw new NodeError({
        class: 'config',
        code: 'parameter-wrong',
        message: 'A field cannot be named "__proto__".',
        remedy: 'Give the field another name.',
      });
    }
    const part = change(record[name], name);
    if (part === record[name]) continue;
    changed ??= { ...record };
    changed[name] = part;
  }
  return changed ?? record;
}

export function holesIn(value: unknown, found: CompiledTemplate[] = []): CompiledTemplate[] {
  if (value instanceof CompiledTemplate) found.push(value);
  else if (Array.isArray(value)) for (const entry of value) holesIn(entry, found);
  else if (isRecord(value)) for (const part of Object.values(value)) holesIn(part, found);
  return found;
}
