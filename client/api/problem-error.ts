import { z } from 'zod';
import type { Problem } from '../../spec/workflow/problem.ts';

const problemBody = z.object({
  title: z.string().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  remedy: z.string().optional(),
  problems: z.array(z.unknown()).optional(),
});

/** A request that did not work, in words for a person. `status` 0: the server was not reached. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string | undefined;
  /** What keeps a document from being saved, published or run. */
  readonly problems: readonly Problem[];

  constructor(given: {
    status: number;
    code: string;
    message: string;
    remedy?: string | undefined;
    problems?: readonly Problem[];
    cause?: unknown;
  }) {
    super(given.message, { cause: given.cause });
    this.name = 'ProblemError';
    this.status = given.status;
    this.code = given.code;
    this.remedy = given.remedy;
    this.problems = given.problems ?? [];
  }
}

export function unreachable(cause: unknown): ProblemError {
  return new ProblemError({
    status: 0,
    code: 'unreachable',
    message: 'The server does not answer.',
    remedy: 'Check that Sluice is running and that this computer is connected, then try again.',
    cause,
  });
}

/** Reads `application/problem+json`; a body of any other kind still gives an error that says what happened. */
export async function problemFrom(response: Response): Promise<ProblemError> {
  const status = response.status;
  const body = problemBody.safeParse(await response.json().catch(() => undefined));
  if (!body.success) {
    return new ProblemError({ status, code: `http-${status}`, message: plainStatus(status) });
  }
  const { code, detail, title, remedy, problems } = body.data;
  return new ProblemError({
    status,
    code: code ?? `http-${status}`,
    message: detail ?? title ?? plainStatus(status),
    remedy,
    problems: (problems ?? []).filter(isProblem),
  });
}

export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ProblemError({ status: 0, code: 'unexpected', message, cause: error });
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'message' in value && 'nodeIds' in value && 'path' in value;
}

function plainStatus(status: number): string {
  if (status === 401) return 'You are signed out.';
  if (status === 403) return 'Your role does not allow this.';
  if (status === 404) return 'There is nothing at this address.';
  if (status === 413) return 'This is too large to send.';
  if (status === 429) return 'Too many requests in a short time.';
  if (status >= 500) return 'The server could not do this.';
  return `The server refused this (status ${status}).`;
}
