import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { type ApiReply, type ApiRequest, type ApiRoute, noContent, ok, route } from './api-request.ts';
import {
  addJob,
  type BulkJob,
  DELIMITERS,
  deleteJob,
  invalidJob,
  jobNumber,
  listJobs,
  readJob,
  saveJob,
} from './bulk-tables.ts';
import { formatDatetime } from './coerce.ts';
import { ApiError } from './errors.ts';
import type { Org } from './org.ts';
import type { Values } from './records.ts';
import { repeatedKeys, type SaveMany, type SaveResult, saveRecord } from './save-records.ts';
import { findField, findRelationship } from './schema.ts';
import { lookupField, objectNamed, refuseReadOnly, valuesOf } from './sobjects.ts';

interface IngestJob extends BulkJob {
  externalIdFieldName?: string;
  contentUrl: string;
  numberRecordsFailed: number;
}

const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'];
/** Rows written in one transaction; the event loop breathes between two of them. */
const CHUNK = 200;

/**
 * `/jobs/ingest` of the Bulk API 2.0. A job goes Open -> UploadComplete -> InProgress -> JobComplete (or Aborted, or
 * Failed where its CSV cannot be read), and goes on after a restart where it was.
 */
export const bulkIngestRoutes: ApiRoute[] = [
  route('GET', '/jobs/ingest', 'bulk ingest jobs', ({ org }) =>
    ok({ done: true, records: listJobs(org.db, 'ingest'), nextRecordsUrl: null }),
  ),
  route('POST', '/jobs/ingest', 'bulk ingest create job', create),
  route('GET', '/jobs/ingest/:id', 'bulk ingest job', ({ org }, { id = '' }) => ok(readJob(org.db, 'ingest', id))),
  route('PUT', '/jobs/ingest/:id/batches', 'bulk ingest upload', upload),
  route('PATCH', '/jobs/ingest/:id', 'bulk ingest change state', changeState),
  route('DELETE', '/jobs/ingest/:id', 'bulk ingest delete job', ({ org }, { id = '' }) => {
    deleteJob(org.db, readJob(org.db, 'ingest', id));
    return noContent;
  }),
  route('GET', '/jobs/ingest/:id/successfulResults', 'bulk ingest results', (request, { id = '' }) =>
    results(request, id, 1),
  ),
  route('GET', '/jobs/ingest/:id/failedResults', 'bulk ingest results', (request, { id = '' }) =>
    results(request, id, 0),
  ),
  route('GET', '/jobs/ingest/:id/unprocessedrecords', 'bulk ingest results', ({ org }, { id = '' }) =>
    unprocessed(org, id),
  ),
];

/** Takes up the jobs that a stop of the server interrupted. */
export function resumeBulkJobs(org: Org): void {
  for (const job of listJobs<IngestJob>(org.db, 'ingest')) {
    if (job.state === 'UploadComplete' || job.state === 'InProgress') start(org, job.id);
  }
}

function create({ org, body, base, userId }: ApiRequest): ApiReply {
  const asked = valuesOf(body);
  const object = objectNamed(String(asked.object ?? ''));
  refuseReadOnly(object);
  const operation = String(asked.operation ?? '');
  if (!OPERATIONS.includes(operation)) throw invalidJob(`InvalidJob : Unknown operation: ${operation}`);
  const externalId = asked.externalIdFieldName;
  if (operation === 'upsert') {
    const field = typeof externalId === 'string' ? findField(object, externalId) : undefined;
    if (!field) throw invalidJob('InvalidJob : External ID was blank for upsert job');
    if (!field.idLookup) {
      const message = `InvalidJob : Field name provided, ${externalId} does not match an External ID, Salesforce Id, or indexed field for ${object.name}`;
      throw invalidJob(message);
    }
  }
  const now = formatDatetime(org.clock());
  const job = addJob<IngestJob>(org.db, 'ingest', (id) => ({
    id,
    operation,
    object: object.name,
    createdById: userId,
    createdDate: now,
    systemModstamp: now,
    state: 'Open',
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(base.slice(base.lastIndexOf('v') + 1)),
    contentUrl: `${base.slice(1)}/jobs/ingest/${id}/batches`,
    lineEnding: asked.lineEnding === 'CRLF' ? 'CRLF' : 'LF',
    columnDelimiter: String(asked.columnDelimiter ?? 'COMMA'),
    ...(typeof externalId === 'string' ? { externalIdFieldName: externalId } : {}),
    jobType: 'V2Ingest',
    numberRecordsProcessed: 0,
    numberRecordsFailed: 0,
    retries: 0,
    totalProcessingTime: 0,
    apiActiveProcessingTime: 0,
    apexProcessingTime: 0,
  }));
  return ok(job);
}

function upload({ org, body }: ApiRequest, { id = '' }: Record<string, string>): ApiReply {
  const job = readJob<IngestJob>(org.db, 'ingest', id);
  if (job.state !== 'Open')
    throw new ApiError(
      400,
      'INVALIDJOBSTATE',
      `Found multiple contents for job: <${job.id}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`,
    );
  org.db.run('UPDATE sf_bulk_jobs SET data = ? WHERE seq = ?', String(body), jobNumber(job));
  return { status: 201 };
}

function changeState({ org, body }: ApiRequest, { id = '' }: Record<string, string>): ApiReply {
  const job = readJob<IngestJob>(org.db, 'ingest', id);
  const { state } = valuesOf(body);
  if (state !== 'UploadComplete' && state !== 'Aborted')
    throw invalidJob(`InvalidJob : ${state} is not a state that a job can be put in`);
  if (state === 'UploadComplete' && job.state !== 'Open')
    throw new ApiError(400, 'INVALIDJOBSTATE', `Job is ${job.state}, so its upload cannot be completed`);
  const changed: IngestJob = { ...job, state, systemModstamp: formatDatetime(org.clock()) };
  saveJob(org.db, changed);
  if (state === 'UploadComplete') start(org, job.id);
  return ok(changed);
}

function start(org: Org, id: string): void {
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
  org.db.run(
    'INSERT INTO sf_bulk_results VALUES (?, ?, ?, ?, ?, ?, ?)',
    jobNumber(job),
    line,
    result.success ? 1 : 0,
    result.success ? result.id : '',
    result.success && result.created ? 1 : 0,
    error ? `${error.statusCode}:${error.message}:${error.fields.join(',')} --` : '',
    JSON.stringify(cells),
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
  const parser = parse(data, { columns: true, delimiter, bom: true, skip_empty_lines: true });
  let chunk: Record<string, string>[] = [];
  for await (const row of parser) {
    chunk.push(row as Record<string, string>);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function dataOf(org: Org, job: IngestJob): string {
  const row = org.db.get('SELECT data FROM sf_bulk_jobs WHERE seq = ?', jobNumber(job));
  return typeof row?.data === 'string' ? row.data : '';
}

function results({ org }: ApiRequest, id: string, success: 0 | 1): ApiReply {
  const job = readJob<IngestJob>(org.db, 'ingest', id);
  const rows = org.db.all(
    'SELECT * FROM sf_bulk_results WHERE job = ? AND ok = ? ORDER BY line',
    jobNumber(job),
    success,
  );
  const records = rows.map((row) => {
    const cells = JSON.parse(String(row.cells)) as Record<string, string>;
    return success
      ? { sf__Id: row.id, sf__Created: row.created === 1 ? 'true' : 'false', ...cells }
      : { sf__Id: row.id, sf__Error: row.error, ...cells };
  });
  const [first] = records;
  const header = success ? ['sf__Id', 'sf__Created'] : ['sf__Id', 'sf__Error'];
  return csv(
    first
      ? stringify(records, csvOptions(job, Object.keys(first)))
      : `${header.map((name) => `"${name}"`).join(',')}\n`,
  );
}

function unprocessed(org: Org, id: string): ApiReply {
  const job = readJob<IngestJob>(org.db, 'ingest', id);
  const lines = dataOf(org, job).split(/\r?\n/);
  const rest = lines.slice(1).filter((line) => line !== '');
  return csv([lines[0] ?? '', ...rest.slice(job.numberRecordsProcessed)].join('\n'));
}

export function csvOptions(job: BulkJob, columns: string[]) {
  return {
    header: true,
    columns,
    quoted: true,
    quoted_empty: true,
    delimiter: DELIMITERS[job.columnDelimiter] ?? ',',
    record_delimiter: job.lineEnding === 'CRLF' ? '\r\n' : '\n',
  };
}

function csv(body: string): ApiReply {
  return { status: 200, body, headers: { 'Content-Type': 'text/csv' } };
}
