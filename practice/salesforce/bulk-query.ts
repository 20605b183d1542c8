import { type ApiReply, type ApiRequest, type ApiRoute, noContent, ok, route } from './api-request.ts';
import {
  addJob,
  type BulkJob,
  csvLine,
  deleteJob,
  invalidJob,
  jobNumber,
  listJobs,
  readJob,
  saveJob,
} from './bulk-tables.ts';
import { formatDatetime } from './coerce.ts';
import { ApiError } from './errors.ts';
import { valuesOf } from './sobjects.ts';

interface QueryJob extends BulkJob {
  query: string;
}

/** Records in one page of results, unless the client asks for fewer: pages are made without holding the process up. */
const PAGE = 10_000;

/** `/jobs/query` of the Bulk API 2.0: the matching rows are noted when the job is made, and read page by page. */
export const bulkQueryRoutes: ApiRoute[] = [
  route('GET', '/jobs/query', 'bulk query jobs', ({ org }) =>
    ok({ done: true, records: listJobs(org.db, 'query'), nextRecordsUrl: null }),
  ),
  route('POST', '/jobs/query', 'bulk query create job', create),
  route('GET', '/jobs/query/:id', 'bulk query job', ({ org }, { id = '' }) => ok(readJob(org.db, 'query', id))),
  route('GET', '/jobs/query/:id/results', 'bulk query results', results),
  route('PATCH', '/jobs/query/:id', 'bulk query abort', ({ org }, { id = '' }) => {
    const job = readJob<QueryJob>(org.db, 'query', id);
    saveJob(org.db, { ...job, state: 'Aborted' });
    return ok({ ...job, state: 'Aborted' });
  }),
  route('DELETE', '/jobs/query/:id', 'bulk query delete job', ({ org }, { id = '' }) => {
    deleteJob(org.db, readJob(org.db, 'query', id));
    return noContent;
  }),
];

function create({ org, body, base, userId }: ApiRequest): ApiReply {
  const asked = valuesOf(body);
  const operation = String(asked.operation ?? 'query');
  if (operation !== 'query' && operation !== 'queryAll')
    throw invalidJob(`InvalidJob : Unknown operation: ${operation}`);
  const query = String(asked.query ?? '');
  const rows = org.queries.table(query, { withDeleted: operation === 'queryAll', base });
  const positions = rows.positions();
  const now = formatDatetime(org.clock());
  const job = addJob<QueryJob>(org.db, 'query', (id) => ({
    id,
    operation,
    object: rows.object,
    createdById: userId,
    createdDate: now,
    systemModstamp: now,
    state: 'JobComplete',
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(base.slice(base.lastIndexOf('v') + 1)),
    lineEnding: asked.lineEnding === 'CRLF' ? 'CRLF' : 'LF',
    columnDelimiter: String(asked.columnDelimiter ?? 'COMMA'),
    jobType: 'V2Query',
    query,
    numberRecordsProcessed: positions.length,
    retries: 0,
    totalProcessingTime: 0,
  }));
  org.db.run('UPDATE sf_bulk_jobs SET data = ? WHERE seq = ?', JSON.stringify(positions), jobNumber(job));
  // The answer to the creation is always that of a job that was just taken in.
  const { query: _query, numberRecordsProcessed: _count, ...shown } = job;
  return ok({ ...shown, state: 'UploadComplete' });
}

function results(request: ApiRequest, { id = '' }: Record<string, string>): ApiReply {
  const { org, query: parameters, base } = request;
  const job = readJob<QueryJob>(org.db, 'query', id);
  if (job.state === 'Aborted') throw new ApiError(400, 'INVALIDJOBSTATE', 'The job was aborted');
  const data = org.db.get('SELECT data FROM sf_bulk_jobs WHERE seq = ?', jobNumber(job))?.data;
  const positions = JSON.parse(String(data ?? '[]')) as number[];
  const from = locatorOffset(parameters.get('locator'));
  const asked = Number(parameters.get('maxRecords') ?? PAGE);
  const to = from + (asked > 0 ? Math.min(asked, PAGE) : PAGE);
  const rows = org.queries.table(job.query, { withDeleted: job.operation === 'queryAll', base });
  const page = rows.csvPage(positions.slice(from, to));
  const next = to < positions.length ? Buffer.from(`row:${to}`).toString('base64url') : 'null';
  return {
    status: 200,
    body: [rows.header, ...page].map((row) => csvLine(job, row)).join(''),
    headers: { 'Content-Type': 'text/csv', 'Sforce-Locator': next, 'Sforce-NumberOfRecords': String(page.length) },
  };
}

function locatorOffset(locator: string | null): number {
  if (locator === null || locator === 'null') return 0;
  const offset = /^row:(\d+)$/.exec(Buffer.from(locator, 'base64url').toString())?.[1];
  if (offset === undefined) throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  return Number(offset);
}
