import {
  type DataRecord,
  defineNode,
  type Effect,
  eachCall,
  isRecordFault,
  type NodeContext,
  origin,
  type StepIO,
  stream,
} from '../../sdk/index.ts';
import { askStatus } from './ask-status.ts';
import { sendsRecord } from './request-body.ts';
import { type RequestParams, requestParams } from './request-params.ts';
import { requestRecords } from './request-records.ts';
import { httpCredentials } from './sign-in.ts';

export default defineNode(
  {
    type: 'http.request',
    version: 1,
    title: 'HTTP request',
    summary: '{method} {url}',
    description:
      'Calls any web service. Reads page by page, sends the records one by one or once for the step, and tells what the service refuses.',
    connector: 'http',
    category: 'connector',
    keywords: ['api', 'rest', 'web', 'call', 'url', 'download', 'get', 'post', 'webhook', 'json', 'curl'],
    credential: httpCredentials,
    credentialOptional: true,
    params: requestParams,
    outputs: ['records', 'rejected'],
    effect: [
      { when: { method: ['POST', 'PATCH'], idempotencyKey: [true] }, effect: 'idempotent' },
      { when: { method: ['POST', 'PATCH'] }, effect: 'once' },
      { when: { method: ['PUT', 'DELETE'] }, effect: 'idempotent' },
      { effect: 'read' },
    ],
    verify: { needs: ['statusRequest'], ask: askStatus },
    examples: [
      {
        title: 'Read a list page by page',
        params: {
          url: 'https://api.example.com/contacts',
          recordsAt: 'data',
          pagination: { type: 'cursor', parameter: 'starting_after', lastRecordField: 'id', moreAt: 'has_more' },
        },
      },
      {
        title: 'Send each record',
        params: { method: 'POST', url: 'https://api.example.com/leads', body: 'json', idempotencyKey: true },
      },
    ],
  },
  stream(async (io) => {
    if (io.input().count === 0) return;
    const { perRecord, parallel } = io.stepParams();
    const isEach = perRecord ?? (io.variesByRecord || sendsRecord(io.rawParams));
    if (!isEach) await callOnce(io);
    else if (io.effect === 'read' && parallel === 1) await readEach(io);
    else await callEach(parallel, io.effect).run(io);
  }),
);

async function callOnce(io: StepIO<RequestParams>): Promise<void> {
  const params = io.stepParams();
  const { slot, count } = io.input();
  const from = origin(slot, 0);
  const pages = (key: string) =>
    requestRecords({ params, record: undefined, effect: io.effect, isOwn: false, key }, io.ctx);
  const emit = (records: readonly DataRecord[]) =>
    io.emit('records', records, new Array<number>(records.length).fill(from));
  if (io.effect !== 'read') {
    await emit((await io.call({ start: 0, count }, (key) => collect(pages(key)))) ?? []);
    return;
  }
  let done = 0;
  for await (const records of pages('')) {
    await emit(records);
    done += records.length;
    io.ctx.progress(done);
  }
}

/** One record after the other, each page as it comes. */
async function readEach(io: StepIO<RequestParams>): Promise<void> {
  const input = io.input();
  for await (const { records, start } of input.batches()) {
    for (const [i, record] of records.entries()) {
      const position = start + i;
      try {
        const params = io.params(record, position);
        const from = origin(input.slot, position);
        for await (const page of requestRecords({ params, record, effect: io.effect, isOwn: true, key: '' }, io.ctx)) {
          await io.emit('records', page, new Array<number>(page.length).fill(from));
        }
      } catch (error) {
        if (!isRecordFault(error)) throw error;
        await io.reject(record, position, error);
      }
      io.ctx.progress(position + 1, input.count);
    }
  }
}

function callEach(parallel: number, effect: Effect) {
  return eachCall<RequestParams, unknown>({ parallel }, (record, params, ctx: NodeContext, key) =>
    collect(requestRecords({ params, record, effect, isOwn: true, key }, ctx)),
  );
}

async function collect(pages: AsyncIterable<DataRecord[]>): Promise<DataRecord[]> {
  const all: DataRecord[] = [];
  for await (const records of pages) for (const record of records) all.push(record);
  return all;
}
