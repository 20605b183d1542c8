import { NodeError } from '../../../sdk/index.ts';
import { type FaultCode, fault, isSocketCode } from './fault.ts';

/** By error number of MySQL and MariaDB. */
const byNumber: Readonly<Record<number, FaultCode>> = {
  1040: 'sql-busy',
  1203: 'sql-busy',
  1205: 'sql-conflict',
  1213: 'sql-conflict',
  1020: 'sql-conflict',
  1044: 'sql-not-allowed',
  1142: 'sql-not-allowed',
  1143: 'sql-not-allowed',
  1045: 'sql-sign-in',
  1698: 'sql-sign-in',
  1049: 'sql-database-missing',
  1146: 'sql-table-missing',
  1054: 'sql-column-missing',
  1064: 'sql-syntax',
  1149: 'sql-syntax',
  1792: 'sql-read-only',
  1062: 'sql-duplicate',
  1586: 'sql-duplicate',
  1048: 'sql-constraint',
  1364: 'sql-constraint',
  1451: 'sql-constraint',
  1452: 'sql-constraint',
  3819: 'sql-constraint',
  4025: 'sql-constraint',
  1644: 'sql-constraint',
  1053: 'sql-connection',
  1077: 'sql-connection',
  1080: 'sql-connection',
  1152: 'sql-connection',
  1927: 'sql-connection',
  2006: 'sql-connection',
  2013: 'sql-connection',
  4031: 'sql-connection',
};

interface ServerError extends Error {
  readonly errno?: number;
  readonly code?: string;
  readonly sqlState?: string;
  readonly sqlMessage?: string;
}

export function mysqlFault(error: unknown): NodeError {
  if (error instanceof NodeError) return error;
  const { errno, code, sqlState, sqlMessage, message } = error as ServerError;
  if (sqlState === undefined || isSocketCode(code)) {
    const protocol = code?.startsWith('ER_') === true;
    return fault('MySQL', protocol ? 'sql-refused' : 'sql-connection', {
      words: message || 'the connection broke',
      cause: error,
    });
  }
  const words = sqlMessage ?? message;
  const isValue = sqlState.startsWith('22') || errno === 1366 || errno === 1292 || errno === 1265 || errno === 1411;
  const faultCode =
    byNumber[errno ?? 0] ?? (isValue ? 'sql-value' : sqlState.startsWith('23') ? 'sql-constraint' : 'sql-refused');
  return fault('MySQL', faultCode, {
    words,
    field: /(?:column|field) [`'](?:[^`']+`\.`)*([^`']+)[`']/i.exec(words)?.[1],
    details: { errno, code, sqlState, message: words },
    cause: error,
  });
}
