import { NodeError } from '../../../sdk/index.ts';
import type { Column } from './dialect.ts';
import { dayOf, wallClock } from './moments.ts';

/**
 * A record's value in the one form that all dialects start from: text, bytes, or null. What would be changed in silence (a fraction
 * in a whole-number column, a word in a number column) is refused here, in the same words for every database.
 */
export function columnText(value: unknown, column: Column): string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  switch (column.kind) {
    case 'integer':
      return wholeNumber(value, column);
    case 'decimal':
      return decimal(value, column);
    case 'boolean':
      return truth(value, column);
    case 'date':
      return dayOf(plainText(value));
    case 'timestamp':
      return wallClock(plainText(value));
    case 'json':
      return jsonText(value);
    case 'bytes':
      return bytes(value, column);
    default:
      return plainText(value);
  }
}

export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function wholeNumber(value: unknown, column: Column): string {
  if (Number.isSafeInteger(value)) return value === 0 ? '0' : String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = typeof value === 'number' && Number.isInteger(value) ? String(BigInt(value)) : plainText(value).trim();
  const whole = /^[+-]?\d+(?:\.0*)?$/.exec(text);
  if (whole === null) throw misfit(value, column, 'a whole number');
  return text.replace(/\.0*$/, '');
}

function decimal(value: unknown, column: Column): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = plainText(value).trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^(nan|[+-]?infinity)$/i.test(text))
    throw misfit(value, column, 'a number');
  return text;
}

const TRUE = new Set(['true', 't', 'yes', 'y', 'on', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', 'off', '0']);

function truth(value: unknown, column: Column): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const text = plainText(value).trim().toLowerCase();
  if (TRUE.has(text)) return 'true';
  if (FALSE.has(text)) return 'false';
  throw misfit(value, column, 'true or false');
}

/** A text that is a JSON object or list already goes in as it is; any other value as its JSON. */
function jsonText(value: unknown): string {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return JSON.stringify(value);
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

function bytes(value: unknown, column: Column): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const text = plainText(value);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
    throw misfit(value, column, 'bytes written as Base64');
  return Buffer.from(text, 'base64');
}

function misfit(value: unknown, column: Column, wanted: string): NodeError {
  const shown = plainText(value);
  return new NodeError({
    class: 'bad-data',
    code: 'sql-value',
    message: `Column "${column.name}" takes ${wanted}, but the value is "${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}".`,
    remedy: `Correct the value, or convert it before this step.`,
    field: column.name,
  });
}
