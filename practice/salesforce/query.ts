import type { PracticeDatabase } from '../database.ts';
import { ApiError, malformedQuery } from './errors.ts';
import { recordId } from './ids.ts';
import { aggregateRecords, bareCount, isAggregateQuery, isBareCount } from './soql-aggregate.ts';
import { columnMetadata } from './soql-column-metadata.ts';
import { parseSoql } from './soql-parser.ts';
import { type RowQuery, rowQuery } from './soql-rows.ts';

export interface QueryResult {
  totalSize: number;
  done: boolean;
  nextRecordsUrl?: string;
  records: unknown[];
}

interface Cursor {
  soql: string;
  withDeleted: boolean;
  batchSize: number;
  positions: number[];
}

const MAX_BATCH = 2000;
const MIN_BATCH = 200;
const KEPT_CURSORS = 50;

/** Runs SOQL and keeps the rest of long answers under a locator, also over a restart. */
export class Queries {
  readonly #db: PracticeDatabase;
  readonly #clock: () => number;
  /** The cursor last read, so that paging through a long answer does not read it again for each page. */
  #latest: { id: number; cursor: Cursor } | undefined;

  constructor(db: PracticeDatabase, clock: () => number) {
    this.#db = db;
    this.#clock = clock;
    db.exec('CREATE TABLE IF NOT EXISTS sf_cursors (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)');
  }

  query(soql: string, options: { withDeleted: boolean; batchSize: number; base: string }): QueryResult {
    const context = { soql, db: this.#db, now: this.#clock(), ...options };
    const query = parseSoql(soql);
    if (isBareCount(query)) return { totalSize: bareCount(query, context), done: true, records: [] };
    if (isAggregateQuery(query)) {
      const records = aggregateRecords(query, context);
      if (records.length > MAX_BATCH) {
        throw new ApiError(
          400,
          'EXCEEDED_ID_LIMIT',
          'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
        );
      }
      return { totalSize: records.length, done: true, records };
    }
    const rows = rowQuery(query, context);
    const positions = rows.positions();
    const batchSize = Math.min(MAX_BATCH, Math.max(MIN_BATCH, options.batchSize));
    const records = rows.page(positions.slice(0, batchSize));
    if (positions.length <= batchSize) return { totalSize: positions.length, done: true, records };
    const id = this.#keep({ soql, withDeleted: options.withDeleted, batchSize, positions });
    return {
      totalSize: positions.length,
      done: false,
      nextRecordsUrl: `${options.base}/query/${locator(id, batchSize)}`,
      records,
    };
  }

  /** @throws ApiError INVALID_QUERY_LOCATOR where the locator is unknown or too old */
  more(given: string, base: string): QueryResult {
    const match = /^01g.{9,12}-(\d+)-(\d+)$/.exec(given);
    const id = Number(match?.[1]);
    const from = Number(match?.[2]);
    const cursor = match ? this.#cursor(id) : undefined;
    if (!cursor || from >= cursor.positions.length) {
      throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    const { soql, withDeleted, batchSize, positions } = cursor;
    const rows = rowQuery(parseSoql(soql), { soql, db: this.#db, now: this.#clock(), withDeleted, base });
    const to = from + batchSize;
    const records = rows.page(positions.slice(from, to));
    if (to >= positions.length) return { totalSize: positions.length, done: true, records };
    return { totalSize: positions.length, done: false, nextRecordsUrl: `${base}/query/${locator(id, to)}`, records };
  }

  /** The shape of a query's result. */
  columns(soql: string) {
    return columnMetadata(parseSoql(soql), soql);
  }

  /** A query for the Bulk API. @throws ApiError where it cannot be written as a table */
  table(soql: string, options: { withDeleted: boolean; base: string }): RowQuery {
    const query = parseSoql(soql);
    if (isAggregateQuery(query)) throw malformedQuery('Aggregate functions are not supported in Bulk Query');
    const rows = rowQuery(query, { soql, db: this.#db, now: this.#clock(), ...options });
    if (rows.hasChildren) throw malformedQuery('Nested queries (subqueries) are not supported in Bulk Query');
    return rows;
  }

  #keep(cursor: Cursor): number {
    const { lastId } = this.#db.run('INSERT INTO sf_cursors (body) VALUES (?)', JSON.stringify(cursor));
    this.#db.run('DELETE FROM sf_cursors WHERE id <= ?', lastId - KEPT_CURSORS);
    this.#latest = { id: lastId, cursor };
    return lastId;
  }

  #cursor(id: number): Cursor | undefined {
    if (this.#latest?.id === id) return this.#latest.cursor;
    const row = this.#db.get('SELECT body FROM sf_cursors WHERE id = ?', id);
    if (!row) return undefined;
    const cursor = JSON.parse(String(row.body)) as Cursor;
    this.#latest = { id, cursor };
    return cursor;
  }
}

function locator(id: number, from: number): string {
  return `${recordId('01g', id).slice(0, 15)}-${id}-${from}`;
}
