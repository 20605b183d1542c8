import { z } from 'zod';
import type { Problem } from '../workflow/problem.ts';

export const problemSchema = z
  .object({
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    nodeIds: z.array(z.string()).readonly(),
    path: z.array(z.union([z.string(), z.number()])).readonly(),
    stage: z.enum(['structure', 'unfinished']),
  })
  .meta({ id: 'Problem' }) satisfies z.ZodType<Problem>;

/** What every refusal looks like (RFC 9457, `application/problem+json`). */
export const problemDetailsSchema = z
  .object({
    /** Names the kind of problem; `docs/errors/<code>.md` explains it. */
    type: z.string(),
    title: z.string(),
    status: z.number(),
    /** Stable and kebab-case. */
    code: z.string(),
    /** What happened, for a person. */
    detail: z.string(),
    /** What to do about it. */
    remedy: z.string().optional(),
    problems: z.array(problemSchema).optional(),
  })
  .meta({ id: 'ProblemDetails' });

export type ProblemDetails = z.infer<typeof problemDetailsSchema>;
