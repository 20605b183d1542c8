import type { z } from 'zod';
import type { FieldUi } from '../spec/workflow/node-type.ts';

/** Reading a parameter schema: its form hints and its parts, through optional, default and the like. */

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly items?: readonly z.ZodType[];
}

function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  const definition = definitionOf(schema);
  if (definition.innerType !== undefined) return definition.innerType;
  if (definition.type === 'lazy') return definition.getter?.();
  if (definition.type === 'pipe') {
    const input = definition.in;
    return input !== undefined && definitionOf(input).type !== 'transform' ? input : definition.out;
  }
  return undefined;
}

/** The form hints that a field builder put on the schema. */
export function uiOf(schema: z.ZodType): FieldUi | undefined {
  for (let at: z.ZodType | undefined = schema; at !== undefined; at = innerOf(at)) {
    const ui = at.meta()?.ui;
    if (ui !== undefined) return ui as FieldUi;
  }
  return undefined;
}

/** The schema of the part at `key` (field name or index); undefined where it cannot be told. */
export function partOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  for (let at: z.ZodType | undefined = schema; at !== undefined; at = innerOf(at)) {
    const definition = definitionOf(at);
    if (definition.shape !== undefined) {
      return Object.hasOwn(definition.shape, key) ? definition.shape[String(key)] : undefined;
    }
    if (definition.element !== undefined) return definition.element;
    if (definition.valueType !== undefined) return definition.valueType;
    if (definition.items !== undefined) return definition.items[Number(key)];
    if (definition.options !== undefined) {
      for (const option of definition.options) {
        const part = partOf(option, key);
        if (part !== undefined) return part;
      }
      return undefined;
    }
  }
  return undefined;
}

/** Whether leaving the value out is fine, while an empty text or null is not: then these count as left out. */
export function emptyMeansAbsent(schema: z.ZodType, empty: null | ''): boolean {
  return schema.safeParse(undefined).success && !schema.safeParse(empty).success;
}
