// Long, for every kind of request, sign-in, page and failure is tried over one real server.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataRecord } from '../../sdk/index.ts';
import { type RunOptions, runNode, testFiles, testNode, testNow } from '../../sdk/testing/index.ts';
import { effectOf } from '../../spec/workflow/effect.ts';
import oauth2 from './credential-http-oauth2.ts';
import request from './request.ts';

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Handler = (seen: Seen, response: ServerResponse) => void;

let base = '';
let handler: Handler;
let seen: Seen[] = [];
const server = http.createServer((incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const one = {
      method: incoming.method ?? '',
      url: new URL(incoming.url ?? '/', base),
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    seen.push(one);
    handler(one, response);
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  handler = (_seen, response) => json(response, { ok: true, data: [{ id: 1 }], has_more: false });
});

function json(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const run = (params: DataRecord, options: RunOptions = {}) =>
  runNode(request, { ...options, params: { url: `${base}/`, ...params } });
const failure = async (params: DataRecord, options: RunOptions = {}) =>
  (await run(params, { ...options, mayFail: true })).error;

testNode(request, { setUp: () => ({ params: { url: `${base}/` } }) });

describe('what is sent', () => {
  it('query, headers and method, in what the record says', async () => {
    await run(
      {
        method: 'PUT',
        url: `=${base}/items/{{ $json.id }}`,
        query: { a: '={{ $json.id }}', b: [1, 2], c: null },
        headers: { 'X-One': '1' },
      },
      { inputs: [{ id: 7 }] },
    );
    expect(seen[0]).toMatchObject({ method: 'PUT', headers: { 'x-one': '1' } });
    expect(seen[0]?.url.pathname + (seen[0]?.url.search ?? '')).toBe('/items/7?a=7&b=1&b=2');
  });

  it('JSON: the record itself, a value, or JSON text', async () => {
    const inputs = [{ id: 1, name: 'a' }];
    await run({ method: 'POST', body: 'json' }, { inputs });
    await run({ method: 'POST', body: 'json', json: { x: '={{ $json.id }}' } }, { inputs });
    await run({ method: 'POST', body: 'json', json: '{"y": 2}' }, { inputs });
    expect(seen.map(({ body }) => body)).toEqual(
      ['{"id":1,"name":"a"}', '{"x":1}', '{"y":2}'].map((text) => text.replace(': ', ':')),
    );
    expect(seen[0]?.headers['content-type']).toBe('application/json');
  });

  it('forms and text', async () => {
    await run({ method: 'POST', body: 'form', form: { a: 'x y', b: [1, 2] } });
    await run({ method: 'POST', body: 'text', text: '<a/>', contentType: 'text/xml' });
    expect(seen.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
      ['a=x+y&b=1&b=2', 'application/x-www-form-urlencoded'],
      ['<a/>', 'text/xml'],
    ]);
  });

  it('files of an earlier step or of the file area, alone or in multipart, with their length told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-http-'));
    try {
      const content = 'a,b\n1,"ü"\n';
      const size = Buffer.byteLength(content);
      await writeFile(join(folder, 'r.csv'), content);
      const stored = await testFiles(folder).store(Readable.from([Buffer.from(content)]), {
        name: 'r.csv',
        mime: 'text/csv',
      });
      await run({ method: 'PUT', body: 'file', file: 'r.csv' }, { folder });
      await run({ method: 'PUT', body: 'file', file: '={{ $json.f }}' }, { folder, inputs: [{ f: stored }] });
      await run(
        { method: 'POST', body: 'multipart', form: { kind: 'x', f: '={{ $json.f }}' } },
        { folder, inputs: [{ f: stored }] },
      );
      expect(seen.map(({ headers }) => headers['content-length'])).toEqual([
        `${size}`,
        `${size}`,
        `${Buffer.byteLength(seen[2]?.body ?? '')}`,
      ]);
      expect(seen[1]).toMatchObject({ body: content, headers: { 'content-type': 'text/csv' } });
      const form = await new Response(seen[2]?.body ?? '', {
        headers: { 'content-type': seen[2]?.headers['content-type'] ?? '' },
      }).formData();
      expect(form.get('kind')).toBe('x');
      expect(await (form.get('f') as File).text()).toBe(content);
      expect((form.get('f') as File).name).toBe('r.csv');
      const { ports } = await run(
        { method: 'PUT', body: 'file', file: '={{ $json.f }}' },
        { folder, inputs: [{ f: 'nope.csv' }] },
      );
      expect(ports.rejected).toMatchObject([{ _rejected: { code: 'http-file-missing' } }]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('nothing when there are no records', async () => {
    await run({}, { inputs: [] });
    expect(seen).toHaveLength(0);
  });

  it('one request for the step, or one for each record when something comes from it', async () => {
    await run({}, { inputs: [{}, {}, {}] });
    expect(seen).toHaveLength(1);
    await run({ perRecord: true }, { inputs: [{}, {}, {}] });
    expect(seen).toHaveLength(4);
  });
});

describe('sign-in', () => {
  it.each([
    [
      'http-basic',
      { user: 'me', password: 'pw' },
      { authorization: `Basic ${Buffer.from('me:pw').toString('base64')}` },
    ],
    ['http-bearer', { token: 't0k' }, { authorization: 'Bearer t0k' }],
    ['http-header', { name: 'X-Api-Key', value: 'k' }, { 'x-api-key': 'k' }],
  ])('%s', async (credentialType, credential, headers) => {
    await run({}, { credentialType, credential });
    expect(seen[0]?.headers).toMatchObject(headers);
  });

  it('http-query', async () => {
    await run({ query: { a: 1 } }, { credentialType: 'http-query', credential: { name: 'key', value: 's3cret' } });
    expect(seen[0]?.url.search).toBe('?a=1&key=s3cret');
  });

  it('OAuth2: one token for all requests, a new one once when it is refused', async () => {
    let issued = 0;
    handler = ({ url, headers, body }, response) => {
      if (url.pathname === '/token') {
        expect(headers.authorization).toBe(`Basic ${Buffer.from('id:sec%26ret').toString('base64')}`);
        expect(body).toBe('grant_type=client_credentials&scope=read');
        json(response, { access_token: `t${++issued}`, expires_in: 3600 });
      } else if (headers.authorization === 'Bearer t1' && seen.length > 4) json(response, { message: 'expired' }, 401);
      else json(response, { token: headers.authorization });
    };
    const credential = { tokenUrl: `${base}/token`, clientId: 'id', clientSecret: 'sec&ret', scope: 'read' };
    const { ports } = await run(
      { perRecord: true },
      { credentialType: 'http-oauth2', credential, inputs: [{}, {}, {}, {}, {}] },
    );
    expect(ports.records?.map((record) => record.token)).toEqual([1, 1, 1, 2, 2].map((n) => `Bearer t${n}`));
    expect(issued).toBe(2);
  });

  it('tells when a credential is refused, and keeps the secret to itself', async () => {
    handler = (_seen, response) => json(response, { error: { message: 'invalid key' } }, 401);
    const error = await failure({}, { credentialType: 'http-query', credential: { name: 'key', value: 's3cret' } });
    expect(error).toMatchObject({ class: 'auth', code: 'http-401', message: expect.stringContaining('invalid key') });
    expect(JSON.stringify(error)).not.toContain('s3cret');
    expect(await failure({ auth: 'bearer' })).toMatchObject({ class: 'config', code: 'http-credential-missing' });
  });

  it('does not follow a redirect to another host with its secret', async () => {
    const other = base.replace('127.0.0.1', 'localhost');
    handler = ({ url }, response) => {
      if (url.pathname === '/') response.writeHead(302, { location: `${other}/else` }).end();
      else json(response, {});
    };
    await run({}, { credentialType: 'http-header', credential: { name: 'X-Api-Key', value: 'k' } });
    await run({}, { credentialType: 'http-bearer', credential: { token: 't' } });
    expect(seen.map(({ headers }) => headers['x-api-key'] ?? headers.authorization)).toEqual([
      'k',
      undefined,
      'Bearer t',
      undefined,
    ]);
  });

  it('is tried by the Test button of OAuth2', async () => {
    handler = (_seen, response) =>
      json(response, { error: 'invalid_client', error_description: 'unknown client' }, 401);
    const values = oauth2.fields.parse({ tokenUrl: `${base}/token`, clientId: 'id', clientSecret: 's' });
    const axios = (await import('axios')).default;
    const ctx = { http: axios, signal: new AbortController().signal } as unknown as Parameters<typeof oauth2.test>[1];
    await expect(oauth2.test(values, ctx)).rejects.toMatchObject({
      class: 'auth',
      message: expect.stringContaining('unknown client'),
    });
    handler = (_seen, response) => json(response, { access_token: 'x', expires_in: 600 });
    expect(await oauth2.test(values, ctx)).toEqual({ message: expect.stringContaining('valid for 10 minutes') });
  });
});

describe('what comes back', () => {
  const records = async (body: unknown, params: DataRecord = {}) => {
    handler = (_seen, response) => json(response, body);
    return (await run(params)).ports.records;
  };

  it('a list gives a record an entry, an object one record', async () => {
    expect(await records([{ a: 1 }, 2])).toEqual([{ a: 1 }, { value: 2 }]);
    expect(await records({ a: 1 })).toEqual([{ a: 1 }]);
    expect(await records([])).toBeUndefined();
  });

  it('records are taken from where they stand', async () => {
    expect(await records({ data: { items: [{ a: 1 }] } }, { recordsAt: 'data.items' })).toEqual([{ a: 1 }]);
    expect(await records({ r: [{ rows: [{ a: 1 }, { a: 2 }] }] }, { recordsAt: 'r[0].rows' })).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
    expect(await failure({ recordsAt: 'nope' })).toMatchObject({
      code: 'http-records-missing',
      remedy: expect.stringContaining('r'),
    });
  });

  it('keeps the digits of long numbers, and reads compressed answers', async () => {
    handler = (_seen, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync('{"id":9007199254740993}'));
    expect((await run({})).ports.records).toEqual([{ id: '9007199254740993' }]);
  });

  it('lines of JSON are streamed', async () => {
    handler = (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      for (let i = 0; i < 2_500; i++) response.write(`{"i":${i}}\n`);
      response.end();
    };
    const { ports, effects } = await run({});
    expect(ports.records).toHaveLength(2_500);
    expect(effects.progress.length).toBe(3);
  });

  it('text, files, and status with headers', async () => {
    handler = (_seen, response) =>
      response
        .writeHead(200, { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="r.csv"' })
        .end('a\n1\n');
    expect((await run({ response: 'text' })).ports.records).toEqual([{ text: 'a\n1\n' }]);
    expect((await run({ response: 'file' })).ports.records).toMatchObject([
      { file: { $file: { name: 'r.csv', mime: 'text/csv', size: 4 } } },
    ]);
    expect((await run({ fullResponse: true, response: 'text' })).ports.records).toMatchObject([
      { status: 200, headers: { 'content-type': 'text/csv' }, body: 'a\n1\n' },
    ]);
    handler = (_seen, response) => response.writeHead(204).end();
    expect((await run({ method: 'DELETE' })).ports.records).toEqual([{ status: 204 }]);
    expect((await run({ method: 'HEAD' })).ports.records).toMatchObject([{ status: 204 }]);
  });

  it('is refused when it is no JSON or too large', async () => {
    handler = (_seen, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
    expect(await failure({})).toMatchObject({
      class: 'config',
      code: 'http-not-json',
      message: expect.stringContaining('Sign in'),
    });
    handler = (_seen, response) => json(response, 'x'.repeat(1_100_000));
    expect(await failure({ maxSize: 1 })).toMatchObject({ class: 'config', code: 'http-response-too-large' });
  });
});

describe('pagination', () => {
  const rows = Array.from({ length: 5 }, (_, i) => ({ id: i + 1 }));
  const pageOf = (from: number, size = 2) => rows.slice(from, from + size);

  it.each<[string, DataRecord, Handler, string[]]>([
    [
      'page number, until a short page',
      { type: 'page', size: 2, sizeParameter: 'per_page' },
      ({ url }, response) => json(response, { data: pageOf((Number(url.searchParams.get('page')) - 1) * 2) }),
      ['?page=1&per_page=2', '?page=2&per_page=2', '?page=3&per_page=2'],
    ],
    [
      'offset, until an empty page',
      { type: 'offset', parameter: 'skip' },
      ({ url }, response) => json(response, { data: pageOf(Number(url.searchParams.get('skip'))) }),
      ['?skip=0', '?skip=2', '?skip=4', '?skip=5'],
    ],
    [
      'cursor in the body',
      { type: 'cursor', nextAt: 'meta.next' },
      ({ url }, response) => {
        const at = Number(url.searchParams.get('cursor') ?? 0);
        json(response, { data: pageOf(at), meta: { next: at + 2 < 5 ? String(at + 2) : null } });
      },
      ['', '?cursor=2', '?cursor=4'],
    ],
    [
      'the last record as cursor, while there is more',
      { type: 'cursor', parameter: 'starting_after', lastRecordField: 'id', moreAt: 'has_more' },
      ({ url }, response) => {
        const at = Number(url.searchParams.get('starting_after') ?? 0);
        json(response, { data: pageOf(at), has_more: at + 2 < 5 });
      },
      ['', '?starting_after=2', '?starting_after=4'],
    ],
    [
      'next address in the body',
      { type: 'next-url', nextAt: 'next' },
      ({ url }, response) => {
        const at = Number(url.searchParams.get('at') ?? 0);
        json(response, { data: pageOf(at), next: at + 2 < 5 ? `/?at=${at + 2}` : '' });
      },
      ['', '?at=2', '?at=4'],
    ],
    [
      'Link header',
      { type: 'link-header' },
      ({ url }, response) => {
        const at = Number(url.searchParams.get('at') ?? 0);
        const link = `<${base}/?at=0>; rel="first"${at + 2 < 5 ? `, <${base}/?at=${at + 2}>; rel="next"` : ''}`;
        json(response, { data: pageOf(at) }, 200, { link });
      },
      ['', '?at=2', '?at=4'],
    ],
  ])('%s', async (_name, pagination, answer, asked) => {
    handler = answer;
    const { ports, effects } = await run({ pagination, recordsAt: 'data' });
    expect(ports.records).toEqual(rows);
    expect(seen.map(({ url }) => url.search)).toEqual(asked);
    expect(effects.progress.length).toBe(3);
  });

  it('in the body of a search', async () => {
    handler = ({ body }, response) => {
      const { offset, query } = JSON.parse(body) as { offset: number; query: string };
      json(response, { data: query === 'x' ? pageOf(offset) : [] });
    };
    const { ports, calls } = await run({
      method: 'POST',
      body: 'json',
      json: { query: 'x' },
      recordsAt: 'data',
      pagination: { type: 'offset', sendIn: 'body', size: 2 },
    });
    expect(ports.records).toEqual(rows);
    expect(calls).toHaveLength(1);
  });

  it('stops at the most pages and says so; never goes round in circles', async () => {
    handler = (_seen, response) => json(response, { data: rows, next: 'same' });
    const { ports, logs } = await run({ recordsAt: 'data', pagination: { type: 'page', maxPages: 3 } });
    expect(ports.records).toHaveLength(15);
    expect(logs).toMatchObject([{ level: 'warn' }]);
    expect(await failure({ recordsAt: 'data', pagination: { type: 'cursor', nextAt: 'next' } })).toMatchObject({
      code: 'http-pagination-endless',
    });
  });

  it('does not take its secret to another host', async () => {
    const other = base.replace('127.0.0.1', 'localhost');
    handler = ({ url }, response) => json(response, { next: url.pathname === '/' ? `${other}/more` : null });
    await run(
      { pagination: { type: 'next-url', nextAt: 'next' }, headers: { 'X-Own': 'secret' } },
      { credentialType: 'http-bearer', credential: { token: 't' } },
    );
    expect(seen.map(({ headers }) => [headers.authorization, headers['x-own']])).toEqual([
      ['Bearer t', 'secret'],
      [undefined, undefined],
    ]);
  });
});

describe('failures', () => {
  const answering = (status: number, headers: Record<string, string> = {}, body: unknown = { message: 'so it is' }) => {
    handler = (_seen, response) => json(response, body, status, headers);
  };

  it.each([
    [408, 'GET', 'transient'],
    [425, 'GET', 'transient'],
    [408, 'POST', 'transient'],
    [425, 'POST', 'transient'],
    [429, 'POST', 'rate-limited'],
    [503, 'POST', 'transient'],
    [500, 'GET', 'transient'],
    [500, 'PUT', 'transient'],
    [500, 'POST', 'transient'],
    [502, 'GET', 'transient'],
    [504, 'PUT', 'transient'],
    [502, 'POST', 'uncertain'],
    [504, 'POST', 'uncertain'],
    [403, 'GET', 'auth'],
    [404, 'GET', 'not-found'],
    [405, 'GET', 'config'],
    [400, 'GET', 'bad-data'],
  ])('%i to %s is %s', async (status, method, expected) => {
    answering(status);
    expect(await failure({ method })).toMatchObject({
      class: expected,
      code: `http-${status}`,
      message: expect.stringContaining('so it is'),
    });
  });

  it('429 waits as long as the service says, in seconds or until a date', async () => {
    answering(429, { 'retry-after': '7' });
    expect(await failure({})).toMatchObject({ class: 'rate-limited', retryAfter: 7_000 });
    answering(429, { 'retry-after': new Date(testNow + 90_000).toUTCString() });
    expect(await failure({})).toMatchObject({ class: 'rate-limited', retryAfter: 90_000 });
    answering(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(testNow / 1000 + 60) });
    expect(await failure({})).toMatchObject({ class: 'rate-limited', retryAfter: 60_000 });
  });

  it('records that the service refuses go to rejected with its words, and all others go on', async () => {
    handler = ({ body }, response) => {
      const { id } = JSON.parse(body) as { id: number };
      if (id === 2) json(response, { errors: [{ message: 'email is taken' }] }, 422);
      else if (id === 3) json(response, { message: 'gone' }, 404);
      else json(response, { id, stored: true });
    };
    const { ports, origins, calls } = await run(
      { method: 'POST', body: 'json', parallel: 3 },
      { inputs: [1, 2, 3, 4].map((id) => ({ id })) },
    );
    expect(ports.records).toEqual([
      { id: 1, stored: true },
      { id: 4, stored: true },
    ]);
    expect(origins.records).toEqual([0, 3]);
    expect(ports.rejected).toMatchObject([
      { id: 2, _rejected: { code: 'http-422', message: expect.stringContaining('email is taken') } },
      { id: 3, _rejected: { code: 'http-404' } },
    ]);
    expect(calls).toHaveLength(4);
  });

  it('a connection lost after a POST was sent leaves its outcome unknown; a repeatable one tries again', async () => {
    handler = (_seen, response) => response.socket?.destroy();
    expect(await failure({ method: 'POST' })).toMatchObject({ class: 'uncertain', code: 'http-outcome-unknown' });
    expect(await failure({ method: 'POST', idempotencyKey: true })).toMatchObject({ class: 'transient' });
    expect(await failure({ method: 'GET' })).toMatchObject({ class: 'transient', code: 'http-connection-lost' });
  });

  it('a POST that was taken is not known to be undone because its answer cannot be read', async () => {
    handler = (_seen, response) => response.writeHead(201, { 'content-type': 'text/html' }).end('<p>Thanks</p>');
    expect(await failure({ method: 'POST' })).toMatchObject({
      class: 'uncertain',
      code: 'http-not-json',
      message: expect.stringMatching(/took the request, but what came of it is not known: The answer is not JSON/),
    });
    expect(await failure({ method: 'POST', idempotencyKey: true })).toMatchObject({ class: 'config' });
    expect(await failure({})).toMatchObject({ class: 'config' });
    let page = 0;
    handler = (_seen, response) => json(response, { data: [{}] }, page++ === 0 ? 200 : 429);
    const pages = { method: 'POST', recordsAt: 'data', pagination: { type: 'page' } };
    expect(await failure(pages)).toMatchObject({ class: 'uncertain', code: 'http-429' });
  });

  it('a connection that came to no encryption carried no request', async () => {
    expect(await failure({ method: 'POST', url: base.replace('http:', 'https:') })).toMatchObject({
      class: 'transient',
      code: 'http-unreachable',
    });
  });

  it('a service that is not there was not reached, whatever the method', async () => {
    const closed = http.createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    expect(await failure({ method: 'POST', url: `http://127.0.0.1:${port}/` })).toMatchObject({
      class: 'transient',
      code: 'http-unreachable',
    });
  });

  it('an answer that does not come in time, and one that breaks off', async () => {
    handler = () => {};
    expect(await failure({ timeout: '100ms' })).toMatchObject({ class: 'transient' });
    handler = (_seen, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a":');
      setTimeout(() => response.socket?.destroy(), 20);
    };
    expect(await failure({})).toMatchObject({ class: 'transient' });
    expect(await failure({ method: 'POST' })).toMatchObject({ class: 'uncertain' });
  });

  it('no web address', async () => {
    expect(await failure({ url: 'example.com' })).toMatchObject({ class: 'config', code: 'http-address' });
    expect(await failure({ url: 'file:///etc/passwd' })).toMatchObject({ code: 'http-address' });
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    handler = () => stop.abort(new Error('cancelled'));
    await expect(run({}, { signal: stop.signal })).rejects.toThrow('cancelled');
  });
});

describe('effects', () => {
  it('follow the method, and the key that a service knows', async () => {
    const effect = (params: DataRecord) => effectOf(request.effect, params);
    expect(effect({})).toBe('read');
    expect(effect({ method: 'PUT' })).toBe('idempotent');
    expect(effect({ method: 'POST' })).toBe('once');
    expect(effect({ method: 'PATCH', idempotencyKey: true })).toBe('idempotent');
    const { calls } = await run(
      { method: 'POST', body: 'json', idempotencyKey: true },
      { inputs: [{ id: 1 }, { id: 2 }] },
    );
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
    expect(keys).toEqual(calls.map(({ key }) => key));
  });

  it('of calls made before a crash are not repeated', async () => {
    const first = await run({ method: 'POST', body: 'json' }, { inputs: [{ id: 1 }] });
    const kept = Object.fromEntries(first.calls.map(({ key, result }) => [key, result]));
    const again = await run({ method: 'POST', body: 'json' }, { inputs: [{ id: 1 }], keptCalls: kept });
    expect(seen).toHaveLength(1);
    expect(again.ports.records).toEqual(first.ports.records);
  });
});
