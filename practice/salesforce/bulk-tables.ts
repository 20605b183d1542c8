import type { PracticeDatabase } from '../database.ts';
import { ApiError } from './errors.ts';
import { recordId } from './ids.ts';

/** Bulk API 2.0 jobs, the data that was uploaded to them, and what came of each row. */
export const BULK_TABLES = `
  CREATE TABLE IF NOT EXISTS sf_bulk_jobs (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body TEXT NOT NULL, data TEXT, header TEXT);
  CREATE TABLE IF NOT EXISTS sf_bulk_results (job INTEGER, line INTEGER, ok INTEGER, csv TEXT, PRIMARY KEY (job, line)) WITHOUT ROWID;
`;

type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';

export interface BulkJob {
  id: string;
  operation: string;
  object: string;
  createdById: string;
  createdDate: string;
  systemModstamp: string;
  state: JobState;
  concurrencyMode: 'Parallel';
  contentType: 'CSV';
  apiVersion: number;
  lineEnding: 'LF' | 'CRLF';
  columnDelimiter: string;
  numberRecordsProcessed: number;
  errorMessage?: string;
  [more: string]: unknown;
}

export interface IngestJob extends BulkJob {
  externalIdFieldName?: string;
  contentUrl: string;
  numberRecordsFailed: number;
}

export function addJob<T extends BulkJob>(db: PracticeDatabase, kind: 'ingest' | 'query', make: (id: string) => T): T {
  const { lastId } = db.run('INSERT INTO sf_bulk_jobs (kind, body) VALUES (?, ?)', kind, '{}');
  const job = make(recordId('750', lastId));
  saveJob(db, job);
  return job;
}

/** @throws ApiError NOT_FOUND */
export function readJob<T extends BulkJob>(db: PracticeDatabase, kind: 'ingest' | 'query', id: string): T {
  const row = db.get(
    "SELECT body FROM sf_bulk_jobs WHERE kind = ? AND substr(json_extract(body, '$.id'), 1, 15) = ?",
    kind,
    id.slice(0, 15),
  );
  if (!row) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  return JSON.parse(String(row.body)) as T;
}

export function listJobs<T extends BulkJob>(db: PracticeDatabase, kind: 'ingest' | 'query'): T[] {
  return db
    .all('SELECT body FROM sf_bulk_jobs WHERE kind = ? ORDER BY seq DESC', kind)
    .map((row) => JSON.parse(String(row.body)) as T);
}

export function saveJob(db: PracticeDatabase, job: BulkJob): void {
  db.run('UPDATE sf_bulk_jobs SET body = ? WHERE seq = ?', JSON.stringify(job), jobNumber(job));
}

export function deleteJob(db: PracticeDatabase, job: BulkJob): void {
  db.run('DELETE FROM sf_bulk_results WHERE job = ?', jobNumber(job));
  db.run('DELETE FROM sf_bulk_jobs WHERE seq = ?', jobNumber(job));
}

/** The number that the job's id was made of. */
export function jobNumber(job: BulkJob): number {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return [...job.id.slice(6, 15)].reduce((number, digit) => number * 62 + digits.indexOf(digit), 0);
}

export function invalidJob(message: string): ApiError {
  return new ApiError(400, 'INVALIDJOB', message);
}

export const DELIMITERS: Record<string, string> = {
  COMMA: ',',
  SEMICOLON: ';',
  TAB: '\t',
  PIPE: '|',
  CARET: '^',
  BACKQUOTE: '`',
};

/** How the job wants its CSV written: everything quoted, as Salesforce does. */
export function csvLine(job: BulkJob, cells: readonly string[]): string {
  const delimiter = DELIMITERS[job.columnDelimiter] ?? ',';
  const quoted = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`);
  return quoted.join(delimiter) + (job.lineEnding === 'CRLF' ? '\r\n' : '\n');
}
