import { type DataRecord, NodeError } from '../../sdk/index.ts';
import { valueAt } from './json-path.ts';
import type { Pagination } from './request-params.ts';
import type { PageRequest } from './send-request.ts';

/** What a page was: its parsed body, its records, and where it came from. */
export interface Page {
  readonly body: unknown;
  readonly records: readonly DataRecord[];
  readonly link: string | undefined;
  readonly url: string;
}

const ONE_PAGE: PageRequest = { query: {}, body: {} };
const NAMES = { page: 'page', offset: 'offset', cursor: 'cursor' };

export function firstPage(pagination: Pagination | undefined): PageRequest {
  if (pagination === undefined) return ONE_PAGE;
  if (pagination.type === 'page') return carrying(pagination, pagination.start ?? 1);
  if (pagination.type === 'offset') return carrying(pagination, pagination.start ?? 0);
  return carrying(pagination, undefined);
}

/** The request for the page after this one; undefined after the last. @param index of this page, the first is 0. */
export function nextPage(
  pagination: Pagination | undefined,
  page: Page,
  index: number,
  seen: number,
): PageRequest | undefined {
  if (pagination === undefined || pagination.type === 'none') return undefined;
  if (pagination.moreAt !== undefined && !isTrue(valueAt(page.body, pagination.moreAt))) return undefined;
  switch (pagination.type) {
    case 'page':
      return isLast(pagination, page) ? undefined : carrying(pagination, (pagination.start ?? 1) + index + 1);
    case 'offset':
      return isLast(pagination, page) ? undefined : carrying(pagination, (pagination.start ?? 0) + seen);
    case 'cursor': {
      const cursor = cursorOf(pagination, page);
      return cursor === undefined ? undefined : carrying(pagination, cursor);
    }
    case 'next-url': {
      const next = textAt(page.body, required(pagination.nextAt, 'Where cursor or next address stand'));
      return next === undefined ? undefined : { ...ONE_PAGE, url: new URL(next, page.url).href };
    }
    case 'link-header': {
      const next = nextLink(page.link);
      return next === undefined ? undefined : { ...ONE_PAGE, url: new URL(next, page.url).href };
    }
  }
}

/** With a known page size a short page is the last one; otherwise an empty one is. */
function isLast({ size, moreAt }: Pagination, { records }: Page): boolean {
  return records.length === 0 || (moreAt === undefined && size !== undefined && records.length < size);
}

function cursorOf({ nextAt, lastRecordField }: Pagination, { body, records }: Page): unknown {
  if (lastRecordField !== undefined) {
    const last = records.at(-1);
    return last === undefined ? undefined : textAt(last, lastRecordField);
  }
  return textAt(body, required(nextAt, 'Where cursor or next address stand'));
}

function carrying(pagination: Pagination, position: unknown): PageRequest {
  const { type, parameter, size, sizeParameter, sendIn } = pagination;
  const values: DataRecord = {};
  if (position !== undefined)
    values[parameter ?? (type in NAMES ? NAMES[type as keyof typeof NAMES] : type)] = position;
  if (size !== undefined && sizeParameter !== undefined) values[sizeParameter] = size;
  return sendIn === 'body' ? { query: {}, body: values } : { query: values, body: {} };
}

function textAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 1;
}

/** The target of `rel="next"` in a Link header (RFC 8288). */
export function nextLink(header: string | undefined): string | undefined {
  for (const [, target, rest] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*("[^"]*\bnext\b[^"]*"|next\b)/i.test(rest ?? '')) return target;
  }
  return undefined;
}

function required(value: string | undefined, label: string): string {
  if (value !== undefined) return value;
  throw new NodeError({
    class: 'config',
    code: 'http-pagination',
    message: `Pagination needs to know: ${label}.`,
    remedy: 'Fill it in with the place in the answer, such as paging.next.',
    field: label,
  });
}
