import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import aggregate from '../nodes/data/aggregate.ts';
import filter from '../nodes/data/filter.ts';
import join from '../nodes/data/join.ts';
import sort from '../nodes/data/sort.ts';
import sqlOverSteps from '../nodes/sql/sql-over-steps.ts';
import type { DataRecord, NodeDefinition } from '../sdk/index.ts';
import type { Trace } from '../spec/api/trace.ts';
import { engineWorld, type World, workflow } from '../tests/engine-world.ts';

let world: World;

beforeEach(() => {
  world = engineWorld({ nodes: [aggregate, filter, join, sort, sqlOverSteps] as unknown as NodeDefinition[] });
});

afterEach(() => world.close());

async function run(
  nodes: Parameters<typeof workflow>[0],
  edges: readonly string[],
  records: readonly DataRecord[],
): Promise<string> {
  const { finished } = await world.engine.start({ ...workflow(nodes, edges), records });
  return (await finished).id;
}

async function trace(
  id: string,
  node: string,
  index: number,
  more: { side?: 'in' | 'out'; port?: string; limit?: number } = {},
): Promise<Trace> {
  const found = await world.engine.trace(id, node, { side: 'out', limit: 20, index, ...more });
  if (!found) throw new Error('no trace');
  return found;
}

/** `node.port: positions of count` of each step. */
const told = (steps: Trace['before']) =>
  steps.flatMap(({ step, ports, in: came }) =>
    ports.length === 0
      ? [`${step} took ${came} and gave nothing`]
      : ports.map(({ port, records, count }) => `${step}.${port}: ${records.map(({ index }) => index)} of ${count}`),
  );

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));
const isEven = { all: [{ left: '={{ $json.n % 2 }}', is: 'equals', right: 0 }] };

describe('the trace of a record', () => {
  it('goes through SQL over several steps, and the records are those that formulas find', async () => {
    const id = await run(
      {
        start: ['manual'],
        even: ['filter', { conditions: isEven }],
        ten: ['set', { fields: { n: '={{ $json.n * 10 }}' } }],
        both: [
          'sql-over-steps',
          { sql: 'select e.n, t.n as "ten" from ten t join even e on t.n = e.n * 5 order by 1' },
        ],
        was: ['set', { fields: { even: "={{ $('even').item.n }}", ten: "={{ $('ten').item.n }}" } }],
        count: ['sql-over-steps', { sql: 'select count(*) as c, n > 2 as large from even group by 2 order by 2' }],
      },
      ['start -> even', 'start -> ten', 'even -> both', 'ten -> both', 'both -> was', 'even -> count', 'ten -> count'],
      numbers(5),
    );
    expect((await world.engine.records(id, 'was', { offset: 0, limit: 9 }))?.records).toEqual([
      { n: 0, ten: 0, even: 0 },
      { n: 2, ten: 10, even: 2 },
      { n: 4, ten: 20, even: 4 },
    ]);
    expect(told((await trace(id, 'was', 2)).before)).toEqual([
      'start.records: 2,4 of 2',
      'even.kept: 2 of 1',
      'ten.records: 2 of 1',
      'both.records: 2 of 1',
    ]);
    expect(told((await trace(id, 'even', 1)).after)).toEqual([
      'both.records: 1 of 1',
      'count.records: 0 of 1',
      'was.records: 1 of 1',
    ]);
  });

  it('goes through SQL over steps that no edge leads from', async () => {
    const sql = 'select e.n, ten.n as "ten" from even e join ten on ten.n = e.n * 5 union all select 7, 7 order by 1';
    const id = await run(
      {
        start: ['manual'],
        even: ['filter', { conditions: isEven }],
        ten: ['set', { fields: { n: '={{ $json.n * 10 }}' } }],
        both: ['sql-over-steps', { sql }],
        was: ['set', { fields: { even: "={{ $('even').item?.n }}", ten: "={{ $('ten').item?.n }}" } }],
      },
      ['start -> even', 'even -> ten', 'ten -> both', 'both -> was'],
      numbers(5),
    );
    expect((await world.engine.records(id, 'was', { offset: 0, limit: 9 }))?.records).toEqual([
      { n: 0, ten: 0, even: 0 },
      { n: 4, ten: 20, even: 4 },
      { n: 7, ten: null, even: null },
    ]);
    expect(told((await trace(id, 'was', 1)).before)).toEqual([
      'start.records: 2,4 of 2',
      'even.kept: 1,2 of 2',
      'ten.records: 1 of 1',
      'both.records: 1 of 1',
    ]);
    const { after } = await trace(id, 'even', 2);
    expect(told(after)).toEqual(['ten.records: 2 of 1', 'both.records: 1 of 1', 'was.records: 1 of 1']);
    expect(after[1]?.in).toBe(1);
  });

  it('goes back to the trigger and on to every end, through a filter, a sort and an aggregate', async () => {
    const id = await run(
      {
        start: ['manual'],
        even: ['filter', { conditions: isEven }],
        down: ['sort', { by: [{ field: 'n', order: 'descending' }] }],
        sum: ['aggregate', { groupBy: [], measures: [{ as: 'sum', fn: 'sum', of: 'n' }] }],
        odd: ['set', { fields: { odd: true } }],
      },
      ['start -> even', 'even -> down', 'down -> sum', 'even.dropped -> odd'],
      numbers(10),
    );
    const [kept = '', dropped = ''] = Object.keys(
      (await world.engine.run(id))?.steps.find(({ node }) => node === 'even')?.out ?? {},
    );
    const sorted = await trace(id, 'down', 1);
    expect(sorted.here).toMatchObject({ node: 'down', index: 1, total: 5, record: { n: 6 } });
    expect(told(sorted.before)).toEqual(['start.records: 6 of 1', `even.${kept}: 3 of 1`]);
    expect(told(sorted.after)).toEqual(['sum.records: 0 of 1']);
    expect(sorted.after[0]?.ports[0]?.records[0]?.record).toEqual({ sum: 20 });
    const first = await trace(id, 'start', 3);
    expect(told(first.after)).toEqual([`even.${dropped}: 1 of 1`, 'odd.records: 1 of 1']);
    expect(told((await trace(id, 'sum', 0)).before)).toEqual([
      'start.records: 0,2,4,6,8 of 5',
      `even.${kept}: 0,1,2,3,4 of 5`,
      'down.records: 0,1,2,3,4 of 5',
    ]);
  });

  it('tells both sides of a join, and counts what it does not show', async () => {
    const id = await run(
      {
        start: ['manual'],
        left: ['set', { fields: { key: '={{ $json.n % 3 }}' } }],
        right: ['set', { fields: { key: '={{ $json.n }}', name: '={{ "k" + $json.n }}' } }],
        join: ['join', { on: [{ left: 'key', right: 'key' }], how: 'inner' }],
      },
      ['start -> left', 'start -> right', 'left -> join.left', 'right -> join.right'],
      numbers(30),
    );
    const joined = await trace(id, 'join', 4);
    expect(joined.here.record).toMatchObject({ key: 1 });
    expect(told(joined.before)).toEqual(['start.records: 1,4 of 2', 'left.records: 4 of 1', 'right.records: 1 of 1']);
    const key = await trace(id, 'right', 0, { limit: 3 });
    expect(told(key.after)).toEqual(['join.records: 0,3,6 of 10']);
    expect(key.after[0]?.in).toBe(1);
  });

  it('says where a record ended: rejected, taken by a step that gave nothing, or skipped', async () => {
    const id = await run(
      {
        start: ['manual'],
        check: ['set', { fields: { half: '={{ toNumber($json.n) / 2 }}' } }],
        dead: ['fail', {}, { onError: 'stop' }],
        never: ['set', { fields: {} }],
        mend: ['set', { fields: { mended: true } }],
      },
      ['start -> check', 'check -> dead', 'dead -> never', 'check.rejected -> mend'],
      [{ n: 1 }, { n: 'x' }],
    );
    const good = await trace(id, 'start', 0);
    expect(told(good.after)).toEqual(['check.records: 0 of 1', 'dead took 1 and gave nothing']);
    expect(good.after[1]).toMatchObject({ status: 'failed' });
    const bad = await trace(id, 'start', 1);
    expect(told(bad.after)).toEqual(['check.rejected: 0 of 1', 'mend.records: 0 of 1']);
    expect(told((await trace(id, 'mend', 0)).before)).toEqual(['start.records: 1 of 1', 'check.rejected: 0 of 1']);
  });

  it('starts from what came into a step, at the place that the edges give it', async () => {
    const id = await run(
      {
        start: ['manual'],
        a: ['set', { fields: { from: 'a' } }],
        b: ['set', { fields: { from: 'b' } }],
        both: ['set', { fields: {} }],
      },
      ['start -> a', 'start -> b', 'a -> both', 'b -> both'],
      numbers(3),
    );
    const came = await trace(id, 'both', 4, { side: 'in' });
    expect(came.here).toMatchObject({ side: 'in', port: 'input', record: { n: 1, from: 'b' } });
    expect(told(came.before)).toEqual(['start.records: 1 of 1', 'b.records: 1 of 1']);
    expect(told(came.after)).toEqual(['both.records: 4 of 1']);
    expect(told((await trace(id, 'start', 1)).after)).toEqual([
      'a.records: 1 of 1',
      'b.records: 1 of 1',
      'both.records: 1,4 of 2',
    ]);
  });

  it('goes through the rounds of a container, and into those that are kept', async () => {
    const inside = { parent: 'loop' };
    const id = await run(
      {
        start: ['manual'],
        before: ['set', { fields: { mark: '={{ "m" + $json.n }}' } }],
        loop: ['for-each', { batchSize: 2 }],
        first: ['set', { fields: {} }, inside],
        twice: ['set', { fields: { twice: '={{ $json.n * 2 }}' } }, inside],
        after: ['set', { fields: {} }],
      },
      ['start -> before', 'before -> loop', 'loop -> after', 'first -> twice'],
      numbers(6),
    );
    expect(told((await trace(id, 'after', 5)).before)).toEqual([
      'start.records: 5 of 1',
      'before.records: 5 of 1',
      'loop.results: 5 of 1',
    ]);
    expect(told((await trace(id, 'start', 5)).after)).toEqual([
      'before.records: 5 of 1',
      'loop.results: 5 of 1',
      'after.records: 5 of 1',
    ]);
    expect(told((await trace(id, 'before', 1)).after)).toEqual([
      'loop/0/first.records: 1 of 1',
      'loop/0/twice.records: 1 of 1',
      'loop.results: 1 of 1',
      'after.records: 1 of 1',
    ]);
    const inner = await trace(id, 'twice', 1);
    expect(inner.here.step).toBe('loop/0/twice');
    expect(told(inner.before)).toEqual([
      'start.records: 1 of 1',
      'before.records: 1 of 1',
      'loop/0/first.records: 1 of 1',
    ]);
    expect(told(inner.after)).toEqual(['loop.results: 1 of 1', 'after.records: 1 of 1']);
    const given = await trace(id, 'loop/0/first', 1, { side: 'in' });
    expect(given.here.record).toEqual({ n: 1, mark: 'm1' });
    expect(told(given.after)).toEqual([
      'loop/0/first.records: 1 of 1',
      'loop/0/twice.records: 1 of 1',
      'loop.results: 1 of 1',
      'after.records: 1 of 1',
    ]);
  });

  it('agrees in both directions on spilled datasets', async () => {
    const text = 'x'.repeat(400);
    const id = await run(
      {
        start: ['manual'],
        even: ['filter', { conditions: isEven }],
        down: ['sort', { by: [{ field: 'n', order: 'descending' }] }],
        wide: ['set', { fields: { text } }],
      },
      ['start -> even', 'even -> down', 'down -> wide'],
      numbers(12_000).map((record) => ({ ...record, text })),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(5_999), async (index) => {
        const back = await trace(id, 'wide', index);
        const [source] = back.before[0]?.ports[0]?.records ?? [];
        expect(source?.record.n).toBe(back.here.record.n);
        const forth = await trace(id, 'start', source?.index ?? -1);
        expect(told(forth.after).at(-1)).toBe(`wide.records: ${index} of 1`);
      }),
      { numRuns: 5 },
    );
  });

  it('says nothing of what is not there', async () => {
    const id = await run({ start: ['manual'], a: ['set', { fields: {} }] }, ['start -> a'], numbers(2));
    const ask = { side: 'out', limit: 5 } as const;
    expect(await world.engine.trace(id, 'a', { ...ask, index: 2 })).toBeUndefined();
    expect(await world.engine.trace(id, 'a', { ...ask, index: 0, port: 'other' })).toBeUndefined();
    expect(await world.engine.trace(id, 'none', { ...ask, index: 0 })).toBeUndefined();
    expect(await world.engine.trace('none', 'a', { ...ask, index: 0 })).toBeUndefined();
  });

  it('tells one record of a port where they are very large', async () => {
    const big = 'x'.repeat(3_000_000);
    const id = await run(
      {
        start: ['manual'],
        a: ['set', { fields: {} }],
        sum: ['aggregate', { groupBy: [], measures: [{ as: 'n', fn: 'count' }] }],
      },
      ['start -> a', 'a -> sum'],
      [{ big }, { big }, { big }],
    );
    const { before } = await trace(id, 'sum', 0);
    expect(told(before)).toEqual(['start.records: 0,1 of 3', 'a.records: 0 of 3']);
  });
});
