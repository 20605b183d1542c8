import type { PracticeDatabase, Row } from './database.ts';

/** One request that a practice service answered; `written` counts the records, messages or mails it changed. */
export interface LoggedRequest {
  id: number;
  at: number;
  service: 'salesforce' | 'slack' | 'smtp';
  /** What was asked for in the service's words: `query`, `composite/sobjects upsert`, `chat.postMessage`, ... */
  operation: string;
  method: string;
  path: string;
  status: number;
  written: number;
}

/** Requests are kept in the database, so that a test can look back over a killed process. */
const KEPT_REQUESTS = 20_000;

/** The requests of one service, newest last. */
export class RequestLog {
  readonly #db: PracticeDatabase;
  readonly #service: LoggedRequest['service'];
  readonly #clock: () => number;

  constructor(db: PracticeDatabase, service: LoggedRequest['service'], clock: () => number) {
    this.#db = db;
    this.#service = service;
    this.#clock = clock;
    db.exec(
      'CREATE TABLE IF NOT EXISTS requests (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, service TEXT, operation TEXT, method TEXT, path TEXT, status INTEGER, written INTEGER); CREATE INDEX IF NOT EXISTS requests_operation ON requests (service, operation)',
    );
  }

  add(request: Pick<LoggedRequest, 'operation' | 'method' | 'path' | 'status' | 'written'>): void {
    const { lastId } = this.#db.run(
      'INSERT INTO requests (at, service, operation, method, path, status, written) VALUES (?, ?, ?, ?, ?, ?, ?)',
      this.#clock(),
      this.#service,
      request.operation,
      request.method,
      request.path.slice(0, 2000),
      request.status,
      request.written,
    );
    if (lastId % 1000 === 0) this.#db.run('DELETE FROM requests WHERE id <= ?', lastId - KEPT_REQUESTS);
  }

  list(operation?: string): LoggedRequest[] {
    const rows = operation
      ? this.#db.all('SELECT * FROM requests WHERE service = ? AND operation = ? ORDER BY id', this.#service, operation)
      : this.#db.all('SELECT * FROM requests WHERE service = ? ORDER BY id', this.#service);
    return rows.map(toRequest);
  }

  /** Requests by operation: `{ query: 3, 'composite/sobjects upsert': 1 }`. */
  counts(): Record<string, number> {
    const rows = this.#db.all(
      'SELECT operation, COUNT(*) AS n FROM requests WHERE service = ? GROUP BY operation',
      this.#service,
    );
    return Object.fromEntries(rows.map((row) => [String(row.operation), Number(row.n)]));
  }

  clear(): void {
    this.#db.run('DELETE FROM requests WHERE service = ?', this.#service);
  }
}

function toRequest(row: Row): LoggedRequest {
  return row as unknown as LoggedRequest;
}
