/**
 * The one error taxonomy of connectors (CONNECTORS.md). A connector classifies each failure once, at its edge; the engine
 * decides by class what to do, and a person reads `message` (what happened), `remedy` (what to do) and `field`.
 */
export type ErrorClass =
  /** May pass by itself: retried. */
  | 'transient'
  /** Retried after the time that the service names. */
  | 'rate-limited'
  /** The credential is refused: never retried, a person is asked. */
  | 'auth'
  /** This record cannot be accepted: never retried, goes to `rejected`. */
  | 'bad-data'
  | 'not-found'
  /** The node is set up wrongly. */
  | 'config'
  /** The request may or may not have taken effect. */
  | 'uncertain';

export interface NodeErrorOptions {
  readonly class: ErrorClass;
  /** Stable and kebab-case, such as `salesforce-row-locked`. */
  readonly code: string;
  readonly message: string;
  /** What the person can do, in one sentence. */
  readonly remedy: string;
  /** The field or parameter it concerns. */
  readonly field?: string | undefined;
  /** Milliseconds to wait before the next try, as the service named it. */
  readonly retryAfter?: number | undefined;
  /** The service's own words and technical details; shown in a fold, redacted of secrets. */
  readonly details?: unknown;
  readonly cause?: unknown;
}

export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly class: ErrorClass;
  readonly code: string;
  readonly remedy: string;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;
  readonly details: unknown;

  constructor(options: NodeErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.class = options.class;
    this.code = options.code;
    this.remedy = options.remedy;
    this.field = options.field;
    this.retryAfter = options.retryAfter;
    this.details = options.details;
  }
}

/** The plain-JSON form of an error, kept in the journal and shown in the run view. */
export interface ErrorReport {
  readonly class: ErrorClass | 'internal' | 'timeout' | 'cancelled' | 'interrupted';
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly field?: string;
  readonly retryAfter?: number;
  readonly details?: unknown;
}

/** An `ExpressionError` as the sdk sees it. */
export interface ExpressionErrorLike {
  name: 'ExpressionError';
  code: string;
  message: string;
  remedy: string;
}

export function isExpressionError(error: unknown): error is ExpressionErrorLike {
  return error instanceof Error && error.name === 'ExpressionError';
}

export function reportOf(error: unknown): ErrorReport {
  if (error instanceof NodeError) {
    return {
      class: error.class,
      code: error.code,
      message: error.message,
      remedy: error.remedy,
      ...(error.field === undefined ? {} : { field: error.field }),
      ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
      ...(error.details === undefined ? {} : { details: error.details }),
    };
  }
  if (isExpressionError(error)) {
    return { class: 'bad-data', code: error.code, message: error.message, remedy: error.remedy };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    class: 'internal',
    code: 'internal',
    message: `The step broke off: ${message}`,
    remedy: 'This is a fault in the step itself. Try again, and report it with the details below if it stays.',
    details: error instanceof Error ? error.stack : undefined,
  };
}

const CLASSES: ReadonlySet<string> = new Set([
  'transient',
  'rate-limited',
  'auth',
  'bad-data',
  'not-found',
  'config',
  'uncertain',
] satisfies ErrorClass[]);

/** The error that a kept report speaks of; anything but a connector's own classes comes back as bad data. */
export function errorFrom(report: ErrorReport): NodeError {
  const own = report.class as ErrorClass;
  return new NodeError({ ...report, class: CLASSES.has(own) ? own : 'bad-data' });
}

/** Failures that concern one record alone and so go to `rejected`. */
export function isRecordFault(error: unknown): boolean {
  return isExpressionError(error) || (error instanceof NodeError && error.class === 'bad-data');
}

const RETRIED: ReadonlySet<string> = new Set(['transient', 'rate-limited', 'timeout']);

/** Whether another try can help. `uncertain` is left out: the ledger decides there. */
export function isRetried(report: ErrorReport): boolean {
  return RETRIED.has(report.class);
}
