import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallWorkflow, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const loop = {
  nodes: [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'a', type: 'no-op', name: 'A' },
    { id: 'b', type: 'no-op', name: 'B' },
  ],
  edges: [
    { from: 'start', to: 'a' },
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ],
};
const unfinished = {
  edges: [{ from: 'start', to: 'x' }],
  nodes: [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'x', type: 'set-fields', name: 'X', params: { fields: 3 } },
  ],
};

test('a workflow is made under its own id, read, changed, and deleted', async () => {
  const made = await server.call('POST', '/workflows', { body: smallWorkflow('one') });
  expect(made).toMatchObject({ status: 201, body: { id: 'one', published: null, problems: [] } });
  const read = await server.call('GET', '/workflows/one');
  expect(read.headers.get('etag')).toBe(`"${made.body.revision}"`);
  const changed = await server.call('PUT', '/workflows/one', { body: { ...read.body.document, name: 'Renamed' } });
  expect(changed).toMatchObject({ status: 200, body: { document: { name: 'Renamed' } } });
  expect((await server.call('DELETE', '/workflows/one')).status).toBe(204);
  expect(await server.call('GET', '/workflows/one')).toMatchObject({ status: 404, body: { code: 'no-such-workflow' } });
});

test('a document with a loop is refused with the loop in order, and nothing is made', async () => {
  const refused = await server.call('POST', '/workflows', { body: smallWorkflow('loop', loop) });
  expect(refused.status).toBe(422);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(refused.body.problems).toContainEqual(
    expect.objectContaining({ code: 'cycle', nodeIds: expect.arrayContaining(['a', 'b']) }),
  );
  expect((await server.call('GET', '/workflows/loop')).status).toBe(404);
  expect((await server.call('POST', '/import', { body: smallWorkflow('loop', loop) })).status).toBe(422);
  const checked = await server.call('POST', '/validate', { body: smallWorkflow('loop', loop) });
  expect(checked).toMatchObject({ status: 200, body: { problems: [{ code: 'cycle' }] } });
});

test('two of the same id: the second is a conflict', async () => {
  await server.call('POST', '/workflows', { body: smallWorkflow('twice') });
  expect(await server.call('POST', '/workflows', { body: smallWorkflow('twice') })).toMatchObject({
    status: 409,
    body: { code: 'workflow-exists' },
  });
});

test('a write over a newer state is a conflict and changes nothing', async () => {
  const made = await server.call('POST', '/workflows', { body: smallWorkflow('edited') });
  const [mine, theirs] = ['Mine', 'Theirs'].map((name) => smallWorkflow('edited', { name }));
  const headers = { 'if-match': `"${made.body.revision}"` };
  expect((await server.call('PUT', '/workflows/edited/draft', { body: theirs, headers })).status).toBe(200);
  expect(await server.call('PUT', '/workflows/edited/draft', { body: mine, headers })).toMatchObject({
    status: 409,
    body: { code: 'changed-meanwhile' },
  });
  expect(await server.call('PUT', '/workflows/edited', { body: mine, headers })).toMatchObject({ status: 409 });
  expect((await server.call('GET', '/workflows/edited')).body.document.name).toBe('Theirs');
  expect((await server.call('PUT', '/workflows/edited/draft', { body: mine })).status).toBe(428);
});

test('an unfinished draft is kept with its problems, but neither published, run nor made through POST', async () => {
  const made = await server.call('POST', '/workflows', { body: smallWorkflow('draft') });
  const document = smallWorkflow('draft', unfinished);
  const headers = { 'if-match': made.body.revision };
  const saved = await server.call('PUT', '/workflows/draft/draft', { body: document, headers });
  expect(saved.status).toBe(200);
  expect(saved.body.problems.length).toBeGreaterThan(0);
  expect((await server.call('POST', '/workflows/draft/publish')).status).toBe(422);
  expect((await server.call('POST', '/workflows/draft/runs', { body: { draft: true } })).status).toBe(422);
  expect((await server.call('PUT', '/workflows/draft', { body: document })).status).toBe(422);
  const broken = smallWorkflow('draft', loop);
  const refused = await server.call('PUT', '/workflows/draft/draft', {
    body: broken,
    headers: { 'if-match': saved.body.revision },
  });
  expect(refused.status).toBe(422);
});

test('publishing pins what is there; later changes stay a draft', async () => {
  await server.call('POST', '/workflows', { body: smallWorkflow('live') });
  expect((await server.call('GET', '/workflows/live/published')).status).toBe(409);
  const published = await server.call('POST', '/workflows/live/publish');
  expect(published).toMatchObject({
    status: 200,
    body: { version: expect.any(String), publishedAt: expect.any(Number) },
  });
  await server.call('PUT', '/workflows/live', { body: smallWorkflow('live', { name: 'Later' }) });
  expect((await server.call('GET', '/workflows/live/published')).body.name).toBe('Workflow live');
  const { workflows } = (await server.call('GET', '/workflows')).body;
  expect(workflows.find((one: { id: string }) => one.id === 'live')).toMatchObject({
    changed: true,
    published: { version: published.body.version },
    triggers: [{ node: 'start', type: 'manual' }],
  });
  expect((await server.call('DELETE', '/workflows/live/publish')).status).toBe(204);
  expect((await server.call('GET', '/workflows/live/published')).status).toBe(409);
});

test('every save is in the history, and can be restored', async () => {
  await server.call('POST', '/workflows', { body: smallWorkflow('past') });
  await server.call('PUT', '/workflows/past', { body: smallWorkflow('past', { name: 'Second' }) });
  await server.call('POST', '/workflows/past/publish');
  const { entries } = (await server.call('GET', '/workflows/past/history')).body;
  expect(entries.map((entry: { message: string }) => entry.message)).toEqual(['Change Second', 'Make Workflow past']);
  const [second, first] = entries;
  expect(first.author).toBe('command line');
  expect((await server.call('GET', `/workflows/past/history/${first.commit}`)).body.name).toBe('Workflow past');
  const restored = await server.call('POST', '/workflows/past/restore', { body: { commit: first.commit } });
  expect(restored.body.document.name).toBe('Workflow past');
  expect((await server.call('GET', `/workflows/past/history/${'0'.repeat(40)}`)).status).toBe(404);
  expect((await server.call('POST', '/workflows/past/restore', { body: { commit: 'x' } })).status).toBe(400);
  expect(second.commit).not.toBe(first.commit);
});

test('an import takes a free id, or replaces when asked to', async () => {
  await server.call('POST', '/workflows', { body: smallWorkflow('guest') });
  const other = await server.call('POST', '/import', { body: smallWorkflow('guest') });
  expect(other).toMatchObject({
    status: 201,
    body: { id: 'guest-2', notes: [{ message: expect.stringContaining('taken') }] },
  });
  const replaced = await server.call('POST', '/import?replace=true', { body: smallWorkflow('guest', { name: 'New' }) });
  expect(replaced.body.id).toBe('guest');
  const exported = await server.call('GET', '/workflows/guest/export');
  expect(exported.body.name).toBe('New');
  expect(exported.headers.get('content-disposition')).toContain('guest.json');
});

test('an id in the address and another in the document do not go together', async () => {
  await server.call('POST', '/workflows', { body: smallWorkflow('fixed') });
  const refused = await server.call('PUT', '/workflows/fixed', { body: smallWorkflow('moved') });
  expect(refused).toMatchObject({ status: 400, body: { code: 'other-id' } });
});

test('a starter is made once', async () => {
  const { starters } = (await server.call('GET', '/starters')).body;
  expect(starters.map((one: { id: string }) => one.id)).toContain('warehouse-sync');
  expect(await server.call('POST', '/starters/warehouse-sync')).toMatchObject({
    status: 201,
    body: { id: 'warehouse-sync' },
  });
  expect(await server.call('POST', '/starters/warehouse-sync')).toMatchObject({
    status: 201,
    body: { id: 'warehouse-sync' },
  });
  expect((await server.call('POST', '/starters/none')).status).toBe(404);
});

test('samples are kept by node', async () => {
  await server.call('POST', '/workflows', { body: smallWorkflow('sampled') });
  expect((await server.call('PUT', '/workflows/sampled/samples/mark', { body: { records: [{ a: 1 }] } })).status).toBe(
    204,
  );
  expect((await server.call('GET', '/workflows/sampled/samples')).body).toEqual({ samples: { mark: [{ a: 1 }] } });
  expect((await server.call('PUT', '/workflows/sampled/samples/none', { body: { records: [] } })).status).toBe(404);
  expect((await server.call('DELETE', '/workflows/sampled/samples/mark')).status).toBe(204);
  expect((await server.call('GET', '/workflows/sampled/samples')).body).toEqual({ samples: {} });
});
