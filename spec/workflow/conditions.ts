import { z } from 'zod';

/** Conditions of `if`, `switch`, `filter` and `repeat-until` (NODES.md): `{ all: [...] }` or `{ any: [...] }`, nestable. */

export const comparisons = [
  'equals',
  'not-equals',
  'greater-than',
  'greater-or-equal',
  'less-than',
  'less-or-equal',
  'contains',
  'not-contains',
  'starts-with',
  'ends-with',
  'matches',
  'in',
  'not-in',
  'is-empty',
  'is-not-empty',
  'is-true',
  'is-false',
  'before',
  'after',
  'is-type',
] as const;

export type Comparison = (typeof comparisons)[number];

export interface Condition {
  left: unknown;
  is: Comparison;
  right?: unknown;
  /** A text that looks like a number equals that number. */
  loose?: boolean | undefined;
}

export type Conditions = { all: (Condition | Conditions)[] } | { any: (Condition | Conditions)[] };

const conditionSchema = z.strictObject({
  left: z.unknown(),
  is: z.enum(comparisons),
  right: z.unknown().optional(),
  loose: z.boolean().optional(),
});

const entry: z.ZodType<Condition | Conditions> = z.lazy(() => z.union([conditionSchema, conditionsSchema]));

export const conditionsSchema: z.ZodType<Conditions> = z.union([
  z.strictObject({ all: z.array(entry) }),
  z.strictObject({ any: z.array(entry) }),
]);
