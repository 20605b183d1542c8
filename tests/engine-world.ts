// Over 400 lines: the one world that tests and benchmarks of the engine share, with a node for each way of behaving.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { z } from 'zod';
import { createEngine, type Engine } from '../engine/index.ts';
import type { Clock, EnginePorts, StepThread } from '../engine/ports.ts';
import { systemClock } from '../engine/ports.ts';
import { type ThreadWorld, WorkshopThread } from '../engine/workshop-thread.ts';
import forEach from '../nodes/flow/for-each.ts';
import repeatUntil from '../nodes/flow/repeat-until.ts';
import {
  batches,
  type CallInDoubt,
  type DataRecord,
  defineNode,
  defineTrigger,
  eachCall,
  eachPrepared,
  field,
  type NodeDefinition,
  NodeError,
  route,
  routes,
  stream,
  type TriggerDefinition,
  type Verdict,
} from '../sdk/index.ts';
import { FolderBlobs } from '../server/storage/blobs/folder-blobs.ts';
import { openDatabase } from '../server/storage/sqlite/database.ts';
import { GroupCommit } from '../server/storage/sqlite/group-commit.ts';
import { SqliteRunStore } from '../server/storage/sqlite/runs.ts';
import type { Edge, Workflow, WorkflowNode } from '../spec/workflow/document.ts';

/** A clock driven by hand: `advance` moves it and calls what has become due, in order. */
export class FakeClock implements Clock {
  private time = Date.parse('2026-01-15T12:00:00Z');
  private due: { at: number; act: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, act: () => void): () => void {
    const entry = { at: this.time + ms, act };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((one) => one !== entry);
    };
  }

  advance(ms: number): void {
    this.time += ms;
    const ready = this.due.filter((one) => one.at <= this.time).sort((a, b) => a.at - b.at);
    this.due = this.due.filter((one) => one.at > this.time);
    for (const { act } of ready) act();
  }

  get pending(): number {
    return this.due.length;
  }
}

/** What the test nodes did to the outside, and how they are told to behave. */
export class Outside {
  readonly calls: { key: string; record: DataRecord }[] = [];
  /** Called before a call is counted; throw to fail it. */
  before: (record: DataRecord, attempt: number) => void | Promise<void> = () => {};
  /** Called after a call is counted; throw to lose its answer. */
  after: (record: DataRecord) => void | Promise<void> = () => {};
  /** What a call gives. */
  answer: (record: DataRecord) => DataRecord = (record) => ({ ...record, done: true });
  /** Called by `flood` and `pour` before each thousand of their records. */
  pouring: (given: number, attempt: number) => void | Promise<void> = () => {};
  /** What the service says about a call in doubt. */
  verdict: (call: CallInDoubt<DataRecord>) => Verdict | Promise<Verdict> = () => {
    throw new Error('This test did not expect to be asked');
  };
}

export function testNodes(outside: Outside): { nodes: NodeDefinition[]; triggers: TriggerDefinition[] } {
  const base = { version: 1, connector: 'test', category: 'data' as const, summary: '' };
  const manual = defineTrigger({
    type: 'manual',
    version: 1,
    title: 'Run by hand',
    summary: '',
    connector: 'triggers',
    params: z.object({ records: z.array(z.record(z.string(), z.unknown())).optional() }),
    source: (params) => ({ kind: 'manual', records: params.records ?? [] }),
  });
  const set = defineNode(
    {
      ...base,
      type: 'set',
      title: 'Set',
      params: z.object({ fields: field.keyValues({ label: 'Fields' }) }),
      outputs: ['records', 'rejected'],
    },
    eachPrepared((io) => ({
      act: (record, position) => ({ ...record, ...io.params(record, position).fields }),
      set: Object.keys(io.rawParams.fields as DataRecord),
    })),
  );
  const choose = defineNode(
    {
      ...base,
      type: 'choose',
      title: 'Choose',
      params: z.object({ when: field.of(z.unknown(), 'json', { label: 'When' }) }),
      outputs: [route('true'), route('false')],
    },
    routes((io) => ({ choose: (record, position) => [io.params(record, position).when ? 'true' : 'false'] })),
  );
  const fail = defineNode(
    { ...base, type: 'fail', title: 'Fail', params: z.object({ class: z.string().default('config') }) },
    stream(async (io) => {
      const { class: kind } = io.stepParams();
      throw new NodeError({
        class: kind as 'config',
        code: 'test-failure',
        message: 'It does not work.',
        remedy: 'Mend it.',
      });
    }),
  );
  /** Takes records two at a time and refuses those with `bad`. */
  const load = defineNode(
    {
      ...base,
      type: 'load',
      title: 'Load',
      params: z.object({}),
      effect: 'idempotent',
      outputs: ['records', 'rejected'],
    },
    batches({ size: 2, parallel: 2 }, async (items, _ctx, { key, turn }) => {
      await turn;
      for (const { record } of items) {
        outside.calls.push({ key, record });
        await outside.after(record);
      }
      return items.map(({ record }) => (record.bad ? { error: refusal() } : 'done'));
    }),
  );
  const putAway = defineNode(
    {
      ...base,
      type: 'put-away',
      title: 'Put away',
      params: z.object({ count: z.number(), fail: z.boolean() }),
    },
    stream(async (io) => {
      const { count, fail: fails } = io.stepParams();
      const list = io.scratch();
      for (let n = 0; n < count; n++) await list.write([{ n, text: 'x'.repeat(2_000) }], [n]);
      for await (const { records } of list.batches()) await io.emit('records', records);
      await outside.before({}, io.ctx.step.attempt);
      if (fails) throw new Error('It does not work.');
    }),
  );
  const make = async (key: string, record: DataRecord, attempt: number) => {
    await outside.before(record, attempt);
    outside.calls.push({ key, record });
    await outside.after(record);
    return outside.answer(record);
  };
  const lookBack = defineNode(
    { ...base, type: 'look-back', title: 'Look back', params: z.object({ step: z.string() }) },
    stream(async (io) => {
      const records = io.earlier(io.stepParams().step);
      if (records === undefined) throw new Error('There is no such step.');
      for await (const batch of records.batches()) await io.emit('records', batch.records);
    }),
  );
  const call = (type: string, effect: 'read' | 'idempotent' | 'once') =>
    defineNode(
      { ...base, type, title: type, params: z.object({}), effect, outputs: ['records', 'rejected'] },
      eachCall({}, (record, _params, ctx, key) => make(key, record, ctx.step.attempt)),
    );
  const onceParams = z.object({
    text: field.text({ label: 'Text' }).optional(),
    apiToken: field.text({ label: 'Token' }).optional(),
    parallel: field.number({ label: 'At the same time', scope: 'step' }).default(1),
    size: field.number({ label: 'Records a call', scope: 'step' }).default(1),
    asks: field.switch({ label: 'Ask the service', scope: 'step' }).default(false),
  });
  const onceEach = eachCall<z.output<typeof onceParams>, unknown>(
    { parallel: (params) => params.parallel },
    (record, _params, ctx, key) => make(key, record, ctx.step.attempt),
  );
  const onceBatches = batches<z.output<typeof onceParams>, unknown>(
    (params) => params.size,
    async (items, ctx, { key, found }) => {
      const there = (found ?? []) as readonly unknown[];
      const results: { record: DataRecord }[] = [];
      for (const { record } of items) {
        const isThere = there.includes(record.n);
        results.push({
          record: isThere ? { ...record, found: true } : await make(key, record, ctx.step.attempt),
        });
      }
      return results;
    },
  );
  const send = defineNode(
    {
      ...base,
      type: 'send',
      title: 'Send',
      params: onceParams,
      effect: 'once',
      outputs: ['records', 'rejected'],
      verify: { needs: ['asks'], ask: async (call) => outside.verdict(call) },
    },
    stream((io) => (io.stepParams().size > 1 ? onceBatches : onceEach).run(io)),
  );
  const wait = defineNode(
    { ...base, type: 'wait', title: 'Wait', params: z.object({ ms: z.number().default(1000) }) },
    stream(async (io) => {
      await io.ctx.suspend({ kind: 'until', at: io.ctx.now() + io.stepParams().ms });
      for await (const batch of io.input().batches()) await io.emit('records', batch.records, { from: batch.start });
    }),
  );
  const approve = defineNode(
    {
      ...base,
      type: 'approve',
      title: 'Approve',
      params: z.object({}),
      outputs: [route('approved'), route('declined')],
    },
    stream(async (io) => {
      const outcome = await io.ctx.suspend({ kind: 'approval', people: [], message: 'Go on?' });
      for await (const batch of io.input().batches()) await io.emit(outcome.kind, batch.records, { from: batch.start });
    }),
  );
  const respond = defineNode(
    { ...base, type: 'respond', title: 'Respond', params: z.object({}) },
    stream(async (io) => {
      for await (const batch of io.input().batches()) {
        io.ctx.respond({ status: 200, headers: {}, body: batch.records[0] });
        await io.emit('records', batch.records, { from: batch.start });
      }
    }),
  );
  const callWorkflow = defineNode(
    { ...base, type: 'call', title: 'Call', params: z.object({ workflow: z.string() }) },
    stream(async (io) => {
      const id = await io.ctx.startRun(io.stepParams().workflow, [{}], io.ctx.run.id);
      const end = await io.ctx.suspend({ kind: 'run', runId: id });
      if (end.kind !== 'finished' || end.status === 'succeeded') return;
      throw new NodeError({ class: 'bad-data', code: 'called', message: `It ${end.status}: ${end.why}`, remedy: '' });
    }),
  );
  /** Starts a run for each record and waits for the first one only. */
  const callEach = defineNode(
    {
      ...base,
      type: 'call-each',
      title: 'Call each',
      params: z.object({ workflow: z.string() }),
      effect: 'idempotent',
    },
    stream(async (io) => {
      const started: (string | undefined)[] = [];
      for (const [start, record] of (await io.input().all()).entries()) {
        const { workflow: called } = io.stepParams();
        started.push(await io.call({ start, count: 1 }, (key) => io.ctx.startRun(called, [record], key)));
      }
      await io.ctx.suspend({ kind: 'run', runId: String(started[0]) });
    }),
  );
  const hang = defineNode(
    { ...base, type: 'hang', title: 'Hang', params: z.object({}) },
    stream(
      (io) =>
        new Promise((_, reject) => {
          if (io.ctx.signal.aborted) reject(io.ctx.signal.reason);
          io.ctx.signal.addEventListener('abort', () => reject(io.ctx.signal.reason));
        }),
    ),
  );
  /** Reads them from outside, or makes them itself. */
  const flood = (type: string, effect: 'read' | 'none') =>
    defineNode(
      { ...base, type, title: 'Flood', params: z.object({ count: z.number() }), effect },
      stream(
        async (io) => {
          for (let start = 0; start < io.stepParams().count; start += 1000) {
            await outside.pouring(start, io.ctx.step.attempt);
            await io.emit(
              'records',
              Array.from({ length: 1000 }, (_, i) => ({ n: start + i })),
            );
          }
        },
        { portable: true },
      ),
    );
  const nodes = [
    flood('flood', 'read'),
    flood('pour', 'none'),
    set,
    choose,
    fail,
    putAway,
    lookBack,
    call('read', 'read'),
    call('upsert', 'idempotent'),
    call('post', 'once'),
    send,
    load,
    wait,
    approve,
    respond,
    callWorkflow,
    callEach,
    hang,
    forEach,
    repeatUntil,
  ];
  return { nodes: nodes as unknown as NodeDefinition[], triggers: [manual as unknown as TriggerDefinition] };
}

function refusal(): NodeError {
  return new NodeError({ class: 'bad-data', code: 'bad', message: 'It is bad.', remedy: 'Mend it.' });
}

/** What is different after a stop. */
interface Change {
  readonly without?: string;
  readonly gate?: NonNullable<EnginePorts['gate']>;
}

export interface World {
  readonly engine: Engine;
  readonly outside: Outside;
  readonly clock: Clock;
  readonly home: string;
  readonly store: SqliteRunStore;
  readonly blobs: FolderBlobs;
  /** Stops in good order, and opens another engine on the same data. */
  restarted(change?: Change): Promise<World>;
  /** Takes the store away in the middle of everything, as a crash does, and opens another engine on the same data. */
  crashed(change?: Change): World;
  close(): Promise<void>;
}

/** An engine on a real SQLite store and blob folder, with nodes whose outside is watched. */
export function engineWorld(
  options: {
    clock?: Clock;
    home?: string;
    outside?: Outside;
    /** A node type that is not there. */
    without?: string;
    published?: EnginePorts['published'];
    gate?: NonNullable<EnginePorts['gate']>;
    /** Node types beside those of the tests. */
    nodes?: readonly NodeDefinition[];
    /** Where large steps are worked on. */
    stepThread?: (world: ThreadWorld) => StepThread;
  } = {},
): World {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'sluice-engine-'));
  const outside = options.outside ?? new Outside();
  const clock = options.clock ?? systemClock;
  const db = openDatabase(join(home, 'runs.db'));
  const store = new SqliteRunStore(new GroupCommit(db));
  const blobs = new FolderBlobs(join(home, 'blobs'));
  const { nodes: ours, triggers } = testNodes(outside);
  const nodes = [...ours, ...(options.nodes ?? [])];
  const registry = {
    node: (type: string) => (type === options.without ? undefined : nodes.find((one) => one.type === type)),
    trigger: (type: string) => triggers.find((one) => one.type === type),
  };
  const { stepThread } = options;
  const engine = createEngine({
    clock,
    store,
    blobs,
    registry,
    credentials: { resolve: () => Promise.reject(new Error('no credentials here')) },
    http: ({ signal }) => axios.create({ signal }),
    egress: { check: async () => {} },
    files: undefined as never,
    vars: () => ({ region: 'EU' }),
    published: options.published ?? (async () => undefined),
    ...(options.gate ? { gate: options.gate } : {}),
    ...(stepThread ? { stepThreads: { most: 2, open: () => stepThread({ clock, registry, blobs }) } } : {}),
  });
  const shut = async () => {
    await engine.close();
    await store.close();
    blobs.close();
    db.close();
  };
  return {
    engine,
    outside,
    clock,
    home,
    store,
    blobs,
    restarted: async (change = {}) => {
      await shut();
      return engineWorld({ ...options, ...change, clock, home, outside });
    },
    crashed: (change = {}) => {
      db.close();
      return engineWorld({ ...options, ...change, clock, home, outside });
    },
    close: async () => {
      await shut();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The other end of a workshop as in a thread of its own, but in this one, so that a test sees what goes on there. */
export function threadBeside(world: ThreadWorld): StepThread & { readonly end: (error: Error) => void } {
  let on: Parameters<StepThread['listen']>[0] | undefined;
  let isOver = false;
  const deliver = (message: unknown, take: (message: unknown) => void) => {
    const clone = structuredClone(message);
    setImmediate(() => {
      if (!isOver) take(clone);
    });
  };
  const thread = new WorkshopThread((message) => deliver(message, (clone) => on?.message(clone)), world);
  return {
    post: (message) => deliver(message, (clone) => thread.line.take(clone)),
    listen: (given) => {
      on = given;
    },
    close: () => {
      isOver = true;
    },
    end: (error) => {
      isOver = true;
      on?.gone(error);
    },
  };
}

/** A document from nodes as `id: [type, params, more]` and edges as `'a -> b'`, `'a.port -> b.port'`. */
export function workflow(
  nodes: Record<string, [type: string, params?: DataRecord, more?: Partial<WorkflowNode>]>,
  edges: readonly string[],
): { document: Workflow; version: string; draft: false; cause: 'test' } {
  const document: Workflow = {
    format: 'sluice/1',
    id: 'test',
    name: 'Test',
    settings: {},
    nodes: Object.entries(nodes).map(([id, [type, params, more]]) => ({
      id,
      type,
      version: 1,
      name: id,
      params: params ?? {},
      ...more,
    })),
    edges: edges.map(edgeOf),
    layout: {},
    stickies: [],
  };
  const version = createHash('sha256').update(JSON.stringify(document)).digest('hex');
  return { document, version, draft: false, cause: 'test' };
}

function edgeOf(text: string): Edge {
  const [from = '', to = ''] = text.split(' -> ');
  const [source = '', output] = from.split('.');
  const [target = '', input] = to.split('.');
  return { from: source, to: target, ...(output ? { output } : {}), ...(input ? { input } : {}) };
}
