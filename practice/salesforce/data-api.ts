import { type ApiReply, type ApiRequest, type ApiRoute, ok, route } from './api-request.ts';
import { bulkIngestRoutes } from './bulk-ingest.ts';
import { bulkQueryRoutes } from './bulk-query.ts';
import { collectionRoutes } from './collections.ts';
import { compositeRoutes } from './composite.ts';
import { ApiError, malformedQuery, notFound, RecordError } from './errors.ts';
import { feedRoutes } from './feeds.ts';
import { DAILY_REQUESTS } from './org.ts';
import { sobjectRoutes } from './sobjects.ts';

const DEFAULT_BATCH = 2000;

export const VERSIONS = Array.from({ length: 24 }, (_, i) => 42 + i).map((number) => ({
  label: releaseName(number),
  url: `/services/data/v${number}.0`,
  version: `${number}.0`,
}));

const queryRoutes: ApiRoute[] = [
  route('GET', '/query', 'query', (request) => query(request, false)),
  route('GET', '/queryAll', 'queryAll', (request) => query(request, true)),
  route('GET', '/query/:locator', 'queryMore', more),
  route('GET', '/queryAll/:locator', 'queryMore', more),
];

const ROUTES: ApiRoute[] = [
  route('GET', '/', 'resources', (request) => ok(resources(request))),
  route('GET', '/limits', 'limits', ({ org }) => ok(limits(org.used))),
  route('GET', '/recent', 'recent', () => ok([])),
  ...queryRoutes,
  ...feedRoutes,
  ...sobjectRoutes,
  ...collectionRoutes,
  ...compositeRoutes(dispatch),
  ...bulkIngestRoutes,
  ...bulkQueryRoutes,
];

/** Finds the route of a request. @throws ApiError METHOD_NOT_ALLOWED where the path is known with other methods */
export function findRoute(request: ApiRequest): { route: ApiRoute; params: Record<string, string> } | undefined {
  let pathKnown = false;
  for (const candidate of ROUTES) {
    const match = candidate.pattern.exec(request.path);
    if (!match) continue;
    pathKnown = true;
    if (candidate.method !== request.method && !(request.method === 'HEAD' && candidate.method === 'GET')) continue;
    const params = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)]));
    return { route: candidate, params };
  }
  if (pathKnown) {
    throw new ApiError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed for this resource`);
  }
  return undefined;
}

/** Answers a request; every failure that Salesforce has a word for becomes its error list. */
function dispatch(request: ApiRequest): ApiReply {
  return answering(() => {
    const found = findRoute(request);
    if (!found) throw notFound();
    return found.route.handle(request, found.params);
  });
}

export function answering(act: () => ApiReply): ApiReply {
  try {
    return act();
  } catch (error) {
    const failure = error instanceof RecordError ? error.asApiError() : error;
    if (failure instanceof ApiError) return { status: failure.status, body: failure.problems };
    throw error;
  }
}

function query(request: ApiRequest, withDeleted: boolean): ApiReply {
  const soql = request.query.get('q');
  if (soql === null) throw malformedQuery('A query string has to be specified');
  if (request.query.get('columns') === 'true') return ok(request.org.queries.columns(soql));
  const asked = /batchSize=(\d+)/i.exec(request.headers['sforce-query-options'] ?? '')?.[1];
  const batchSize = asked === undefined ? DEFAULT_BATCH : Number(asked);
  return ok(request.org.queries.query(soql, { withDeleted, batchSize, base: request.base }));
}

function more(request: ApiRequest, { locator = '' }: Record<string, string>): ApiReply {
  return ok(request.org.queries.more(locator, request.base));
}

/** `identity` is the one whole address among them: clients ask there who has signed in. */
function resources({ base, org, userId }: ApiRequest): Record<string, string> {
  const names = ['composite', 'jobs', 'limits', 'query', 'queryAll', 'recent', 'sobjects'];
  return {
    ...Object.fromEntries(names.map((name) => [name, `${base}/${name}`])),
    identity: `${org.url}/id/${org.organizationId}/${userId}`,
  };
}

function limits(used: number) {
  const limit = (max: number, spent = 0) => ({ Max: max, Remaining: Math.max(0, max - spent) });
  return {
    DailyApiRequests: limit(DAILY_REQUESTS, used),
    DailyBulkApiBatches: limit(15_000),
    DailyBulkV2QueryJobs: limit(10_000),
    DailyBulkV2QueryFileStorageMB: limit(976_562),
    DataStorageMB: limit(5),
    FileStorageMB: limit(20),
    DailyAsyncApexExecutions: limit(250_000),
    DailyWorkflowEmails: limit(390),
    SingleEmail: limit(15),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Salesforce names its releases by season: v58.0 was Summer '23, and there are three a year. */
function releaseName(version: number): string {
  const since = version - 58 + 1;
  const season = ['Spring', 'Summer', 'Winter'][((since % 3) + 3) % 3];
  const year = 23 + Math.floor(since / 3) + (season === 'Winter' ? 1 : 0);
  return `${season} '${year}`;
}
