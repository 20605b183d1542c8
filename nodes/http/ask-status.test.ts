import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataRecord, NodeContext } from '../../sdk/index.ts';
import { runNode } from '../../sdk/testing/index.ts';
import request from './request.ts';

let base = '';
let seen: { method: string; url: string; body: string; key: unknown }[] = [];
let answer: { status: number; body: string };
const server = http.createServer(async (incoming, response) => {
  let body = '';
  for await (const chunk of incoming) body += chunk;
  const { method = '', url = '', headers } = incoming;
  seen.push({ method, url, body, key: headers['x-reference'] });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
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
  answer = { status: 200, body: '{}' };
});

function ask(statusRequest: DataRecord, more: DataRecord = {}) {
  const params = request.params.parse({ method: 'POST', url: `${base}/orders`, statusRequest, ...more });
  return request.verify?.ask(
    {
      key: 'a/b',
      since: 0,
      items: () => [{ record: { id: 7 }, position: 0, params }],
      stepParams: () => params,
    },
    {
      http: axios.create(),
      signal: new AbortController().signal,
      now: () => 0,
      credentialType: '',
    } as unknown as NodeContext,
  );
}

const says = (body: unknown, status = 200) => {
  answer = { status, body: JSON.stringify(body) };
};

describe('the status request', () => {
  it('asks by the key, and takes a success for done, with its answer for the lost one', async () => {
    says({ id: 'o-1' });
    expect(await ask({ url: `${base}/orders?reference={key}` })).toEqual({
      outcome: 'done',
      said: 'The service answers that it is there.',
      result: [{ id: 'o-1' }],
    });
    expect(seen).toMatchObject([{ method: 'GET', url: '/orders?reference=a%2Fb' }]);
    says('', 404);
    expect(await ask({ url: `${base}/orders/{key}` })).toMatchObject({ outcome: 'not-done' });
  });

  it('takes a list for done when something is in it', async () => {
    says({ data: [{ id: 'o-1' }] });
    const list = { url: `${base}/search`, method: 'POST', json: { ref: '{key}' }, doneWhen: 'records', at: 'data' };
    expect(await ask(list)).toMatchObject({ outcome: 'done', result: [{ id: 'o-1' }] });
    expect(seen).toMatchObject([{ method: 'POST', body: '{"ref":"a/b"}' }]);
    says({ data: [] });
    expect(await ask(list)).toMatchObject({ outcome: 'not-done' });
    says({ other: 1 });
    expect(await ask(list)).toMatchObject({ outcome: 'not-done' });
  });

  it('takes a value for what the settings say that it means', async () => {
    const value = { url: `${base}/o`, doneWhen: 'value', at: 'state', done: 'Paid, pending', notDone: 'void' };
    says({ state: 'paid' });
    expect(await ask(value)).toMatchObject({ outcome: 'done' });
    says({ state: 'void' });
    expect(await ask(value)).toMatchObject({ outcome: 'not-done' });
    says({ state: 'odd' });
    expect(await ask(value)).toEqual({
      outcome: 'unknown',
      said: 'The service answers "odd". The settings do not say what that means.',
    });
  });

  it('gives no result where the step gives something else than the answer’s JSON', async () => {
    answer = { status: 200, body: 'yes' };
    expect(await ask({ url: `${base}/o` })).not.toHaveProperty('result');
    says({ id: 1 });
    expect(await ask({ url: `${base}/o` }, { fullResponse: true })).not.toHaveProperty('result');
  });

  it('fails as every request does when the service cannot be asked', async () => {
    says({}, 503);
    await expect(ask({ url: `${base}/o` })).rejects.toMatchObject({ class: 'transient' });
    says({}, 401);
    await expect(ask({ url: `${base}/o` })).rejects.toMatchObject({ class: 'auth' });
    expect(await ask({})).toMatchObject({ outcome: 'unknown' });
  });
});

it('the key goes in the header that the service calls it by, also where it only notes it down', async () => {
  const params = { method: 'POST', url: `${base}/orders`, body: 'json', keyHeader: 'X-Reference' };
  const { calls } = await runNode(request, { params, inputs: [{ id: 1 }] });
  expect(seen[0]?.key).toBe(calls[0]?.key);
});
