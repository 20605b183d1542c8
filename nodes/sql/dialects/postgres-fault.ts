import { NodeError } from '../../../sdk/index.ts';
import { type FaultCode, fault, isSocketCode, placeIn } from './fault.ts';

/** Codes by SQLSTATE: the whole one, or its class of two characters. */
const byState: Readonly<Record<string, FaultCode>> = {
  '08': 'sql-connection',
  '57P01': 'sql-connection',
  '57P02': 'sql-connection',
  '57P03': 'sql-connection',
  '53': 'sql-busy',
  '57014': 'sql-busy',
  '55P03': 'sql-busy',
  '40': 'sql-conflict',
  '28': 'sql-sign-in',
  '42501': 'sql-not-allowed',
  '3D000': 'sql-database-missing',
  '42P01': 'sql-table-missing',
  '3F000': 'sql-table-missing',
  '42703': 'sql-column-missing',
  '42601': 'sql-syntax',
  '25006': 'sql-read-only',
  '42P10': 'sql-key-not-unique',
  '23505': 'sql-duplicate',
  '23': 'sql-constraint',
  '44': 'sql-constraint',
  P0001: 'sql-constraint',
  '21000': 'sql-value',
  '22': 'sql-value',
};

interface ServerError extends Error {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly column?: string;
  readonly constraint?: string;
}

export function postgresFault(error: unknown, statement?: string): NodeError {
  if (error instanceof NodeError) return error;
  const { code, message, detail, hint, position, column, constraint } = error as ServerError;
  if (code === undefined || isSocketCode(code) || !/^[0-9A-Z]{5}$/.test(code)) {
    return fault('PostgreSQL', 'sql-connection', { words: socketWords(error), cause: error });
  }
  const faultCode = byState[code] ?? byState[code.slice(0, 2)] ?? 'sql-refused';
  const at = statement !== undefined && position !== undefined ? ` (${placeIn(statement, Number(position) - 1)})` : '';
  return fault('PostgreSQL', faultCode, {
    words: `${message}${at}${detail === undefined ? '' : `. ${detail}`}`,
    field: column ?? /^Key \("?([^",)]+)"?\)=/.exec(detail ?? '')?.[1],
    details: { sqlState: code, message, detail, hint, constraint },
    cause: error,
  });
}

function socketWords(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(socketWords).join('; ');
  return error instanceof Error && error.message !== '' ? error.message : 'the connection broke';
}
