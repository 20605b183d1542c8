import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import aggregate from '../nodes/data/aggregate.ts';
import compare from '../nodes/data/compare.ts';
import dedupe from '../nodes/data/dedupe.ts';
import filter from '../nodes/data/filter.ts';
import generate from '../nodes/data/generate.ts';
import join from '../nodes/data/join.ts';
import limit from '../nodes/data/limit.ts';
import pickFields from '../nodes/data/pick-fields.ts';
import renameFields from '../nodes/data/rename-fields.ts';
import setFields from '../nodes/data/set-fields.ts';
import sort from '../nodes/data/sort.ts';
import splitOut from '../nodes/data/split-out.ts';
import ifNode from '../nodes/flow/if.ts';
import merge from '../nodes/flow/merge.ts';
import { type Batch, defineNode, type InputStream, type NodeDefinition, type StepIO, stream } from '../sdk/index.ts';
import { engineWorld, threadBeside, type World, workflow } from '../tests/engine-world.ts';
import type { Run } from './run.ts';

const nodes = [
  aggregate,
  compare,
  dedupe,
  filter,
  generate,
  ifNode,
  join,
  limit,
  merge,
  pickFields,
  renameFields,
  setFields,
  sort,
  splitOut,
] as unknown as NodeDefinition[];

/** The same nodes without columns. */
function recordByRecord(definition: NodeDefinition): NodeDefinition {
  const { runner } = definition;
  return { ...definition, runner: { ...runner, run: (io) => runner.run(withoutColumns(io)) } };
}

function withoutColumns<P>(io: StepIO<P>): StepIO<P> {
  const own: Partial<StepIO<P>> = {
    input: (port) => streamOfRecords(io.input(port)),
    columnFiller: () => undefined,
    prepareColumn: () => undefined,
    columnMaker: () => undefined,
    emitColumns: (port, columns, origins, set) => io.emit(port, columns.records, origins, set),
  };
  return new Proxy(io, {
    get: (target, name) => {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function streamOfRecords(input: InputStream): InputStream {
  return {
    port: input.port,
    slot: input.slot,
    get count() {
      return input.count;
    },
    get whole() {
      return input.whole && recordsOf(input.whole);
    },
    batches: (size) => batchesOfRecords(input.batches(size)),
    all: () => input.all(),
  };
}

async function* batchesOfRecords(batches: AsyncIterable<Batch>): AsyncIterable<Batch> {
  for await (const batch of batches) yield recordsOf(batch);
}

const recordsOf = ({ records, start }: Batch): Batch => ({ records, start });

type Nodes = Parameters<typeof workflow>[0];

interface Document {
  readonly nodes: Nodes;
  readonly edges: readonly string[];
}

const fields = {
  n: '={{ $index }}',
  k: '={{ $index % 7 }}',
  v: '={{ $index % 5 === 0 ? null : $index / 4 }}',
  t: '=text {{ $index % 13 }} \u{1f600}',
  b: '={{ $index % 3 === 1 }}',
};
const moreFields = fc.subarray(
  Object.entries({
    long: `=${'x'.repeat(700)}{{ $index }}`,
    big: '={{ "90071992547409" + $index }}',
    constructor: '={{ $index * 0.1 }}',
    'a.b': '={{ -$index }}',
    same: 'same',
    half: '\ud800={{ 1 }}',
  }),
);
/** There are no columns where lists are made, nor of the records from one that fails on. */
const list = { list: '={{ $index % 4 === 0 ? [] : [$index, { b: 1 }] }}' };
const breaks = { breaks: '={{ $index === 3000 ? $index.trim() : 1 }}' };

const template = fc.constantFrom(
  '={{ $json.n * 2 }}',
  '=no. {{ $json.n }}',
  '={{ $json.k + $itemIndex }}',
  '={{ $json.t.toUpperCase() }}',
  '={{ $json.v ?? "none" }}',
  '={{ $json.n % 997 === 5 ? $json.none.x / 0 : $json.n }}',
  '={{ $json.n % 1501 === 7 ? 1 / ($json.n - $json.n) : $json.b }}',
  '={{ $json.b ? $json.t : [$json.n] }}',
  '={{ $json.list }}',
  '={{ $vars.region }}',
  'fixed',
  '={{ undefined }}',
);
const conditions = fc
  .constantFrom<[unknown, string, unknown?]>(
    ['={{ $json.k }}', 'less-than', 4],
    ['={{ $json.n }}', 'greater-or-equal', 1_200],
    ['={{ $json.n % 100 }}', 'not-equals', '={{ $json.k }}'],
    ['={{ $json.n % 100 }}', 'equals', 3],
    ['={{ $json.b }}', 'is-true'],
    ['={{ $json.v }}', 'is-not-empty'],
    ['={{ $json.t }}', 'contains', '1'],
    ['={{ $json.n % 1501 === 7 ? $json.k.trim() : $json.k }}', 'greater-than', 1],
  )
  .map(([left, is, right]) => ({ all: [{ left, is, ...(right !== undefined && { right }) }] }));
const fieldName = fc.constantFrom('n', 'k', 'v', 't', 'b', 'twice', 'list');

/** Steps that work on columns, with the ports that they give records to. */
const onColumns = fc.oneof(
  conditions.map((conditions) => ({ is: ['filter', { conditions }], ports: ['kept', 'kept', 'dropped'] })),
  conditions.map((conditions) => ({ is: ['if', { conditions }], ports: ['true', 'false'] })),
  fc
    .dictionary(fc.constantFrom('twice', 'n', 'last', 't', '10'), template, { minKeys: 1, maxKeys: 2 })
    .map((set) => ({ is: ['set-fields', { fields: set }], ports: ['records', 'records', 'records', 'rejected'] })),
  fc.constant({ is: ['merge', {}], ports: ['records'] }),
);
const grouping = fc.tuple(fc.subarray(['k', 'b', 't'] as const, { maxLength: 2 }), fieldName).map(([groupBy, of]) => ({
  is: [
    'aggregate',
    {
      groupBy,
      measures: [
        { as: 'count', fn: 'count' },
        { as: 'n', of: 'n', fn: 'sum' },
        { as: 'of', of, fn: 'max' },
        { as: 'k', of, fn: 'first' },
      ],
    },
  ],
  ports: ['records', 'rejected'],
}));
const others = fc.oneof(
  grouping,
  fc
    .dictionary(fc.constantFrom('twice', 'n'), template, { minKeys: 1 })
    .map((set) => ({ is: ['set-fields', { fields: set, keep: 'none' }], ports: ['records', 'rejected'] })),
  fieldName.map((field) => ({ is: ['sort', { by: [{ field, order: 'descending' }] }], ports: ['records'] })),
  fieldName.map((by) => ({ is: ['dedupe', { by: [by] }], ports: ['records', 'duplicates'] })),
  fc.constantFrom(2_345, 100_000).map((count) => ({ is: ['limit', { count }], ports: ['records'] })),
  fc.constant({ is: ['rename-fields', { fields: { n: 'number', t: 'n' } }], ports: ['records'] }),
  fc.constant({ is: ['pick-fields', { fields: ['t', 'n', 'k'] }], ports: ['records'] }),
  fc.constant({ is: ['split-out', { field: 'list' }], ports: ['records', 'rejected'] }),
);
const step = fc.oneof({ arbitrary: onColumns, weight: 3 }, others);
const join2 = fc
  .tuple(fc.constantFrom('inner', 'left', 'right', 'full', 'anti'), fc.constantFrom('n', 'k', 'v'))
  .map(([how, on]) => ({ is: ['join', { how, on: [{ left: on, right: on }] }], ports: ['records'] }));

const onError = fc.constantFrom(undefined, undefined, 'continue', 'branch');
const rarely = fc.nat(7).map((n) => n === 0);

/** A row of steps over many records; some steps have a second one beside, on another port of the one before. */
const documents: fc.Arbitrary<Document> = fc
  .record({
    count: fc.constantFrom(30, 4_500, 6_000, 9_000),
    more: moreFields,
    hasLists: rarely,
    isBreaking: rarely,
    steps: fc.array(fc.record({ step, port: fc.nat(5), many: rarely, onError }), { minLength: 1, maxLength: 5 }),
    joined: fc.option(fc.record({ step: join2, count: fc.constantFrom(0, 5, 9, 40), at: fc.nat(2) })),
    inside: fc.option(fc.record({ step, batchSize: fc.constantFrom(1_000, 4_000) }), { freq: 4 }),
  })
  .map(({ count, more, hasLists, isBreaking, steps, joined, inside }) => {
    const all = { ...fields, ...Object.fromEntries(more), ...(hasLists && list), ...(isBreaking && breaks) };
    const made: Nodes = { start: ['manual'], make: ['generate', { count, fields: all }] };
    const edges = ['start -> make'];
    let from = 'make';
    steps.forEach(({ step: { is, ports }, port, many, onError }, at) => {
      const id = `s${at}`;
      made[id] = [...is, onError && { onError }] as never;
      edges.push(`${from} -> ${id}`);
      if (many && from.startsWith('make')) edges.push(`make.rejected -> ${id}`);
      from = `${id}.${ports[port % ports.length]}`;
      if (joined?.at !== at) return;
      made.other = [
        'generate',
        {
          count: joined.count,
          fields: { k: '={{ $index % 9 }}', n: '={{ $index }}', v: 'other', extra: '=e{{ $index }}' },
        },
      ];
      made.join = joined.step.is as [string, object] as never;
      edges.push('start -> other', `${from} -> join.left`, 'other -> join.right');
      from = 'join.records';
    });
    if (inside) {
      made.loop = ['for-each', { batchSize: inside.batchSize, parallel: 1 }];
      made.inner = [...inside.step.is, { parent: 'loop' }] as never;
      edges.push(`${from} -> loop`);
      from = 'loop';
    }
    made.last = ['set-fields', { fields: { made: "={{ $('make').item.n }}", of: "={{ $('make').item.t }}" } }];
    edges.push(`${from} -> last`);
    return { nodes: made, edges };
  });

/** All that a run has left behind: how its steps ended, what they gave and where that came from. */
async function leftBy(world: World, { nodes, edges }: Document): Promise<Record<string, unknown>> {
  const { id, finished } = await world.engine.start({ ...workflow(nodes, edges), records: [{ first: 1 }] });
  const view = await finished;
  const run = await (world.engine as unknown as { find(id: string): Promise<Run> }).find(id);
  const left: Record<string, unknown> = { status: view.status };
  for (const step of view.steps) {
    left[step.node] = [step.status, step.error?.message, step.error?.code];
    for (const { name } of run.plan.nodes.get(step.node)?.outputs ?? []) {
      const dataset = run.output(step.node, name);
      if (!dataset) continue;
      const records = dataset.slice(0, dataset.count);
      left[`${step.node}.${name}`] = records.map((record) => JSON.stringify(record));
      left[`${step.node}.${name} from`] = records.map((_, at) => dataset.originAt(at));
    }
  }
  left.log = (await world.engine.log(id)).map(({ message }) => message);
  left.trace = await world.engine.trace(id, 'last', { side: 'out', index: 0, limit: 3 });
  return left;
}

describe.each([
  ['here', {}],
  ['in a thread', { stepThread: threadBeside }],
])('a run whose records go as columns %s', (_where, options) => {
  let world: World;
  let other: World;
  beforeEach(() => {
    world = engineWorld({ nodes, ...options });
    other = engineWorld({ nodes: nodes.map(recordByRecord) });
  });
  afterEach(async () => {
    await world.close();
    await other.close();
  });

  it('leaves what it leaves record by record', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const [left, expected] = [await leftBy(world, document), await leftBy(other, document)];
        for (const name of Object.keys({ ...left, ...expected })) expect(left[name], name).toEqual(expected[name]);
      }),
      { numRuns: 12 },
    );
  });

  it('is gone on with after a crash', async () => {
    const document: Document = {
      nodes: {
        start: ['manual'],
        make: ['generate', { count: 4_500, fields }],
        some: ['filter', { conditions: { all: [{ left: '={{ $json.n % 3 }}', is: 'equals', right: 0 }] } }],
        other: ['generate', { count: 9, fields: { k: '={{ $index }}', extra: '=e{{ $index }}' } }],
        both: ['join', { on: [{ left: 'k', right: 'k' }], how: 'left' }],
        gate: ['gate'],
        last: ['set-fields', { fields: { made: "={{ $('make').item.n }}", other: "={{ $('other').item.extra }}" } }],
      },
      edges: [
        'start -> make',
        'make -> some',
        'start -> other',
        'some.kept -> both.left',
        'other -> both.right',
        'both -> gate',
        'gate -> last',
      ],
    };
    let reached = Promise.withResolvers<void>();
    let holds: Promise<void> | undefined = new Promise(() => {});
    const gate = defineNode(
      {
        type: 'gate',
        version: 1,
        title: 'Gate',
        summary: '',
        connector: 'test',
        category: 'data',
        params: z.object({}),
      },
      stream(async (io) => {
        reached.resolve();
        await holds;
        for await (const { records, start } of io.input().batches()) await io.emit('records', records, { from: start });
      }),
    ) as unknown as NodeDefinition;
    let before = engineWorld({ nodes: [...nodes, gate], ...options });
    const { id, finished } = await before.engine.start({
      ...workflow(document.nodes, document.edges),
      records: [{}],
      until: 'accepted',
    });
    finished.catch(() => {});
    await reached.promise;
    await expect
      .poll(async () => JSON.stringify((await before.store.loadRun(id))?.journal).includes('"both"'))
      .toBe(true);
    holds = undefined;
    reached = Promise.withResolvers();
    before = before.crashed();
    await before.engine.recover();
    expect((await before.engine.finished(id)).status).toBe('succeeded');
    const page = await before.engine.records(id, 'last', { offset: 0, limit: 5_000 });
    expect(page?.records.map(({ n, made, extra, other }) => [n === made, extra === other])).toEqual(
      Array.from({ length: 1_500 }, () => [true, true]),
    );
    await before.close();
  });
});
