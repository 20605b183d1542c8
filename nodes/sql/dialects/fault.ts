import { type ErrorClass, NodeError } from '../../../sdk/index.ts';

/** The failures that every database has, with what a person can do about each. */
const faults = {
  'sql-connection': [
    'transient',
    'Check that the database is up and that host, port and network of the credential are right.',
  ],
  'sql-busy': ['transient', 'The database was busy; the step tries again by itself where retries are on.'],
  'sql-conflict': ['transient', 'Another writer was in the way; the step tries again by itself where retries are on.'],
  'sql-sign-in': ['auth', 'Correct the user and password of the credential, or have the database grant the access.'],
  'sql-not-allowed': ['auth', 'Ask the owner of the database to grant this user the right, or use another credential.'],
  'sql-outside': [
    'config',
    'SQL reaches no files and no network here. Let a step before read them, such as "Read a file".',
  ],
  'sql-several': ['config', 'Write one statement, or make a step of each.'],
  'sql-database-missing': ['config', 'Correct the database name in the credential.'],
  'sql-table-missing': [
    'not-found',
    'Correct the table name, or turn on "Create the table if it is missing" where this step writes to it.',
  ],
  'sql-column-missing': ['config', 'Correct the column name.'],
  'sql-syntax': ['config', 'Correct the SQL.'],
  'sql-read-only': ['config', 'This step only reads. Use "Execute SQL" for statements that change data.'],
  'sql-key-not-unique': [
    'config',
    'Records can only be matched on columns that are unique in the table: make them its primary key, add a unique index, or pick another key.',
  ],
  'sql-duplicate': ['bad-data', 'Correct the record, or use "Upsert rows" to update the row that is there already.'],
  'sql-constraint': ['bad-data', 'Correct the record so that it keeps the rule of the table.'],
  'sql-value': ['bad-data', 'Correct the value, or convert it before this step.'],
  'sql-outcome-unknown': ['uncertain', 'Look in the table whether the rows are there before the step is repeated.'],
  'sql-refused': ['config', 'Read what the database says, and correct the statement or the settings of this step.'],
} as const satisfies Record<string, readonly [ErrorClass, string]>;

export type FaultCode = keyof typeof faults;

export interface FaultOptions {
  /** The database's own words. */
  readonly words: string;
  readonly field?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** @param title of the database, such as PostgreSQL. */
export function fault(title: string, code: FaultCode, { words, ...rest }: FaultOptions): NodeError {
  const [errorClass, remedy] = faults[code];
  return new NodeError({ class: errorClass, code, message: `${title}: ${sentence(words)}`, remedy, ...rest });
}

function sentence(words: string): string {
  const text = words.trim().replace(/\s+/g, ' ');
  const capital = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.?]$/.test(capital) ? capital : `${capital.replace(/!$/, '')}.`;
}

/** Failures of the socket, before or during a call. */
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
]);

export function isSocketCode(code: unknown): boolean {
  return typeof code === 'string' && SOCKET.has(code);
}

/** Line and column of a character, counted from 1. */
export function placeIn(text: string, index: number): string {
  const before = text.slice(0, index).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** What a commit's failure means: when the connection broke, nobody knows whether it was done. */
export function commitFault(title: string, error: NodeError): NodeError {
  if (error.code !== 'sql-connection') return error;
  return fault(title, 'sql-outcome-unknown', {
    words: 'The connection was lost while the rows were being committed, so they may or may not be there.',
    cause: error,
  });
}
