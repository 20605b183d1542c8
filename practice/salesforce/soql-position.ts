import { ApiError } from './errors.ts';

/** Salesforce shows the piece of the query around the mistake, an arrow, the place, and then the message. */
export function pointAt(soql: string, offset: number, message: string): string {
  const before = soql.slice(0, offset);
  const row = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const flat = soql.replace(/\s/g, ' ');
  const from = Math.max(0, offset - 40);
  return `\n${flat.slice(from, offset + 40)}\n${' '.repeat(offset - from)}^\nERROR at Row:${row}:Column:${column}\n${message}`;
}

/** A query error of this code that points at the first place where `word` stands by itself. */
export function queryError(soql: string, word: string, errorCode: string, message: string): ApiError {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const at = new RegExp(`(?<![\\w.])${escaped}(?![\\w.])`, 'i').exec(soql)?.index;
  return new ApiError(400, errorCode, pointAt(soql, at ?? 0, message));
}
