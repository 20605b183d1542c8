import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { csvLine, DELIMITERS, type IngestJob, jobNumber, listJobs, readJob, saveJob } from './bulk-tables.ts';
import { formatDatetime } from './coerce.ts';
import { ApiError } from './errors.ts';
import type { Org } from './org.ts';
import type { Values } from './records.ts';
import { repeatedKeys, type SaveMany, type SaveResult, saveRecord } from './save-records.ts';
import { findRelationship } from './schema.ts';
import { lookupField, objectNamed } from './sobjects.ts';

/** Rows written in one transaction; the event loop breathes between two of them. */
const CHUNK = 100;
const PIECE = 65_536;

/** Takes up the jobs that a stop of the server interrupted. */
export function resumeBulkJobs(org: Org): void {
  for (const job of listJobs<IngestJob>(org.db, 'ingest')) {
    if (job.state === 'UploadComplete' || job.state === 'InProgress') startJob(org, job.id);
  }
}

export function startJob(org: Org, id: string): void {
  org.inBackground(async (stopped) => {
    await nextTurn();
    if (stopped()) return;
    try {
      await ingest(org, id, stopped);
    } catch (error) {
      const job = readJob<IngestJob>(org.db, 'ingest', id);
      const reason = error instanceof Error ? error.message : String(error);
      saveJob(org.db, { ...job, state: 'Failed', errorMessage: `InvalidBatch : ${reason}` });
    }
  });
}

async function ingest(org: Org, id: string, stopped: () => boolean): Promise<void> {
  const job = readJob<IngestJob>(org.db, 'ingest', id);
  const object = objectNamed(job.object);
  const operation = job.operation === 'hardDelete' ? 'delete' : (job.operation as SaveMany['operation']);
  const key = job.externalIdFieldName === undefined ? undefined : lookupField(object, job.externalIdFieldName);
  const save: SaveMany = { org, userId: job.createdById, operation, ...(key ? { key } : {}) };
  saveJob(org.db, { ...job, state: 'InProgress' });
  let line = 0;
  for await (const chunk of chunks(dataOf(org, job), job)) {
    const rows = chunk
      .map((cells) => ({ line: line++, cells }))
      .filter((row) => row.line >= job.numberRecordsProcessed);
    if (rows.length > 0) writeChunk(save, job, rows);
    await nextTurn();
    if (stopped() || readJob(org.db, 'ingest', id).state === 'Aborted') return;
  }
  saveJob(org.db, { ...job, state: 'JobComplete', systemModstamp: formatDatetime(org.clock()) });
}

/** Records, their results and the job's progress are kept together, so that a stop neither loses nor repeats a row. */
function writeChunk(save: SaveMany, job: IngestJob, rows: { line: number; cells: Record<string, string> }[]): void {
  const { org } = save;
  const object = objectNamed(job.object);
  const failedBefore = job.numberRecordsFailed;
  org.db.transaction(() => {
    const header = JSON.stringify(Object.keys(rows[0]?.cells ?? {}));
    org.db.run('UPDATE sf_bulk_jobs SET header = ? WHERE seq = ?', header, jobNumber(job));
    const values = rows.map(({ cells }) => recordValues(job.object, cells));
    const repeated = repeatedKeys(save, values);
    for (const [i, { line, cells }] of rows.entries()) {
      const result = saveRow(() => saveRecord(save, object, values[i] ?? {}, repeated));
      job.numberRecordsProcessed++;
      if (!result.success) job.numberRecordsFailed++;
      keepResult(org, job, line, cells, result);
    }
    saveJob(org.db, { ...job, state: 'InProgress' });
    const written = rows.length - (job.numberRecordsFailed - failedBefore);
    org.requests.add({ operation: 'bulk ingest rows', method: 'JOB', path: job.id, status: 200, written });
  });
}

/** In a bulk job even a value of the wrong kind fails its own row alone. */
function saveRow(act: () => SaveResult): SaveResult {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return {
      success: false,
      errors: error.problems.map(({ errorCode, message, fields = [] }) => ({ statusCode: errorCode, message, fields })),
    };
  }
}

function keepResult(org: Org, job: IngestJob, line: number, cells: Record<string, string>, result: SaveResult): void {
  const [error] = result.errors;
  const outcome = error
    ? ['', `${error.statusCode}:${error.message}:${error.fields.join(',')} --`]
    : [result.success ? result.id : '', String(result.success && result.created === true)];
  org.db.run(
    'INSERT INTO sf_bulk_results VALUES (?, ?, ?, ?)',
    jobNumber(job),
    line,
    result.success ? 1 : 0,
    csvLine(job, [...outcome, ...Object.values(cells)]),
  );
}

/** CSV cells as field values: nothing leaves a field alone, `#N/A` empties it, `Account.Ext_Id__c` names a parent. */
function recordValues(objectName: string, cells: Record<string, string>): Values {
  const values: Values = {};
  for (const [column, cell] of Object.entries(cells)) {
    if (cell === '') continue;
    const value = cell === '#N/A' ? null : cell;
    const [relationship = '', field] = column.split('.');
    if (field !== undefined && findRelationship(objectNamed(objectName), relationship))
      values[relationship] = { [field]: value };
    else values[column] = value;
  }
  return values;
}

async function* chunks(data: string, job: IngestJob): AsyncGenerator<Record<string, string>[]> {
  const delimiter = DELIMITERS[job.columnDelimiter] ?? ',';
  const parser = Readable.from(pieces(data)).pipe(
    parse({ columns: true, delimiter, bom: true, skip_empty_lines: true }),
  );
  let chunk: Record<string, string>[] = [];
  for await (const row of parser) {
    chunk.push(row as Record<string, string>);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** The parser takes text piece by piece, so that a large upload does not hold the process up. */
function* pieces(data: string): Generator<string> {
  for (let at = 0; at < data.length; at += PIECE) yield data.slice(at, at + PIECE);
}

function dataOf(org: Org, job: IngestJob): string {
  const row = org.db.get('SELECT data FROM sf_bulk_jobs WHERE seq = ?', jobNumber(job));
  return typeof row?.data === 'string' ? row.data : '';
}
