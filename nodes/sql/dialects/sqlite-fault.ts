import { NodeError } from '../../../sdk/index.ts';
import { type FaultCode, fault } from './fault.ts';

interface SqliteError extends Error {
  readonly code?: string;
  /** Extended result code. */
  readonly errcode?: number;
  readonly errstr?: string;
}

const CONSTRAINT = 19;
const UNIQUE = new Set([2067, 1555]);

export function sqliteFault(error: unknown): NodeError {
  if (error instanceof NodeError) return error;
  const { code, errcode, message } = error as SqliteError;
  const isSqlite = code === 'ERR_SQLITE_ERROR' && errcode !== undefined;
  return fault('SQLite', isSqlite ? codeOf(errcode, message) : 'sql-refused', {
    words: message,
    field: /constraint failed: (?:[^.,]+\.)?([^.,]+)$/.exec(message)?.[1],
    details: { errcode, message },
    cause: error,
  });
}

function codeOf(extended: number, message: string): FaultCode {
  const primary = extended & 0xff;
  if (UNIQUE.has(extended)) return 'sql-duplicate';
  if (primary === CONSTRAINT) return 'sql-constraint';
  if (/no such table/.test(message)) return 'sql-table-missing';
  if (/no such column|has no column/.test(message)) return 'sql-column-missing';
  if (/does not match any PRIMARY KEY or UNIQUE/.test(message)) return 'sql-key-not-unique';
  if (/syntax error|incomplete input|unrecognized token/.test(message)) return 'sql-syntax';
  switch (primary) {
    case 5:
    case 6:
      return 'sql-busy';
    case 8:
      return 'sql-read-only';
    case 10:
    case 14:
      return 'sql-connection';
    case 18:
    case 20:
      return 'sql-value';
    case 23:
      return 'sql-not-allowed';
    default:
      return 'sql-refused';
  }
}
