import { parse } from 'csv-parse/sync';
import { type ApiReply, type ApiRequest, type ApiRoute, noContent, ok, route } from './api-request.ts';
import {
  addJob,
  csvLine,
  DELIMITERS,
  deleteJob,
  type IngestJob,
  invalidJob,
  jobNumber,
  listJobs,
  readJob,
  saveJob,
} from './bulk-tables.ts';
import { startJob } from './bulk-work.ts';
import { formatDatetime } from './coerce.ts';
import { ApiError } from './errors.ts';
import type { Org } from './org.ts';
import { findField } from './schema.ts';
import { objectNamed, refuseReadOnly, valuesOf } from './sobjects.ts';

const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'];

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
  if (state === 'UploadComplete') startJob(org, job.id);
  return ok(changed);
}

/** What became of the rows: each line as it came, after the id and the outcome. */
function results({ org }: ApiRequest, id: string, success: 0 | 1): ApiReply {
  const job = readJob<IngestJob>(org.db, 'ingest', id);
  const rows = org.db.all(
    'SELECT csv FROM sf_bulk_results WHERE job = ? AND ok = ? ORDER BY line',
    jobNumber(job),
    success,
  );
  const header = csvLine(job, ['sf__Id', success ? 'sf__Created' : 'sf__Error', ...headerOf(org, job)]);
  return csv(header + rows.map((row) => row.csv).join(''));
}

function unprocessed(org: Org, id: string): ApiReply {
  const job = readJob<IngestJob>(org.db, 'ingest', id);
  const header = csvLine(job, headerOf(org, job));
  if (job.state === 'JobComplete') return csv(header);
  const data = org.db.get('SELECT data FROM sf_bulk_jobs WHERE seq = ?', jobNumber(job))?.data;
  const delimiter = DELIMITERS[job.columnDelimiter] ?? ',';
  const from = job.numberRecordsProcessed + 2;
  const rows: string[][] = parse(String(data ?? ''), { delimiter, bom: true, skip_empty_lines: true, from });
  return csv(header + rows.map((row) => csvLine(job, row)).join(''));
}

function headerOf(org: Org, job: IngestJob): string[] {
  const header = org.db.get('SELECT header FROM sf_bulk_jobs WHERE seq = ?', jobNumber(job))?.header;
  return typeof header === 'string' ? (JSON.parse(header) as string[]) : [];
}

function csv(body: string): ApiReply {
  return { status: 200, body, headers: { 'Content-Type': 'text/csv' } };
}
