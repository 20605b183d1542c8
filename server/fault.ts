import type { Problem } from '../spec/workflow/problem.ts';

/** What kind of refusal it is; `server/http` alone knows which status that is. */
export type FaultKind =
  | 'bad-request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'too-large'
  | 'unsupported-media'
  | 'invalid'
  | 'precondition-required'
  | 'too-many-requests'
  | 'unavailable'
  | 'storage-full';

export interface FaultOptions {
  readonly kind: FaultKind;
  /** Stable and kebab-case; `docs/errors/<code>.md` explains it. */
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly problems?: readonly Problem[];
}

/** A refusal: what was asked for cannot be done, nothing was changed, and a person is told why. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly problems: readonly Problem[] | undefined;

  constructor(options: FaultOptions) {
    super(options.message);
    this.kind = options.kind;
    this.code = options.code;
    this.remedy = options.remedy;
    this.problems = options.problems;
  }
}

export function notFound(what: string, id: string): Fault {
  return new Fault({
    kind: 'not-found',
    code: `no-such-${what.replaceAll(' ', '-')}`,
    message: `There is no ${what} "${id}".`,
    remedy: 'It may have been deleted or renamed; look at the list.',
  });
}
