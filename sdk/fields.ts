import { z } from 'zod';
import { conditionsSchema } from '../spec/workflow/conditions.ts';
import { durationText } from '../spec/workflow/document.ts';
import type { FieldKind, FieldUi } from '../spec/workflow/node-type.ts';

/**
 * Field builders: each gives the zod type of the *resolved* value with its label and form hints in the schema's `ui`
 * metadata, so that one declaration is type, check, form and documentation.
 */

type Ui = Omit<FieldUi, 'kind'>;

function ui<T extends z.ZodType>(schema: T, kind: FieldKind, options: Ui): T {
  return schema.meta({ ui: { kind, ...options } }) as T;
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const field = {
  /** Required, non-empty text. Numbers and booleans from a template become text. */
  text: (options: Ui) =>
    ui(
      z.preprocess(
        (v) => (typeof v === 'number' || typeof v === 'boolean' ? String(v) : v),
        z.string().min(1),
      ) as unknown as z.ZodString,
      'text',
      options,
    ),
  longText: (options: Ui) =>
    ui(
      z.preprocess(
        (v) => (typeof v === 'number' || typeof v === 'boolean' ? String(v) : v),
        z.string(),
      ) as unknown as z.ZodString,
      'long-text',
      options,
    ),
  number: (options: Ui & { min?: number; max?: number; int?: boolean }) => {
    const { min, max, int, ...rest } = options;
    let schema = int ? z.int() : z.number();
    if (min !== undefined) schema = schema.min(min);
    if (max !== undefined) schema = schema.max(max);
    return ui(schema, 'number', rest);
  },
  switch: (options: Ui) => ui(z.boolean(), 'switch', options),
  /** One of fixed values. */
  choice: <const V extends readonly [string, ...string[]]>(values: V, options: Ui) =>
    ui(z.enum(values), 'choice', {
      ...options,
      options: options.options ?? values.map((value) => ({ value, label: value.replaceAll('-', ' ') })),
    }),
  /** A name picked from what the service has (`load`), or typed over. */
  pick: (options: Ui & { load: string }) => ui(z.string().min(1), 'choice', { scope: 'step', ...options }),
  choices: (options: Ui) => ui(z.array(z.string()), 'choices', options),
  duration: (options: Ui) => ui(durationText, 'duration', { scope: 'step', ...options }),
  dateTime: (options: Ui) => ui(z.string().min(1), 'date-time', options),
  cron: (options: Ui) => ui(z.string().min(1), 'cron', { scope: 'literal', ...options }),
  code: (options: Ui & { language: NonNullable<FieldUi['language']> }) =>
    ui(z.string().min(1), 'code', { scope: 'step', ...options }),
  json: (options: Ui) => ui(z.unknown(), 'json', options),
  conditions: (options: Ui) => ui(conditionsSchema, 'conditions', options),
  keyValues: (options: Ui) => ui(z.record(z.string(), z.unknown()), 'key-values', options),
  /** `{ name: text }` for headers and query strings: numbers and booleans become text. */
  texts: (options: Ui) => ui(z.record(z.string(), scalar), 'key-values', options),
  columnMap: (options: Ui & { load?: string }) => ui(z.record(z.string(), z.unknown()), 'column-map', options),
  renames: (options: Ui) => ui(z.record(z.string(), z.string().min(1)), 'renames', { scope: 'step', ...options }),
  fieldName: (options: Ui) => ui(z.string().min(1), 'field-name', { scope: 'step', ...options }),
  fieldNames: (options: Ui) => ui(z.array(z.string().min(1)).min(1), 'field-names', { scope: 'step', ...options }),
  list: <T extends z.ZodType>(entry: T, options: Ui & { min?: number }) => {
    const { min, ...rest } = options;
    return ui(z.array(entry).min(min ?? 1), 'list', rest);
  },
  group: <T extends z.ZodRawShape>(shape: T, options: Ui) => ui(z.strictObject(shape), 'group', options),
  /** Any zod type with form hints, where no builder above fits. */
  of: <T extends z.ZodType>(schema: T, kind: FieldKind, options: Ui) => ui(schema, kind, options),
};
