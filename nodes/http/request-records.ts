import { basename } from 'node:path';
import { type DataRecord, type NodeContext, NodeError, parseExactJson } from '../../sdk/index.ts';
import { isRecord } from '../../spec/workflow/record.ts';
import { faultAfterSuccess, socketFault } from './http-fault.ts';
import { valueAt } from './json-path.ts';
import { firstPage, nextPage, type Page } from './pagination.ts';
import { readLines, readText } from './response-body.ts';
import { type Answer, addressOf, type Outgoing, sendRequest } from './send-request.ts';

const BATCH = 1_000;

/** The records of all pages, as they arrive. */
export async function* requestRecords(outgoing: Outgoing, ctx: NodeContext): AsyncIterable<DataRecord[]> {
  const first = firstPage(outgoing.params.pagination);
  const answer = await sendRequest(outgoing, first, ctx);
  try {
    yield* pages(answer, outgoing, ctx);
  } catch (error) {
    throw faultAfterSuccess(error, { ...outgoing, url: addressOf(outgoing, first) });
  }
}

async function* pages(first: Answer, outgoing: Outgoing, ctx: NodeContext): AsyncIterable<DataRecord[]> {
  const { pagination } = outgoing.params;
  const asked = new Set<string>();
  let answer = first;
  let seen = 0;
  for (let index = 1; ; index++) {
    const page = yield* read(answer, outgoing, ctx);
    seen += page.records.length;
    const next = nextPage(pagination, page, index - 1, seen);
    if (next === undefined) return;
    const mark = JSON.stringify(next);
    if (asked.has(mark)) throw endless();
    asked.add(mark);
    if (pagination !== undefined && index >= pagination.maxPages) {
      ctx.log('warn', `Stopped after ${pagination.maxPages} pages, as "At most, in pages" says; there are more.`);
      return;
    }
    answer = await sendRequest({ ...outgoing, key: `${outgoing.key}-${index}` }, next, ctx);
  }
}

async function* read(answer: Answer, outgoing: Outgoing, ctx: NodeContext): AsyncGenerator<DataRecord[], Page> {
  const { params } = outgoing;
  const url = String(answer.request?.res?.responseUrl ?? answer.config.url ?? params.url);
  const link = typeof answer.headers.link === 'string' ? answer.headers.link : undefined;
  try {
    if (params.response === 'json' && isLines(answer) && !params.fullResponse) {
      yield* lines(answer, params.maxSize * 1_000_000);
      return { body: undefined, records: [], link, url };
    }
    const body = await bodyOf(answer, outgoing, url, ctx);
    const records = params.fullResponse ? [full(answer, body)] : recordsOf(body, answer, outgoing);
    for (let from = 0; from < records.length; from += BATCH) yield records.slice(from, from + BATCH);
    const listed = params.response === 'json' ? listOf(body, params.recordsAt) : undefined;
    return { body, records: listed?.map(recordOf) ?? records, link, url };
  } catch (error) {
    if (ctx.signal.aborted) throw ctx.signal.reason;
    throw socketFault(error, { ...outgoing, now: ctx.now(), method: params.method, url });
  }
}

async function bodyOf(answer: Answer, { params }: Outgoing, url: string, ctx: NodeContext): Promise<unknown> {
  if (params.response === 'file') return fileOf(answer, url, ctx);
  const text = await readText(answer.data, params.maxSize * 1_000_000, true);
  if (params.response === 'text') return text;
  if (text.trim() === '') return undefined;
  try {
    return parseExactJson(text);
  } catch {
    throw notJson(text, String(answer.headers['content-type'] ?? ''));
  }
}

function recordsOf(body: unknown, answer: Answer, { params }: Outgoing): DataRecord[] {
  if (params.response === 'text') return [{ text: body }];
  if (params.response === 'file') return [{ file: body }];
  if (body === undefined)
    return params.method === 'HEAD' || params.method === 'OPTIONS' ? [full(answer, null)] : [{ status: answer.status }];
  const list = listOf(body, params.recordsAt);
  if (list !== undefined) return list.map(recordOf);
  if (params.recordsAt === undefined) return [recordOf(body)];
  const found = valueAt(body, params.recordsAt);
  if (found === undefined) throw noRecords(params.recordsAt, body);
  return found === null ? [] : [recordOf(found)];
}

function listOf(body: unknown, path: string | undefined): readonly unknown[] | undefined {
  const found = path === undefined ? body : valueAt(body, path);
  return Array.isArray(found) ? found : undefined;
}

function recordOf(value: unknown): DataRecord {
  return isRecord(value) ? value : { value };
}

function full(answer: Answer, body: unknown): DataRecord {
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([, value]) => typeof value !== 'function'));
  return { status: answer.status, headers, body };
}

function isLines(answer: Answer): boolean {
  return /ndjson|jsonl|json-lines|stream\+json/i.test(String(answer.headers['content-type'] ?? ''));
}

async function* lines(answer: Answer, limit: number): AsyncIterable<DataRecord[]> {
  let records: DataRecord[] = [];
  for await (const line of readLines(answer.data, limit)) {
    if (line.trim() === '') continue;
    try {
      records.push(recordOf(parseExactJson(line)));
    } catch {
      throw notJson(line, 'one JSON a line');
    }
    if (records.length < BATCH) continue;
    yield records;
    records = [];
  }
  if (records.length > 0) yield records;
}

async function fileOf(answer: Answer, url: string, ctx: NodeContext): Promise<unknown> {
  const mime = String(answer.headers['content-type'] ?? 'application/octet-stream').split(';')[0] ?? '';
  return ctx.files.store(answer.data, {
    name: fileName(String(answer.headers['content-disposition'] ?? ''), url),
    mime,
  });
}

function fileName(disposition: string, url: string): string {
  const encoded = /filename\*\s*=\s*(?:UTF-8'[^']*')([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;]+))/i.exec(disposition);
  const named = encoded === undefined ? (plain?.[1] ?? plain?.[2]) : decoded(encoded);
  const last = basename(decoded(new URL(url).pathname));
  return basename((named ?? last).trim().replaceAll('\\', '/')) || 'download';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function notJson(text: string, contentType: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'http-not-json',
    message: `The answer is not JSON${contentType === '' ? '' : ` (${contentType})`}: ${text.slice(0, 120).replace(/\s+/g, ' ')}`,
    remedy: 'Check the address, or take the answer as text or as a file.',
    field: 'Answer',
  });
}

function noRecords(path: string, body: unknown): NodeError {
  const names = isRecord(body) ? Object.keys(body).slice(0, 12).join(', ') : '';
  return new NodeError({
    class: 'config',
    code: 'http-records-missing',
    message: `The answer has nothing at "${path}".`,
    remedy: `Correct "Where the records stand"${names === '' ? '' : `; the answer has: ${names}`}.`,
    field: 'Where the records stand',
  });
}

function endless(): NodeError {
  return new NodeError({
    class: 'config',
    code: 'http-pagination-endless',
    message: 'The service named the same next page twice, so the pages would never end.',
    remedy: 'Check the pagination settings: the parameter, and where the cursor or next address stands.',
    field: 'Pagination',
  });
}
