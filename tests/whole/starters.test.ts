import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../engine/index.ts';
import { systemClock } from '../../engine/ports.ts';
import { credentials, nodes, triggers } from '../../nodes/index.gen.ts';
import { type Practice, startPractice } from '../../practice/practice.ts';
import { describeNode } from '../../sdk/describe.ts';
import { createFileArea } from '../../server/files/file-area.ts';
import { FolderBlobs } from '../../server/storage/blobs/folder-blobs.ts';
import { openDatabase } from '../../server/storage/sqlite/database.ts';
import { GroupCommit } from '../../server/storage/sqlite/group-commit.ts';
import { SqliteRunStore } from '../../server/storage/sqlite/runs.ts';
import type { RunView } from '../../spec/api/run.ts';
import { parseWorkflow, printWorkflow, validate, type Workflow } from '../../spec/workflow/index.ts';

/** The starters as they are, on real nodes, the practice services and a real warehouse file. */

interface World {
  readonly engine: Engine;
  readonly practice: Practice;
  readonly close: () => Promise<void>;
}

const starters = ['warehouse-sync', 'lead-scores', 'guarded-import'] as const;
let world: World;

beforeEach(async () => {
  world = await open();
});
afterEach(() => world.close());

async function open(): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-starters-'));
  const practice = await startPractice();
  const db = openDatabase(join(home, 'runs.db'));
  const store = new SqliteRunStore(new GroupCommit(db));
  const blobs = new FolderBlobs(join(home, 'blobs'));
  cpSync('examples/files', join(home, 'files'), { recursive: true });
  const accounts: Record<string, { type: string; values: Record<string, unknown> }> = {
    salesforce: { type: 'salesforce', values: { ...practice.salesforce.credentials, auth: 'client-credentials' } },
    slack: { type: 'slack', values: { ...practice.slack.credentials } },
    warehouse: { type: 'duckdb', values: { path: 'warehouse.duckdb' } },
  };
  const engine = createEngine({
    clock: systemClock,
    store,
    blobs,
    registry: {
      node: (type) => nodes.find((node) => node.type === type),
      trigger: (type) => triggers.find((trigger) => trigger.type === type),
    },
    credentials: {
      resolve: async (id) => accounts[id] ?? Promise.reject(new Error(`The starters know no credential "${id}"`)),
    },
    http: ({ signal }) => axios.create({ signal }),
    egress: { check: async () => {} },
    files: createFileArea(join(home, 'files'), blobs),
    vars: () => ({}),
    published: async () => undefined,
  });
  return {
    engine,
    practice,
    close: async () => {
      await engine.close();
      await store.close();
      blobs.close();
      db.close();
      await practice.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function starter(id: string): Workflow {
  const read = parseWorkflow(readFileSync(`examples/${id}.json`, 'utf8'));
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.document;
}

/** Runs it from its manual trigger and gives the counts of each step that had records, by port. */
async function run(id: string): Promise<{ view: RunView; out: Record<string, Record<string, number>> }> {
  const document = starter(id);
  const version = createHash('sha256').update(printWorkflow(document)).digest('hex');
  const started = await world.engine.start({ document, version, draft: false, cause: 'test', trigger: 'run-now' });
  const view = await started.finished;
  const failures = view.steps.filter((step) => step.error).map(({ node, error }) => ({ node, error }));
  expect(failures).toEqual([]);
  expect(view.status).toBe('succeeded');
  return { view, out: Object.fromEntries(view.steps.map((step) => [step.node, step.out])) };
}

function messages(channel: string): string[] {
  const { store } = world.practice.slack;
  const id = store.findChannel(channel)?.id ?? '';
  const span = { oldest: '0', latest: '9999999999', inclusive: true, limit: 100 };
  return store.history(id, span).map((message) => String(message.text));
}

/** Records that the practice Salesforce changed. */
const written = () => world.practice.salesforce.requests.list().reduce((sum, request) => sum + request.written, 0);

test.each(starters)('%s is valid, printed as the house prints it, and drawn without overlap', (id) => {
  const document = starter(id);
  const nodeTypes = [...nodes, ...triggers].map(describeNode);
  const known = Object.entries({ salesforce: 'salesforce', slack: 'slack', warehouse: 'duckdb' });
  const types = new Set(credentials.map((credential) => credential.type));
  for (const [, type] of known) expect(types).toContain(type);
  expect(validate(document, nodeTypes, { credentials: known.map(([one, type]) => ({ id: one, type })) })).toEqual([]);
  expect(printWorkflow(document)).toBe(readFileSync(`examples/${id}.json`, 'utf8'));
  const boxes = [
    ...document.nodes.map((node) => ({ at: document.layout[node.id] ?? [0, 0], size: [260, 90] })),
    ...document.stickies.map((sticky) => ({ at: sticky.at, size: sticky.size ?? [240, 160] })),
  ];
  for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
});

type Box = { at: readonly number[]; size: readonly number[] };

function overlap(a: Box, b: Box): boolean {
  return [0, 1].every((axis) => {
    const [from = 0, to = 0] = [a.at[axis], b.at[axis]];
    return from < to + (b.size[axis] ?? 0) && to < from + (a.size[axis] ?? 0);
  });
}

test('warehouse-sync brings everything over once, and a second run changes nothing', async () => {
  const first = await run('warehouse-sync');
  expect(first.out).toMatchObject({
    'read-accounts': { records: 120 },
    'read-contacts': { records: 400 },
    'update-accounts': { records: 120 },
    'update-contacts': { records: 400 },
    'check-contacts': { passed: 400 },
    'tell-the-team': { records: 1 },
  });
  expect(messages('sales-ops')).toHaveLength(1);
  const second = await run('warehouse-sync');
  expect(second.out['changed-accounts']?.records ?? 0).toBe(0);
  expect(second.out['changed-contacts']?.records ?? 0).toBe(0);
  expect(messages('sales-ops')).toHaveLength(1);
  expect(written()).toBe(0);
});

test('lead-scores writes the scores that changed, shows what was refused, and then has nothing to write', async () => {
  const first = await run('lead-scores');
  expect(first.out).toMatchObject({
    'read-usage': { records: 239 },
    'read-contacts': { records: 400 },
    together: { records: 239 },
    'write-scores': { rejected: 3 },
    'tell-sales': { records: 1 },
    'tell-about-rejected': { records: 1 },
  });
  const after = written();
  expect(after).toBe(first.out['write-scores']?.records);
  expect(after).toBeGreaterThan(200);
  expect(messages('data-alerts')[0]).toContain('C-9001');
  const second = await run('lead-scores');
  expect(second.out.changed?.kept).toBe(3);
  expect(written()).toBe(after);
});

test('guarded-import holds the bad rows with their reasons while the good ones go on, and twice does no more', async () => {
  const first = await run('guarded-import');
  expect(first.out).toMatchObject({
    'read-orders': { records: 60 },
    'check-orders': { passed: 53, rejected: 7 },
    'write-orders': { records: 53 },
    hold: { records: 7 },
    alert: { records: 1 },
    'tell-the-team': { records: 1 },
  });
  expect(messages('data-alerts')[0]).toContain('and 2 more, 7 in all');
  const second = await run('guarded-import');
  expect(second.out).toEqual(first.out);
});

test('the starters get along in any order on one warehouse', async () => {
  for (const id of [...starters].reverse()) await run(id);
  for (const id of starters) await run(id);
});
