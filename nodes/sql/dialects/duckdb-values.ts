import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { exactInteger, exactNumber, parseExactJson } from '../../../sdk/index.ts';
import { isoFromMicros } from './moments.ts';
import { shortestFloat } from './mysql-values.ts';

type DuckdbModule = typeof import('@duckdb/node-api');

/** Turns DuckDB's values into record values: plain JSON, exact. The type is the result column's: a chunk does not tell JSON from text. */
export function duckdbConverter(duckdb: DuckdbModule): (value: DuckDBValue, type: DuckDBType | undefined) => unknown {
  const { DuckDBTypeId: id } = duckdb;
  const plain = (value: DuckDBValue): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'bigint') return exactInteger(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (value instanceof duckdb.DuckDBDecimalValue) return exactNumber(value.toString());
    if (value instanceof duckdb.DuckDBTimestampTZValue) return instant(value, true);
    if (value instanceof duckdb.DuckDBTimestampValue) return instant(value, false);
    if (value instanceof duckdb.DuckDBTimestampMillisecondsValue) return isoFromMicros(value.millis * 1000n, false);
    if (value instanceof duckdb.DuckDBTimestampSecondsValue) return isoFromMicros(value.seconds * 1_000_000n, false);
    if (value instanceof duckdb.DuckDBTimestampNanosecondsValue) return isoFromMicros(value.nanos / 1000n, false);
    if (value instanceof duckdb.DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
    if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue)
      return value.items.map(plain);
    if (value instanceof duckdb.DuckDBStructValue) {
      return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, plain(entry)]));
    }
    if (value instanceof duckdb.DuckDBMapValue) {
      return Object.fromEntries(value.entries.map(({ key, value: entry }) => [String(plain(key)), plain(entry)]));
    }
    if (value instanceof duckdb.DuckDBUnionValue) return plain(value.value);
    if (value instanceof duckdb.DuckDBVariantValue) return plain(value.value);
    return value.toString();
  };
  const instant = (value: { micros: bigint; isFinite: boolean; toString(): string }, zone: boolean): string =>
    value.isFinite ? isoFromMicros(value.micros, zone) : value.toString();
  return (value, type) => {
    if (typeof value === 'string' && type?.alias === 'JSON') return parsed(value);
    if (typeof value === 'number' && type?.typeId === id.FLOAT) return plain(shortestFloat(value));
    return plain(value);
  };
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}
