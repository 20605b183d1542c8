import { afterEach, describe, expect, it, vi } from 'vitest';
import { routes } from '../../spec/api/routes.ts';
import { call } from './call.ts';
import { ProblemError } from './problem-error.ts';

afterEach(() => vi.unstubAllGlobals());

function answering(response: Response) {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => response);
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

describe('call', () => {
  it('fills the path, the query and the body of the route', async () => {
    const fetch = answering(Response.json({ records: [], total: 0, port: 'records', ports: {} }));
    await call(routes.getRecords, { id: 'a/b', node: 'n', query: { side: 'in', offset: 20, port: undefined } });
    expect(fetch.mock.calls[0]?.[0]).toBe('/api/v1/runs/a%2Fb/steps/n/records?side=in&offset=20');
  });

  it('names the revision that a write builds on', async () => {
    const fetch = answering(Response.json({ revision: 'r2', savedAt: 1, problems: [] }));
    const saved = await call(routes.saveDraft, { id: 'w', body: { id: 'w' } }, { ifMatch: 'r1' });
    expect(saved.revision).toBe('r2');
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({
      method: 'PUT',
      body: '{"id":"w"}',
      headers: { 'if-match': '"r1"' },
    });
  });

  it('gives nothing where the route answers without a body', async () => {
    answering(new Response(null, { status: 204 }));
    expect(await call(routes.deleteWorkflow, { id: 'w' })).toBeUndefined();
  });

  it('says that the server was not reached', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('failed');
    });
    const failure = await call(routes.getSession, {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProblemError);
    expect(failure).toMatchObject({ status: 0, code: 'unreachable' });
  });
});
