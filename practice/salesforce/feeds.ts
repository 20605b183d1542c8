import type { ApiReply, ApiRequest, ApiRoute } from './api-request.ts';
import { ok, route } from './api-request.ts';
import { formatDatetime, parseDatetime } from './coerce.ts';
import { ApiError } from './errors.ts';
import { tableOf } from './schema.ts';
import { objectNamed } from './sobjects.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const UPDATED_REACH = 30 * DAY;
const DELETED_REACH = 15 * DAY;
const MOST_IDS = 600_000;

/** `getUpdated` and `getDeleted`: the ids that changed in a span of time. Has to stand before the row routes. */
export const feedRoutes: ApiRoute[] = [
  route('GET', '/sobjects/:object/updated', 'sobjects updated', (request, { object }) => {
    const { start, end } = span(request, UPDATED_REACH);
    const rows = changed(request, object, 0, start, end);
    return ok({ ids: rows.map((row) => row.Id), latestDateCovered: formatDatetime(end) });
  }),
  route('GET', '/sobjects/:object/deleted', 'sobjects deleted', (request, { object }): ApiReply => {
    const { start, end } = span(request, DELETED_REACH);
    const rows = changed(request, object, 1, start, end);
    return ok({
      deletedRecords: rows.map((row) => ({ id: row.Id, deletedDate: row.SystemModstamp })),
      earliestDateAvailable: formatDatetime(request.org.clock() - DELETED_REACH),
      latestDateCovered: formatDatetime(end),
    });
  }),
];

function changed({ org }: ApiRequest, object: string | undefined, deleted: 0 | 1, start: number, end: number) {
  const rows = org.db.all(
    `SELECT "Id", "SystemModstamp" FROM ${tableOf(objectNamed(object))} WHERE "IsDeleted" = ? AND "SystemModstamp" >= ? AND "SystemModstamp" < ? ORDER BY "SystemModstamp", seq`,
    deleted,
    formatDatetime(start),
    formatDatetime(end),
  );
  if (rows.length > MOST_IDS)
    throw new ApiError(400, 'EXCEEDED_ID_LIMIT', `More than ${MOST_IDS} ids: ask for a shorter span`);
  return rows;
}

function span({ query, org }: ApiRequest, reach: number): { start: number; end: number } {
  const start = instant(query.get('start'), 'start');
  const end = Math.min(instant(query.get('end'), 'end'), org.clock() + 1000);
  if (end - start < MINUTE) {
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'endDate must be at least one minute greater than startDate');
  }
  if (start < org.clock() - reach) {
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', `startDate cannot be more than ${reach / DAY} days ago`);
  }
  return { start, end };
}

function instant(text: string | null, name: string): number {
  const ms = text === null ? undefined : parseDatetime(text.replace(' ', '+'));
  if (ms !== undefined) return ms;
  throw new ApiError(
    400,
    'INVALID_REPLICATION_DATE',
    `${name} has to be a date and time such as 2024-05-01T00:00:00+00:00`,
  );
}
