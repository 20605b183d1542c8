import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { batches, eachCall, type ItemResult } from './call-runners.ts';
import { NodeError } from './errors.ts';
import { defineNode, type Runner } from './node.ts';
import { toPorts } from './runners.ts';
import { runNode } from './testing/index.ts';

const refused = () => new NodeError({ class: 'bad-data', code: 'refused', message: 'No.', remedy: 'Mend it.' });

function node(runner: Runner<{ more?: unknown }>, effect: 'idempotent' | 'once' = 'idempotent') {
  return defineNode(
    {
      type: 'test.call',
      version: 1,
      title: 'Call',
      summary: 'Call',
      connector: 'test',
      category: 'connector',
      params: z.object({ more: z.unknown().optional() }),
      outputs: ['records', 'other', 'rejected'],
      effect,
    },
    runner,
  );
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));
/** The same step again after a crash that came after its first calls. */
const keptOf = (calls: readonly { key: string; result?: unknown }[], first: number) =>
  Object.fromEntries(calls.slice(0, first).map(({ key, result }) => [key, result]));

describe('batches', () => {
  const odd = batches<{ more?: unknown }, unknown>(4, async (items) =>
    items.map(({ record, position }): ItemResult => {
      if (position === 1) return { error: refused() };
      if (position === 2) return { record: { ...record, id: 'x2' } };
      if (position === 6) return { record: { id: 'first', ...record } };
      if (position === 7) return { record, port: 'other' };
      return position % 2 === 0 ? 'done' : { record };
    }),
  );

  it('keep of a call only what differs from what went in', async () => {
    const { calls } = await runNode(node(odd), { inputs: numbers(12) });
    expect(calls.map(({ result }) => result)).toEqual([
      [
        { at: 1, fault: expect.objectContaining({ code: 'refused' }) },
        { at: 2, plus: { id: 'x2' } },
      ],
      [
        { at: 6, port: 'records', record: { id: 'first', n: 6 } },
        { at: 7, port: 'other', record: { n: 7 } },
      ],
      undefined,
    ]);
  });

  it('give the same again from what was kept, without a call', async () => {
    const first = await runNode(node(odd), { inputs: numbers(12) });
    const again = await runNode(node(odd), { inputs: numbers(12), keptCalls: keptOf(first.calls, 3) });
    expect(again.calls.map(({ outcome }) => outcome)).toEqual(['kept', 'kept', 'kept']);
    expect(JSON.stringify(again.ports)).toBe(JSON.stringify(first.ports));
    expect(again.origins).toEqual(first.origins);
    expect(first.ports.records?.[1]).toEqual({ n: 2, id: 'x2' });
    expect(first.ports.rejected).toMatchObject([{ n: 1 }]);
  });

  it('of many records give each its own', async () => {
    const runner = batches<{ more?: unknown }, unknown>(5_000, async (items) =>
      items.map(({ record, position }): ItemResult => {
        if (position % 999 === 0) return { error: refused() };
        return position % 1_000 === 500 ? { record: { ...record, id: position } } : 'done';
      }),
    );
    const inputs = numbers(4_321);
    const first = await runNode(node(runner), { inputs });
    const good = inputs.filter(({ n }) => n % 999 !== 0);
    expect(first.ports.records).toEqual(good.map(({ n }) => (n % 1_000 === 500 ? { n, id: n } : { n })));
    expect(first.origins.records).toEqual(good.map(({ n }) => n));
    expect(first.ports.rejected?.map(({ n }) => n)).toEqual([0, 999, 1998, 2997, 3996]);
    const again = await runNode(node(runner), { inputs, keptCalls: keptOf(first.calls, 1) });
    expect(again.ports).toEqual(first.ports);
  });

  it('pass on what the runner says in place of a record that is done, now and from what was kept', async () => {
    const runner = batches<{ more?: unknown }, unknown>(
      { size: 2, expected: (_record, { more }) => ({ more }) },
      async (items) => items.map((): ItemResult => 'done'),
    );
    const options = { params: { more: '={{ $json.n * 10 }}' }, inputs: numbers(3) };
    const first = await runNode(node(runner), options);
    expect(first.ports.records).toEqual([{ more: 0 }, { more: 10 }, { more: 20 }]);
    expect(first.calls.map(({ result }) => result)).toEqual([undefined, undefined]);
    const again = await runNode(node(runner), { ...options, keptCalls: keptOf(first.calls, 1) });
    expect(again.ports).toEqual(first.ports);
  });

  it('end where the records weigh enough, at the same place however the records come', async () => {
    const inputs = [{ t: 'a'.repeat(90) }, { t: 'b' }, { t: 'c'.repeat(200) }, { t: 'd' }, { t: 'e' }, { t: 'f' }];
    const runner = batches<{ more?: unknown }, unknown>({ size: 3, bytes: 100 }, async (items) =>
      items.map((): ItemResult => 'done'),
    );
    for (const batchSize of [1, 2, 100]) {
      const { calls, ports } = await runNode(node(runner), { inputs, batchSize });
      expect(calls.map(({ start, count }) => [start, count])).toEqual([
        [0, 3],
        [3, 3],
      ]);
      expect(ports.records).toEqual(inputs);
    }
    const heavy = await runNode(node(runner), { inputs: [{ t: 'x'.repeat(300) }, ...inputs], batchSize: 2 });
    expect(heavy.calls.map(({ count }) => count)).toEqual([1, 3, 3]);
  });

  function watched(effect: 'idempotent' | 'once', fails?: number) {
    const log: string[] = [];
    const gates = numbers(4).map(() => Promise.withResolvers<void>());
    const runner = batches<{ more?: unknown }, unknown>({ size: 1, parallel: 2 }, async (items, _ctx, { turn }) => {
      const at = items[0]?.position ?? 0;
      log.push(`start ${at}`);
      await gates[at]?.promise;
      if (at === fails) throw new Error(`call ${at} broke`);
      await turn;
      log.push(`turn ${at}`);
      return ['done'];
    });
    return { log, gates, run: () => runNode(node(runner, effect), { inputs: numbers(4), mayFail: true }) };
  }

  it('are made ready side by side where they may be repeated, and keep to their turn', async () => {
    const { log, gates, run } = watched('idempotent');
    for (const gate of gates.slice(1)) gate.resolve();
    const running = run();
    await expect.poll(() => log).toEqual(['start 0', 'start 1']);
    gates[0]?.resolve();
    const { ports } = await running;
    expect(log.filter((line) => line.startsWith('turn'))).toEqual(['turn 0', 'turn 1', 'turn 2', 'turn 3']);
    expect(ports.records).toEqual(numbers(4));
  });

  it('are made one after the other where each happens once', async () => {
    const { log, gates, run } = watched('once');
    for (const gate of gates) gate.resolve();
    await run();
    expect(log).toEqual([0, 1, 2, 3].flatMap((at) => [`start ${at}`, `turn ${at}`]));
  });

  it('after one that failed do not have their turn', async () => {
    const { log, gates, run } = watched('idempotent', 1);
    for (const gate of gates) gate.resolve();
    const { error, ports } = await run();
    expect(error?.message).toContain('call 1 broke');
    expect(log.filter((line) => line.startsWith('turn'))).toEqual(['turn 0']);
    expect(ports.records).toEqual([{ n: 0 }]);
  });

  it('leave out a record whose parameters are at fault, without a call for none', async () => {
    const runner = batches<{ more?: unknown }, unknown>(1, async (items) => items.map((): ItemResult => 'done'));
    const { ports, calls } = await runNode(node(runner), {
      params: { more: '={{ $json.n.toUpperCase() }}' },
      inputs: [{ n: 'a' }, { n: 5 }, { n: 'b' }],
    });
    expect(ports.records).toHaveLength(2);
    expect(ports.rejected).toHaveLength(1);
    expect(calls.map(({ start }) => start)).toEqual([0, 2]);
  });
});

describe('eachCall', () => {
  const runner = eachCall<{ more?: unknown }, unknown>({ parallel: 3 }, async (record) => {
    switch (record.n) {
      case 0:
        return record;
      case 1:
        return { ...record, done: true };
      case 2:
        return [{ part: 1 }, { part: 2 }];
      case 3:
        return undefined;
      case 4:
        return toPorts({ other: record });
      default:
        throw refused();
    }
  });

  it('keeps of a call only what differs, and gives the same again from it', async () => {
    const first = await runNode(node(runner), { inputs: numbers(6) });
    expect(first.calls.map(({ result }) => result)).toEqual([
      undefined,
      [{ at: 1, plus: { done: true } }],
      [
        { at: 2, port: 'records', record: { part: 1 } },
        { at: 2, port: 'records', record: { part: 2 } },
      ],
      [{ at: 3, none: true }],
      [{ at: 4, port: 'other', record: { n: 4 } }],
      [{ at: 5, fault: expect.objectContaining({ code: 'refused' }) }],
    ]);
    expect(first.ports.records).toEqual([{ n: 0 }, { n: 1, done: true }, { part: 1 }, { part: 2 }]);
    const again = await runNode(node(runner), { inputs: numbers(6), keptCalls: keptOf(first.calls, 6) });
    expect(again.ports).toEqual(first.ports);
    expect(again.origins).toEqual(first.origins);
    expect(again.calls.every(({ outcome }) => outcome === 'kept')).toBe(true);
  });
});
